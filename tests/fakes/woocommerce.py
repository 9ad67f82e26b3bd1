"""A WooCommerce that keeps its products in memory: REST v3 as its controllers answer, batch, terms and errors included."""

from __future__ import annotations

import asyncio
import base64
import html
import itertools
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes import guard
from tests.fakes.kses import field_text, filtered, term_text
from tests.fakes.server import Reply, Request
from tests.fakes.stores import StoreServer
from tests.fakes.wordpress_languages import Languages, lists_languages

KEY, SECRET = "ck_0123456789", "cs_9876543210"
API = "/wp-json/wc/v3"


def error(status: int, code: str, message: str, **data: Any) -> Reply:
    return Reply(status, {"code": code, "message": message, "data": {"status": status, **data}})


def encoded(text: str) -> str:
    """A term's name as WordPress stores and answers it: HTML."""
    return html.escape(html.unescape(text), quote=False)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the API answers it: the names of its terms are HTML, and so are the options of the shop's own attributes."""
    row = dict(row)
    for key in ("categories", "tags"):
        if isinstance(row.get(key), list):
            row[key] = [{**term, "name": encoded(term["name"])} for term in row[key]]
    if isinstance(row.get("attributes"), list):
        row["attributes"] = [_shown_attribute(a) if a.get("id") else a for a in row["attributes"]]
    return row


def _shown_attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    if "option" in attribute:
        return {**attribute, "option": encoded(attribute["option"])}
    return {**attribute, "options": [encoded(option) for option in attribute.get("options", [])]}


class FakeWooCommerce(Languages, StoreServer):
    def __init__(self, *, seo: str = "yoast", name: str = "Corner Shop", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.name = name
        self.seo = seo
        self.products: dict[int, dict[str, Any]] = {}
        self.variations: dict[int, dict[int, dict[str, Any]]] = {}
        self.categories: dict[int, dict[str, Any]] = {}
        self.tags: dict[int, dict[str, Any]] = {}
        self.own: dict[int, dict[str, Any]] = {}  # the shop's own attributes: {id, name, slug, terms: [name]}
        self.ids = itertools.count(101)
        self.drops_header = False
        self.read_only = False
        self.write_only = False
        self.over_https = True  # False: WooCommerce sees plain http, and takes no key at all
        self.active = True  # False: a WordPress without WooCommerce
        self.plain_permalinks = False
        self.closed_path: Reply | None = None  # what a security plugin or the server answers below /wp-json/
        self.elementor_off = False  # it is deactivated; its meta rows are still there
        self.app_passwords = False  # somebody on the site has one: WordPress then judges Basic auth outside wc/
        self.hides_index: int = 0  # the status by which a security plugin hides the index
        self.guarded = False  # our plugin is active: a write may carry the state that it is meant for
        self.busy: Counter[int] = Counter()  # how often the plugin is too busy for a write to this row
        self.batch_limit = 100
        self.variations_route = (
            "/wp-json/wc-analytics/variations"  # of all products, as in 9.9; /wp-json/wc/v3 from 10.3
        )
        self.save_seconds = 0.0  # what PHP takes to save one product of a batch
        self.request_seconds = 0.0  # what a batch takes beside that

    # --- filling it

    def add(self, **fields: Any) -> dict[str, Any]:
        """A product with the fields that a real store answers; `tags` and `categories` by name."""
        pk = fields.pop("id", None) or next(self.ids)
        tags = [self.term(self.tags, name) for name in fields.pop("tags", [])]
        categories = [self.term(self.categories, name) for name in fields.pop("categories", [])]
        meta = [{"id": next(self.ids), "key": k, "value": v} for k, v in fields.pop("meta", {}).items()]
        slug = f"product-{pk}"
        row = {
            "id": pk,
            "name": f"Product {pk}",
            "slug": slug,
            "permalink": f"{self.url}/product/{slug}/",
            "type": "simple",
            "status": "publish",
            "catalog_visibility": "visible",
            "description": f"<p>About product {pk}.</p>\n",
            "short_description": f"<p>Short {pk}</p>\n",
            "sku": f"SKU-{pk}",
            "price": "19.90",
            "regular_price": "19.90",
            "sale_price": "",
            "date_modified_gmt": self.stamp(),
            "total_sales": 3,
            "stock_status": "instock",
            "weight": "",
            "dimensions": {"length": "", "width": "", "height": ""},
            "parent_id": 0,
            "categories": [{"id": t["id"], "name": t["name"], "slug": t["slug"]} for t in categories],
            "tags": [{"id": t["id"], "name": t["name"], "slug": t["slug"]} for t in tags],
            "images": [{"id": 7, "src": f"https://cdn.example.com/{pk}.jpg", "name": "front", "alt": ""}],
            "attributes": [],
            "default_attributes": [],
            "variations": [],
            "meta_data": meta,
            **fields,
        }
        self.products[pk] = row
        return self.speak(row, fields.get("lang", ""))

    def translate(self, row: dict[str, Any], code: str, **fields: Any) -> dict[str, Any]:
        """A translation as the merchant makes it with the plugin: a product of its own. Polylang knows its SKU only with the
        language, WPML gives it the original's."""
        return self.link(row, code, self.add(**{"sku": row["sku"], "price": row["price"], **fields}))

    def edit(self, row: dict[str, Any], **fields: Any) -> None:
        """As the merchant does in the shop's own pages, where nothing is filtered."""
        row.update(fields, date_modified_gmt=self.stamp())

    def kill_in_save(self, row: dict[str, Any], body: dict[str, Any]) -> None:
        """PHP dies in the middle of a save: the post is written, its meta and terms are not. With the guard it is one
        transaction, which dies whole."""
        if self.guarded and guard.PARAM in body:
            return
        self.update_product(row, {k: v for k, v in body.items() if k in ("name", "description", "short_description")})

    def add_variation(self, parent: int, option: str, attribute: str = "Color", **fields: Any) -> dict[str, Any]:
        pk = next(self.ids)
        row = {
            "id": pk,
            "description": "",
            "sku": f"SKU-{parent}-{option}",
            "price": "21.00",
            "status": "publish",
            "image": None,
            "attributes": [{"id": 0, "name": attribute, "option": option}],
            "meta_data": [],
            **fields,
        }
        self.variations.setdefault(parent, {})[pk] = row
        self.products[parent]["variations"].append(pk)
        self.products[parent]["type"] = "variable"
        return row

    def own_attribute(self, name: str, slug: str, terms: list[str]) -> dict[str, Any]:
        pk = next(self.ids)
        self.own[pk] = {"id": pk, "name": name, "slug": f"pa_{slug}", "terms": terms}
        return self.own[pk]

    def term(self, terms: dict[int, dict[str, Any]], name: str, **fields: Any) -> dict[str, Any]:
        name = term_text(name)
        for term in terms.values():
            if term["name"].casefold() == name.casefold():
                return term
        pk = next(self.ids)
        slug = re.sub(r"\W+", "-", html.unescape(name).lower()).strip("-")
        terms[pk] = {"id": pk, "name": name, "slug": slug, "parent": 0, "description": "", "count": 0, **fields}
        return terms[pk]

    def meta(self, pk: int, key: str) -> Any:
        return next((m["value"] for m in self.products[pk]["meta_data"] if m["key"] == key), None)

    # --- answering

    async def answer(self, request: Request) -> Reply:
        if request.path.endswith("/products/batch"):
            each = self.save_seconds * len(request.json.get("update") or [])
            await asyncio.sleep(self.request_seconds + each)
        return await super().answer(request)

    def route(self, request: Request) -> str:
        return re.sub(r"/\d+", "/N", request.path.removeprefix(API))

    def respond(self, request: Request) -> Reply:
        if self.closed_path and request.path.startswith("/wp-json"):
            return self.closed_path
        if self.plain_permalinks or self.closed_path:
            if request.path == "/" and self.query(request).get("rest_route") == "/":
                return self.index(request)
            return Reply(404, b"<!DOCTYPE html><html>Not found</html>", {"content-type": "text/html"})
        if request.path in ("/wp-json/", "/wp-json"):
            return self.index(request)
        if self.plugin.startswith("polylang") and lists_languages(request.path):
            return Reply(200, self.languages_listed())
        if not request.path.startswith(API) and request.path != self.variations_route:
            return Reply(404, b"<!DOCTYPE html><html>Not found</html>", {"content-type": "text/html"})
        if not self.active:
            return error(404, "rest_no_route", "No route was found matching the URL and request method.")
        if refused := self.refused(request):
            return refused
        if request.path == self.variations_route:
            wanted = set(self.query(request)["include"].split(","))
            rows = [
                shown(row) for held in self.variations.values() for row in held.values() if str(row["id"]) in wanted
            ]
            return self.listed(rows, request)
        path, body = request.path.removeprefix(API), request.json
        if wrong := self.wrong_language(self.query(request)):
            return error(422, "rest_invalid_language", wrong)
        if path == "/products":
            rows = self.spoken(self.found(self.query(request)), self.query(request))
            return self.listed([self.stated(shown(row), request) for row in rows], request)
        if path == "/products/batch":
            return self.batch(body, self.products, self.update_product)
        if path == "/products/categories/batch":
            return self.batch(body, self.categories, self.update_term)
        if path == "/products/tags/batch":
            return self.delete_tags(body["delete"]) if body.get("delete") else self.create_tags(body)
        if path == "/products/tags" and request.method == "POST":
            held = self.tag_named(body["name"])
            if held:
                text = "A term with the name provided already exists."
                return error(400, "term_exists", text, resource_id=held["id"])
            return Reply(201, {**self.term(self.tags, body["name"])} | {"name": encoded(body["name"])})
        for name, terms in (("categories", self.categories), ("tags", self.tags)):
            if path == f"/products/{name}":
                rows = sorted(terms.values(), key=lambda t: t["id"])
                query = self.query(request)
                if "include" in query:
                    rows = [r for r in rows if str(r["id"]) in query["include"].split(",")]
                stated = [r if name == "tags" else self.stated(r, request) for r in rows]
                return self.listed([{**r, "name": encoded(r["name"])} for r in stated], request)
        if (match := re.fullmatch(r"/products/categories/(\d+)", path)) and (row := self.categories.get(int(match[1]))):
            if request.method == "PUT" and self.changed(row, body):
                return Reply(409, guard.REFUSAL)
            return Reply(200, {**(self.update_term(row, body) if request.method == "PUT" else row)})
        if path == "/settings/products":
            units = {"woocommerce_weight_unit": "kg", "woocommerce_dimension_unit": "cm"}
            return Reply(200, [{"id": key, "value": value} for key, value in units.items()])
        if path == "/products/attributes":
            return self.listed([{k: a[k] for k in ("id", "name", "slug")} for a in self.own.values()], request)
        if match := re.fullmatch(r"/products/attributes/(\d+)/terms", path):
            names = self.own[int(match[1])]["terms"]
            return self.listed(
                [{"id": n, "name": encoded(name), "slug": name} for n, name in enumerate(names)], request
            )
        if match := re.fullmatch(r"/products/(\d+)/variations", path):
            return self.listed([shown(v) for v in self.variations.get(int(match[1]), {}).values()], request)
        if match := re.fullmatch(r"/products/(\d+)", path):
            row = self.products.get(int(match[1]))
            if row is None:
                return error(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
            if request.method == "GET":
                return Reply(200, self.stated(shown(row), request))
            if self.changed(row, body):
                return Reply(409, guard.REFUSAL)
            return Reply(200, shown(self.update_product(row, body)))
        return error(404, "rest_no_route", "No route was found matching the URL and request method.")

    def stated(self, row: dict[str, Any], request: Request) -> dict[str, Any]:
        keys = guard.asked(self.query(request)) if self.guarded else None
        if keys is None:
            return row
        built = any(m["key"] == "_elementor_edit_mode" and m["value"] == "builder" for m in row.get("meta_data", []))
        builder = "Elementor" if built and not self.elementor_off else ""
        return {**row, guard.PARAM: guard.shown(keys, self.state(row["id"], keys), builder)}

    def state(self, pk: int, keys: list[str]) -> list[Any]:
        if pk in self.categories:
            return [self.categories[pk][name] for name in ("name", "description", "slug", "parent")]
        row = self.products[pk]
        texts = [row[name] for name in ("name", "description", "short_description", "slug", "status", "attributes")]
        return [texts, sorted(t["id"] for t in row["tags"]), [m for m in row["meta_data"] if m["key"] in keys]]

    def changed(self, row: dict[str, Any], body: dict[str, Any]) -> bool:
        given = body.get(guard.PARAM) if self.guarded else None
        keys = given["keys"] if given is not None else []
        return given is not None and given["state"] != guard.shown(keys, self.state(row["id"], keys))["state"]

    def query(self, request: Request) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(urlsplit(request.target).query, keep_blank_values=True).items()}

    def index(self, request: Request) -> Reply:
        """The site's index, as everybody may read it. WordPress takes WooCommerce's keys for a wrong user name there."""
        if self.hides_index:
            return error(self.hides_index, "rest_forbidden", "Only authenticated users can access the REST API.")
        if self.app_passwords and request.headers.get("authorization"):
            return error(401, "invalid_username", "<strong>Error:</strong> Unknown username.")
        spaces = ["oembed/1.0", *(["wc/v3", "wc/v2"] if self.active else []), "wp/v2"]
        spaces += [*([guard.SPACE] if self.guarded else []), *self.spaces]
        spaces += {"yoast": ["yoast/v1"], "rank_math": ["rankmath/v1"], "seopress": ["seopress/v1"]}.get(self.seo, [])
        root = f"{self.url}/{'index.php?rest_route=/' if self.plain_permalinks else 'wp-json/'}"
        shown = {"name": encoded(self.name), "url": self.url, "home": self.url, "namespaces": spaces}
        return Reply(200, shown, {"Link": f'<{root}>; rel="https://api.w.org/"'})

    def refused(self, request: Request) -> Reply | None:
        """As WC_REST_Authentication answers: an unknown key is nobody, only a wrong secret or scope is named."""
        query = self.query(request)
        given = "" if self.drops_header else request.headers.get("authorization", "")
        if "consumer_key" in query:
            given = "Basic " + base64.b64encode(f"{query['consumer_key']}:{query['consumer_secret']}".encode()).decode()
        key, _, secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")
        if not self.over_https or key != KEY:
            if given and self.app_passwords and self.over_https:
                return error(401, "invalid_username", "<strong>Error:</strong> Unknown username.")
            if request.path.endswith("/batch"):
                text = "Sorry, you are not allowed to batch manipulate this resource."
                return error(401, "woocommerce_rest_cannot_batch", text)
            return error(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        wrong = "woocommerce_rest_authentication_error"
        if secret != SECRET:
            return error(401, wrong, "Consumer secret is invalid.")
        if self.read_only and request.method not in ("GET", "HEAD"):
            return error(401, wrong, "Der API-Schlüssel hat keine Schreibrechte.")  # in the site's own language
        if self.write_only and request.method in ("GET", "HEAD"):
            return error(401, wrong, "The API key provided does not have read permissions.")
        return None

    def found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        rows = sorted(self.products.values(), key=lambda r: r["id"], reverse=query.get("order", "desc") == "desc")
        if "include" in query:
            wanted = set(query["include"].split(","))
            rows = [r for r in rows if str(r["id"]) in wanted]
        if "sku" in query:
            rows = [r for r in rows if r["sku"] in (*query["sku"].split(","), query["sku"])]
        status = query.get("status", "any")  # which leaves the trash out
        rows = [r for r in rows if (r["status"] != "trash" if status == "any" else r["status"] == status)]
        if "type" in query:
            rows = [r for r in rows if r["type"] == query["type"]]
        if "stock_status" in query:
            rows = [r for r in rows if r["stock_status"] == query["stock_status"]]
        for name, field in (("category", "categories"), ("tag", "tags")):
            if name in query:
                wanted = set(query[name].split(","))
                rows = [r for r in rows if any(str(t["id"]) in wanted for t in r[field])]
        return rows

    def listed(self, rows: list[dict[str, Any]], request: Request) -> Reply:
        query = self.query(request)
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        if not 1 <= size <= 100:
            return error(400, "rest_invalid_param", "Invalid parameter(s): per_page")
        some = rows[(page - 1) * size : page * size]
        if fields := query.get("_fields"):
            some = [{k: r[k] for k in fields.split(",") if k in r} for r in some]
        totals = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
        return Reply(200, some, totals)

    def batch(self, body: Any, rows: dict[int, dict[str, Any]], update: Any) -> Reply:
        entries = body.get("update") or []
        if not entries:
            return Reply(200, [])  # PHP's empty array
        if len(entries) > self.batch_limit:
            return error(
                413,
                "woocommerce_rest_request_entity_too_large",
                f"Unable to accept more than {self.batch_limit} items for this request.",
            )
        answers = []
        for entry in entries:
            row = rows.get(int(entry["id"]))
            if row is None:
                gone = {
                    "code": "woocommerce_rest_product_invalid_id",
                    "message": "Invalid ID.",
                    "data": {"status": 400},
                }
                answers.append({"id": entry["id"], "error": gone})
            elif self.guarded and self.busy[row["id"]] > 0:
                self.busy[row["id"]] -= 1
                answers.append({"id": entry["id"], "error": guard.BUSY})
            elif self.changed(row, entry):
                answers.append({"id": entry["id"], "error": guard.REFUSAL})
            elif entry.get("name") == "refused":
                bad = {"code": "rest_invalid_param", "message": "Invalid parameter(s): name", "data": {"status": 400}}
                answers.append({"id": entry["id"], "error": bad})
            else:
                saved = shown(update(row, entry))
                died = {"code": "internal_server_error", "message": "Could not update.", "data": {"status": 500}}
                answers.append({"id": entry["id"], "error": died} if self.dies_after(str(entry["id"])) else saved)
        return Reply(200, {"update": answers})

    def update_product(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        self.wrote(str(row["id"]))
        for field in ("name", "description", "short_description"):
            if field in body:
                row[field] = filtered(body[field])
        row["date_modified_gmt"] = self.stamp()
        if self.plugin == "wpml" and row["lang"] != self.codes[0]:  # it copies prices and stock from the original
            original = self.products[int(row["translations"][self.codes[0]])]
            row |= {key: original[key] for key in ("price", "regular_price", "sale_price", "stock_status")}
        if "slug" in body:
            row["slug"] = re.sub(r"[^a-z0-9]+", "-", body["slug"].lower()).strip("-")
        if "tags" in body:
            row["tags"] = [{k: self.tags[t["id"]][k] for k in ("id", "name", "slug")} for t in body["tags"]]
        if "attributes" in body:
            row["attributes"] = [made for given in body["attributes"] if (made := self.attribute(given))]
        for meta in body.get("meta_data", []):
            if self.seo == "yoast" and meta["key"].startswith("_yoast_wpseo_") and meta["value"]:
                meta = {**meta, "value": field_text(meta["value"])}
            held = next((m for m in row["meta_data"] if m["key"] == meta["key"]), None)
            if meta["value"] is None:  # deletes the row
                row["meta_data"] = [m for m in row["meta_data"] if m["key"] != meta["key"]]
            elif held:
                held["value"] = meta["value"]
            else:
                row["meta_data"].append({"id": next(self.ids), **meta})
        return row

    def attribute(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """One attribute of a product as it is kept: the shop's own by its id, with values that become terms."""
        made = {"id": 0, "position": 0, "visible": False, "variation": False, **given}
        if not made["id"]:
            return {**made, "slug": made["name"]}
        options = [html.unescape(option) for option in made["options"]]
        if own := self.own.get(made["id"]):
            own["terms"] += [option for option in options if option not in own["terms"]]
            made |= {"name": own["name"], "slug": own["slug"]}
        return {**made, "options": options} if options else None  # an empty one is dropped

    def update_term(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        self.wrote(f"category:{row['id']}")
        if "name" in body:
            row["name"] = term_text(body["name"].replace("\\\\", "\\"))
        if "description" in body:
            row["description"] = filtered(body["description"], of_term=True)
        if "slug" in body:
            row["slug"] = body["slug"]
        return row

    def tag_named(self, name: str) -> dict[str, Any] | None:
        wanted = term_text(name).casefold()
        return next((t for t in self.tags.values() if t["name"].casefold() == wanted), None)

    def delete_tags(self, ids: list[int]) -> Reply:
        """Batches delete for good; products lose the tag."""
        gone = []
        for pk in ids:
            gone.append(
                self.tags.pop(pk, {"id": pk, "error": {"code": "woocommerce_rest_term_invalid", "message": "x"}})
            )
            for row in self.products.values():
                row["tags"] = [t for t in row["tags"] if t["id"] != pk]
        return Reply(200, {"delete": gone})

    def create_tags(self, body: dict[str, Any]) -> Reply:
        answers = []
        for entry in body.get("create") or []:
            held = self.tag_named(entry["name"])
            if held:
                data = {"status": 400, "resource_id": held["id"]}
                answers.append(
                    {
                        "id": 0,
                        "error": {
                            "code": "term_exists",
                            "message": "A term with the name provided already exists.",
                            "data": data,
                        },
                    }
                )
            else:
                answers.append({**self.term(self.tags, entry["name"]), "name": encoded(entry["name"])})
        return Reply(200, {"create": answers})
