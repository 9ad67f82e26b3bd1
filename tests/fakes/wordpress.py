"""A WordPress in memory: posts, pages, terms and media of REST v2, with its rules for dates, drafts, terms and uploads."""

from __future__ import annotations

import base64
import html
import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes import guard
from tests.fakes.kses import field_text, filtered, term_text
from tests.fakes.server import Reply, Request
from tests.fakes.stores import StoreServer
from tests.fakes.wordpress_languages import Languages, lists_languages

USER, PASSWORD = "editor", "abcd efgh ijkl mnop"
KINDS = {"posts": "post", "pages": "page"}
MARK = "_xcscribe_ai"
RANK_MATH = ("rank_math_title", "rank_math_description", "rank_math_focus_keyword")


# While it is updated, to whoever asks for JSON.
MAINTENANCE = {
    "code": "wp_die",
    "message": "Briefly unavailable for scheduled maintenance. Check back in a minute.",
    "data": {"status": 503},
    "additional_errors": [],
}
FIREWALL = Reply(403, b"<html>Forbidden</html>", {"content-type": "text/html"})


def error(status: int, code: str, message: str, **data: Any) -> Reply:
    return Reply(status, {"code": code, "message": message, "data": {"status": status, **data}})


def encoded(term: dict[str, Any]) -> dict[str, Any]:
    """A term as WordPress stores and answers it: its name is HTML."""
    return {**term, "name": html.escape(html.unescape(term["name"]), quote=False)}


class FakeWordPress(Languages, StoreServer):
    """`meta_keys` are those that a helper plugin registered for REST; `rank_math` opens its own route, and our guard its rows."""

    def __init__(
        self, *, plain: bool = False, meta_keys: tuple[str, ...] = (), rank_math: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.name = "Notes"
        self.plain = plain
        self.meta_keys = meta_keys
        self.rank_math = rank_math
        self.batches = True
        self.hidden_users: Reply | None = None  # what the routes of users answer where a security plugin hides them
        self.hides_me = False  # and whether it hides the signed-in user's own, too
        self.passwords_off = False  # application passwords are switched off, so nobody is signed in by one
        self.closed = ""  # what a security plugin says that closes the API
        self.hides_index = 0  # the status by which a security plugin hides the index
        self.drops_totals = False  # a notice was printed before the headers
        self.rows: dict[int, dict[str, Any]] = {}
        self.terms: dict[str, dict[int, dict[str, Any]]] = {"categories": {}, "tags": {}}
        self.media: dict[int, dict[str, Any]] = {}
        self.seo: dict[int, dict[str, str]] = {}
        self.abilities = dict.fromkeys(
            ("edit_posts", "publish_posts", "upload_files", "edit_pages", "publish_pages", "unfiltered_html"), True
        )
        self.built: dict[int, str] = {}  # what visitors see of rows that are built with Elementor
        self.elementor_off = False  # it is deactivated, so they see the content; its meta rows are still there
        self.guarded = False  # our plugin is active: a write may carry the state that it is meant for
        self.ids = itertools.count(1)
        self.term("categories", "Uncategorized")
        for code in self.codes[1:] if self.plugin.startswith("polylang") else ():  # one for each language
            self.term("categories", f"Uncategorized {code}")

    # --- filling it

    def add(self, kind: str = "post", **fields: Any) -> dict[str, Any]:
        pk = next(self.ids)
        texts = {
            n: {"raw": fields.pop(n, d)}
            for n, d in (("title", f"Post {pk}"), ("content", f"<p>About {pk}</p>"), ("excerpt", ""))
        }
        row = {
            "id": pk,
            "type": kind,
            "slug": f"post-{pk}",
            "status": "publish",
            "link": f"{self.url}/post-{pk}/",
            "date_gmt": "2026-11-01T10:00:00",
            "modified_gmt": self.stamp(),
            "author": 1,
            "featured_media": 0,
            "template": "",
            "meta": dict.fromkeys(self.meta_keys, ""),
            "parent": 0,
            **texts,
            **fields,
        }
        if kind == "post":
            row |= {
                "categories": row.get("categories", [1]),
                "tags": [self.term("tags", t)["id"] for t in fields.get("tags", [])],
            }
        self.rows[pk] = row
        return self.speak(row, fields.get("lang", ""))

    def translate(self, row: dict[str, Any], code: str, **fields: Any) -> dict[str, Any]:
        """A translation as the merchant makes it with the plugin: a row of its own."""
        return self.link(row, code, self.add(row["type"], **fields))

    def edit(self, row: dict[str, Any], **fields: Any) -> None:
        """As the merchant does in the editor: `title`, `content` and `excerpt` as plain strings."""
        row.update({k: {"raw": v} for k, v in fields.items()}, modified_gmt=self.stamp())

    def term(self, taxonomy: str, name: str, **fields: Any) -> dict[str, Any]:
        name = term_text(name)
        held = next((t for t in self.terms[taxonomy].values() if t["name"].casefold() == name.casefold()), None)
        if held is None:
            pk = next(self.ids)
            held = {
                "id": pk,
                "name": name,
                "slug": re.sub(r"\W+", "-", name.lower()),
                "count": 0,
                "parent": 0,
                **fields,
            }
            self.terms[taxonomy][pk] = held
        return held

    # --- answering

    def respond(self, request: Request) -> Reply:
        query = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
        if self.plain:
            route = query.pop("rest_route", None)
            if request.path != "/" or route is None:
                return Reply(404, b"<html>Not found</html>", {"content-type": "text/html"})
        elif not request.path.startswith("/wp-json"):
            return Reply(200, b"<html>The site</html>", {"content-type": "text/html"})
        else:
            route = request.path.removeprefix("/wp-json")
        if route in ("", "/"):
            if self.hides_index:
                return error(self.hides_index, "rest_forbidden", "The REST API is for members.")
            spaces = ["oembed/1.0", "wp/v2", *(["rankmath/v1"] if self.rank_math else [])]
            spaces += [*([guard.SPACE] if self.guarded else []), *self.spaces]
            by_password = {"endpoints": {"authorization": f"{self.url}/wp-admin/authorize-application.php"}}
            ways = [] if self.passwords_off else {"application-passwords": by_password}  # PHP's empty map is a list
            shown = {"name": html.escape(self.name, quote=False), "url": self.url, "home": self.url}
            return Reply(200, {**shown, "namespaces": spaces, "authentication": ways})
        if self.plugin.startswith("polylang") and lists_languages(route):
            return Reply(200, self.languages_listed())
        if refused := self.refused(request):
            return refused
        if route == "/batch/v1" and self.batches:
            return self.batch(request.json["requests"])
        return self.call(request.method, route, query, request)

    def refused(self, request: Request) -> Reply | None:
        if self.closed:
            return error(401, "rest_cannot_access", self.closed)
        given = request.headers.get("authorization", "")
        if not given or self.passwords_off:
            return error(401, "rest_not_logged_in", "You are not currently logged in.")
        user, _, password = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        if user != USER:
            return error(401, "invalid_username", "Unknown username.")
        if password.replace(" ", "") != PASSWORD.replace(" ", ""):
            return error(401, "incorrect_password", "The provided password is an invalid application password.")
        return None

    def batch(self, requests: list[dict[str, Any]]) -> Reply:
        if len(requests) > 25:
            return error(400, "rest_invalid_param", "Invalid parameter(s): requests")
        answers = []
        for entry in requests:
            reply = self.call(entry["method"], entry["path"], {}, None, entry.get("body") or {})
            if self.dies_after(entry["path"].rpartition("/")[2]):
                reply = error(500, "internal_server_error", "There has been a critical error on this website.")
            answers.append({"status": reply.status, "headers": {}, "body": reply.body})
        return Reply(207, {"responses": answers})

    def call(self, method: str, route: str, query: dict[str, str], request: Request | None, body: Any = None) -> Reply:
        if request is not None and method != "GET" and "json" in request.headers.get("content-type", ""):
            body = request.json
        if self.hidden_users and (route == "/wp/v2/users" or (self.hides_me and route == "/wp/v2/users/me")):
            return self.hidden_users
        if route == "/wp/v2/users/me":
            return Reply(200, {"id": 1, "name": "Ed Itor", "capabilities": self.abilities})
        if route == "/wp/v2/users":
            return self.listed([{"id": 1, "name": "Ed Itor"}], query)
        if route == "/rankmath/v1/updateMeta" and self.rank_math:
            self.keep_seo(int(body["objectID"]), body["meta"])
            return Reply(200, {"slug": True})
        if route == "/wp/v2/media" and method == "POST" and request is not None:
            return self.upload(request)
        if found := re.fullmatch(r"/wp/v2/media/(\d+)", route):
            row = self.media[int(found[1])]
            alt = {"alt_text": field_text(body["alt_text"])} if "alt_text" in (body or {}) else {}
            row.update({**(body or {}), **alt})
            return Reply(200, row)
        if route == "/wp/v2/media":
            return self.listed(
                [m for m in self.media.values() if str(m["id"]) in query.get("include", "").split(",")], query
            )
        if found := re.fullmatch(r"/wp/v2/(categories|tags)", route):
            return self.taxonomy(found[1], method, query, body)
        if (found := re.fullmatch(r"/wp/v2/(categories|tags)/(\d+)", route)) and method == "DELETE":
            return self.delete_term(found[1], int(found[2]), body or {})
        if found := re.fullmatch(r"/wp/v2/(posts|pages)(?:/(\d+))?", route):
            return self.texts(KINDS[found[1]], int(found[2] or 0), method, query, body)
        return error(404, "rest_no_route", "No route was found matching the URL and request method.")

    def listed(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        pages = -(-len(rows) // size)
        if page > max(1, pages):
            return error(
                400,
                "rest_post_invalid_page_number",
                "The page number requested is larger than the number of pages available.",
            )
        some = rows[(page - 1) * size : page * size]
        if "_fields" in query:
            some = [{k: r[k] for k in query["_fields"].split(",") if k in r} for r in some]
        totals = {} if self.drops_totals else {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
        return Reply(200, some, totals)

    def taxonomy(self, name: str, method: str, query: dict[str, str], body: Any) -> Reply:
        if method == "GET":
            rows = sorted(self.terms[name].values(), key=lambda t: t["id"])
            if "include" in query:
                rows = [r for r in rows if str(r["id"]) in query["include"].split(",")]
            published = [r for r in self.rows.values() if r["status"] == "publish"]
            counts = {r["id"]: sum(r["id"] in p.get(name, []) for p in published) for r in rows}
            shown = [{**encoded(r), "count": counts[r["id"]], "link": f"{self.url}/{name}/{r['slug']}/"} for r in rows]
            return self.listed([self.at_home(r, r["slug"].partition("uncategorized-")[2]) for r in shown], query)
        wanted = term_text(body["name"]).casefold()
        held = next((t for t in self.terms[name].values() if t["name"].casefold() == wanted), None)
        if held:
            return error(400, "term_exists", "A term with the name provided already exists.", term_id=held["id"])
        return Reply(201, encoded(self.term(name, body["name"])))

    def delete_term(self, name: str, pk: int, body: dict[str, Any]) -> Reply:
        """Terms have no trash, so deleting wants `force`; posts lose the term."""
        if not body.get("force"):
            return error(501, "rest_trash_not_supported", "Terms do not support trashing. Set force=true to delete.")
        if self.terms[name].pop(pk, None) is None:
            return error(404, "rest_term_invalid", "Term does not exist.")
        for row in self.rows.values():
            row[name] = [held for held in row.get(name, []) if held != pk]
        return Reply(200, {"deleted": True})

    def texts(self, kind: str, pk: int, method: str, query: dict[str, str], body: Any) -> Reply:
        if not pk and method == "GET":
            return self.listed([self.stated(row, query) for row in self.found(kind, query)], query)
        row = self.rows.get(pk) if pk else None
        if pk and (row is None or row["type"] != kind):
            return error(404, "rest_post_invalid_id", "Invalid post ID.")
        if method == "GET":
            return Reply(200, self.stated(row, query) if row else row)
        if method == "DELETE":
            self.wrote(str(pk))
            self.rows.pop(pk)
            return Reply(200, {"deleted": True})
        if (body or {}).get("title") == "refused":
            return error(400, "rest_invalid_param", "Invalid parameter(s): title")
        given = (body or {}).get(guard.PARAM) if self.guarded else None
        if (
            row
            and given is not None
            and given["state"] != guard.shown(given["keys"], self.state(row, given["keys"]))["state"]
        ):
            return Reply(409, guard.REFUSAL)
        row = row or self.made(self.add(kind, status="draft", slug=""), body or {})
        self.wrote(str(row["id"]))
        return Reply(200 if pk else 201, self.write(row, body or {}))

    def elementor(self, row: dict[str, Any], shown: str) -> None:
        """The merchant builds the page with Elementor: visitors see `shown`, kept in meta rows that the API does not show."""
        self.built[row["id"]] = shown

    def rendered(self, row: dict[str, Any]) -> str:
        if (shown := self.built.get(row["id"])) is None or self.elementor_off:
            return str(row["content"]["raw"])
        return f'<div data-elementor-type="wp-{row["type"]}" class="elementor elementor-{row["id"]}">{shown}</div>'

    def stated(self, row: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        shown = {**self.opened(row), "content": {**row["content"], "rendered": self.rendered(row)}}
        keys = guard.asked(query) if self.guarded else None
        builder = "Elementor" if row["id"] in self.built and not self.elementor_off else ""
        return shown if keys is None else {**shown, guard.PARAM: guard.shown(keys, self.state(row, keys), builder)}

    def opened(self, row: dict[str, Any]) -> dict[str, Any]:
        """With the meta rows that our plugin registers: its own mark, and those of Rank Math."""
        if not self.guarded:
            return row
        row = {**row, "meta": {MARK: "", **row["meta"]}}
        if not self.rank_math:
            return row
        return {**row, "meta": {**row["meta"], **dict.fromkeys(RANK_MATH, ""), **self.seo.get(row["id"], {})}}

    def keep_seo(self, pk: int, texts: dict[str, Any]) -> None:
        """An empty text deletes the row."""
        held = {**self.seo.get(pk, {}), **texts}
        self.seo[pk] = {key: text for key, text in held.items() if text}

    def state(self, row: dict[str, Any], keys: list[str]) -> list[Any]:
        texts = [row[name] for name in ("title", "content", "excerpt", "slug", "status")]
        return [texts, sorted(row.get("tags", [])), {k: v for k, v in self.opened(row)["meta"].items() if k in keys}]

    def found(self, kind: str, query: dict[str, str]) -> list[dict[str, Any]]:
        statuses = query.get("status", "publish").split(",")
        rows = [
            r
            for r in sorted(self.rows.values(), key=lambda r: r["id"])
            if r["type"] == kind and r["status"] in statuses
        ]
        if "include" in query:
            rows = [r for r in rows if str(r["id"]) in query["include"].split(",")]
        if "slug" in query:
            rows = [r for r in rows if r["slug"] == query["slug"]]
        for name in ("categories", "tags"):
            if name in query:
                rows = [r for r in rows if set(query[name].split(",")) & {str(i) for i in r.get(name, [])}]
        if "author" in query:
            rows = [r for r in rows if str(r["author"]) in query["author"].split(",")]
        return rows

    def remove_media(self, pk: int) -> None:
        """As the merchant deletes a picture from the library: posts that had it as featured image have none."""
        del self.media[pk]
        for row in self.rows.values():
            if row["featured_media"] == pk:
                row["featured_media"] = 0

    def write(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        for name in ("title", "content", "excerpt"):
            if name in body:
                row[name] = {"raw": self.kept(body[name])}
        row["modified_gmt"] = self.stamp()
        row.update({k: body[k] for k in ("status", "date_gmt", "parent") if k in body})
        # Core ignores ids that it does not know, of pictures as of terms, and says nothing.
        if (media := body.get("featured_media")) is not None and (media == 0 or media in self.media):
            row["featured_media"] = media
        for name in ("categories", "tags"):
            if name in body:
                row[name] = [pk for pk in body[name] if pk in self.terms[name]]
        registered = {*self.meta_keys, *([MARK] if self.guarded else [])}
        given = {k: v for k, v in (body.get("meta") or {}).items() if k in registered}
        given |= {k: field_text(v) for k, v in given.items() if v and k.startswith("_yoast_wpseo_")}
        row["meta"].update({k: "" if v is None else v for k, v in given.items()})  # null deletes the row
        if self.guarded and self.rank_math:
            self.keep_seo(row["id"], {k: v for k, v in (body.get("meta") or {}).items() if k in RANK_MATH})
        row["slug"] = (
            body.get("slug")
            or row["slug"]
            or (re.sub(r"\W+", "-", row["title"]["raw"].lower()) if row["status"] == "publish" else "")
        )
        when = datetime.fromisoformat(row["date_gmt"]).replace(tzinfo=UTC)
        ahead = when - datetime.now(UTC) >= timedelta(seconds=60)
        if row["status"] == "publish" and ahead:  # as wp_insert_post has it
            row["status"] = "future"
        elif row["status"] == "future" and not ahead:
            row["status"] = "publish"
        row["link"] = f"{row['link'].rsplit('/', 2)[0]}/{row['slug']}/"
        return self.opened(row)

    def kept(self, text: str) -> str:
        """As it was sent, for a user with `unfiltered_html`; for others what the filter lets through."""
        return text if self.abilities.get("unfiltered_html") else filtered(text.replace("\\", "\\\\"))

    def upload(self, request: Request) -> Reply:
        found = re.search(r'filename="([^"]+)"', request.headers.get("content-disposition", ""))
        if not found:
            return error(400, "rest_upload_no_content_disposition", "No Content-Disposition supplied.")
        if not request.headers.get("content-type", "").startswith("image/"):
            return error(500, "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.")
        pk = next(self.ids)
        self.media[pk] = {
            "id": pk,
            "source_url": f"{self.url}/wp-content/uploads/{found[1]}",
            "alt_text": "",
            "bytes": len(request.body),
        }
        return Reply(201, self.media[pk])
