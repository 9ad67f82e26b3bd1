"""Publishing articles on a WordPress site."""

import html
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Self
from urllib.parse import urlsplit

from integrations.stores import errors, paging, posts, texts
from integrations.stores.http import Pause
from integrations.stores.types import Credentials, Opening, StoreInfo
from integrations.stores.wordpress import builders, guard, kses, rank_math, translations
from integrations.stores.wordpress.site import STATUSES, Site, WriteRequest
from integrations.stores.wordpress.terms import TaxonomyTerms, categories
from scribe.marks import normalize
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson

POSTS = "/wp/v2/posts"
YOAST_META = {
    "seo_title": "_yoast_wpseo_title",
    "seo_description": "_yoast_wpseo_metadesc",
    "focus_keyword": "_yoast_wpseo_focuskw",
}

SEO_KEYS = (*YOAST_META.values(), *rank_math.META.values())
MOST_LISTED = 100  # rows of one page
NO_META = _("The site does not offer this field.")
NO_TAGS = _("The site did not accept all tags. The WordPress user may not be allowed to create new ones.")


class WordPressPublisher(posts.Publisher, posts.MediaLibrary):
    def __init__(self, credentials: Credentials, *, pause: Pause = time.sleep) -> None:
        self.site = Site(credentials, pause=pause)
        self.http = self.site.http
        self.tags = TaxonomyTerms(self.site, "tags")

    @classmethod
    def opened(cls, credentials: Credentials, opening: Opening) -> Self:
        return cls(credentials, pause=opening.pause)

    @property
    def library(self) -> posts.MediaLibrary:
        return self

    def test(self) -> StoreInfo:
        """Sign in, and check that this user may publish and upload."""
        return check_user(self.site, ("edit_posts", "publish_posts", "upload_files"))

    def categories(self) -> list[posts.Category]:
        return categories(self.site)

    def create_post(self, draft: posts.PostDraft) -> posts.RemotePost:
        """Create the article. The call is not repeated: after LostAnswer it may exist, so look with `find_post`. A
        StoreTransientError without `sent` happened before that call, for example while its tags were looked up."""
        try:
            self.site.root  # noqa: B018 - finds the address
            body = self._body(draft)
            if draft.language:
                body["lang"] = draft.language
                if draft.original_id:
                    body["translations"] = {draft.original_language: int(draft.original_id)}
        except errors.StoreTransientError as error:
            error.sent = False
            raise
        row = self.site.write(WriteRequest(POSTS, body), repeatable=False, timeout=60)
        there = self._published(row, draft)
        if draft.language and not _is_linked(row, draft):
            there.skipped["translation"] = (
                _("The site did not link it to its original.")
                if draft.original_id
                else _("The site shows it in another language.")
            )
        return there

    def texts_of(self, draft: posts.PostDraft) -> dict[str, str]:
        found = {
            "title": texts.escape_plain_text(draft.title),
            "content": draft.content,
            "excerpt": texts.escape_plain_text(draft.excerpt),
            **{name: str(getattr(draft, name)) for name in YOAST_META},
        }
        if "featured_image" not in draft.lacking:
            found["featured_image"] = str(draft.featured_media_id or "")
        return found

    def prepare(self, change: posts.PostChange) -> None:
        self.tags.ids(change.tags.add)

    def removed_by_filter(self, field: str, text: str) -> str:
        return kses.first_removal(text) if field in ("content", "excerpt") else ""

    def tags_of(self, there: posts.RemotePost) -> list[str]:
        ids = paging.ids_of(there.raw.get("tags"))
        self.tags.load(ids)
        return self.tags.of(ids)

    def update_post(
        self, post_id: str, draft: posts.PostDraft, change: posts.PostChange, there: posts.RemotePost
    ) -> posts.RemotePost:
        seo = {name: text for name, text in change.texts.items() if name in YOAST_META}
        keys = seo_keys(meta_of(there.raw))
        meta = seo_meta(seo, keys)
        body, row = self._changed(change, there), dict(there.raw)
        skipped: dict[str, str] = {}
        if body or meta:
            try:
                row = self._conditional(post_id, body, meta, there)
            except errors.NotAuthorized as error:  # core refuses the whole request when one meta row is not this user's
                if not (body and meta) or error.status != 403:
                    raise
                skipped, meta = dict.fromkeys(seo, error.message), {}
                row = self._conditional(post_id, body, {}, there)
        left = {name: text for name, text in seo.items() if text and name not in skipped and name not in keys}
        skipped |= rank_math.write(self.site, post_id, left) | _refused_texts(seo, keys, row if meta else None)
        return self._result(row, draft, change, skipped)

    def _conditional(self, post_id: str, body: Json, meta: dict[str, str | None], there: posts.RemotePost) -> Json:
        """One write that counts only if the article is still the one that was read, where the site has our guard."""
        sent = {**body, **({"meta": meta} if meta else {}), **guard.condition_of(dict(there.raw))}
        try:
            found: Json = self.site.write(WriteRequest(f"{POSTS}/{post_id}", sent), repeatable=False)
        except (errors.Rejected, errors.StoreTransientError) as error:
            raise guard.refusal(error.details.get("store_code"), error.details.get("data")) or error from None
        return found

    def _changed(self, change: posts.PostChange, there: posts.RemotePost) -> Json:
        """The change as core takes it. Lists are sent whole: those of the article, with ours and without what goes."""
        body: Json = {name: change.texts[name] for name in ("title", "content", "excerpt") if name in change.texts}
        if "featured_image" in change.texts:
            body["featured_media"] = int(change.texts["featured_image"] or 0)
        if change.status:
            body["status"] = change.status
        if change.tags != posts.NO_CHANGE:
            ids = paging.ids_of(there.raw.get("tags"))
            self.tags.load(ids if change.tags.take else ())
            gone = {name.casefold() for name in change.tags.take}
            kept = [pk for pk in ids if self.tags.names.get(pk, "").casefold() not in gone or pk not in self.tags.names]
            body["tags"] = list(dict.fromkeys([*kept, *sorted(self.tags.ids(change.tags.add).values())]))
        if change.categories != posts.NO_CHANGE:
            kept = [pk for pk in paging.ids_of(there.raw.get("categories")) if str(pk) not in change.categories.take]
            body["categories"] = list(dict.fromkeys([*kept, *map(int, change.categories.add)]))
        return body

    def set_status(self, post_id: str, status: str) -> posts.RemotePost:
        return remote(self.site.write(WriteRequest(f"{POSTS}/{post_id}", {"status": status}), repeatable=False))

    def get_post(self, post_id: str) -> posts.RemotePost:
        there = remote(self.site.get(f"{POSTS}/{post_id}", context="edit", **guard.asking(SEO_KEYS)))
        if rank_math.has_route(self.site):
            there = replace(there, unshown=frozenset(YOAST_META.keys() - there.texts.keys()))
        return there

    def find_post(self, slug: str) -> posts.RemotePost | None:
        """The article with this slug and any status, also a draft, whose slug WordPress has not fixed yet."""
        found = self._any_status(slug=slug, per_page=1)
        return remote(found[0]) if found else None

    def marked_post(self, marker: str, slug: str = "") -> posts.RemotePost | None:
        """The article whose text carries `marker`. We look by its slug and by the slugs that WordPress uses when that
        one is taken; then, in case the slug was changed, by a search for the marker."""
        asked: list[Json] = [{"search": marker}]
        if slug:
            asked.insert(0, {"slug": ",".join([slug, *(f"{slug}-{n}" for n in range(2, 10))])})
        for query in asked:
            for row in self._any_status(per_page=20, **query):
                if marker in (post := remote(row)).content:
                    return post
        return None

    def linking(self, post_id: str) -> posts.PostLanguages | None:
        """See the base class. Polylang Pro links posts for programs; its free version and WPML do not, and a post that they
        were sent would stand in the site's first language."""
        plugin = translations.plugin_of(self.site.root.get("namespaces"))
        if plugin == translations.WPML:
            raise errors.Unsupported(translations.WPML_POSTS, code="translations_unsupported")
        row: Json = {}
        if post_id:
            found = self.site.get(f"{POSTS}/{post_id}", context="edit", _fields=translations.FIELDS)
            row = found if isinstance(found, dict) else {}
            if plugin and not translations.linked_rows([row]):
                raise errors.Unsupported(translations.POLYLANG_FREE, code="translations_unsupported")
        if not plugin:
            return None
        listed = translations.of_polylang(lambda route: self.site.call("GET", route, signed=False)[0])
        ids = {str(code): str(pk) for code, pk in (row.get("translations") or {}).items() if pk}
        return posts.PostLanguages(listed or translations.of_rows([row], ""), str(row.get("lang") or ""), ids)

    def languages_for_new_post(self) -> posts.PostLanguages | None:
        """See the base class. Polylang Pro takes `lang`, and shows it in each row; its free version makes every post in the
        site's first language. WPML's languages are not told."""
        if translations.plugin_of(self.site.root.get("namespaces")) != translations.POLYLANG:
            return None
        listed = translations.of_polylang(lambda route: self.site.call("GET", route, signed=False)[0])
        rows = self._any_status(per_page=10, _fields=translations.FIELDS)
        return posts.PostLanguages(listed, takes_language=bool(translations.linked_rows(rows)))

    def _any_status(self, **query: object) -> list[Json]:
        try:
            rows = self.site.get(POSTS, status=STATUSES, context="edit", **query)
        except errors.Rejected as error:
            if "status" in error.message:  # WordPress ignored the password and treats us as a stranger
                self.test()
            raise
        return rows if isinstance(rows, list) else []

    def find_media(self, name: str) -> posts.Media | None:
        rows = self.site.get("/wp/v2/media", slug=name.lower(), per_page=1)
        row = rows[0] if isinstance(rows, list) and rows else None
        return (
            posts.Media(int(row["id"]), str(row.get("source_url") or ""))
            if row and row.get("slug") == name.lower()
            else None
        )

    def media_there(self, ids: Iterable[int]) -> set[int]:
        wanted = sorted(set(ids))
        there: set[int] = set()
        for start in range(0, len(wanted), MOST_LISTED):
            some = wanted[start : start + MOST_LISTED]
            listed = {"include": ",".join(map(str, some)), "per_page": MOST_LISTED, "_fields": "id"}
            try:
                rows = self.site.get("/wp/v2/media", **listed)
            except errors.StorePermanentError:
                rows = None
            there |= {int(row["id"]) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set(some)
        return there

    def upload_media(
        self, *, filename: str, content: bytes, content_type: str, alt: str = "", title: str = ""
    ) -> posts.Media:
        name = ascii_name(filename)
        headers = {"Content-Type": content_type, "Content-Disposition": f'attachment; filename="{name}"'}
        row, _unused = self.site.call(
            "POST", "/wp/v2/media", data=content, headers=headers, repeatable=False, timeout=120
        )
        about = {
            k: v
            for k, v in (("alt_text", texts.escape_plain_text(alt)), ("title", texts.escape_plain_text(title)))
            if v
        }
        if about:
            row = self.site.write(WriteRequest(f"/wp/v2/media/{row['id']}", about))
        return posts.Media(int(row["id"]), str(row.get("source_url") or ""))

    def _body(self, draft: posts.PostDraft) -> Json:
        body: Json = {
            "title": texts.escape_plain_text(draft.title),
            "content": draft.content,
            "excerpt": texts.escape_plain_text(draft.excerpt),
            "status": draft.status,
        }
        if draft.slug:
            body["slug"] = draft.slug
        if draft.category_ids:
            body["categories"] = list(draft.category_ids)
        if draft.tags:
            body["tags"] = sorted(self.tags.ids(draft.tags).values())
        if draft.featured_media_id is not None:
            body["featured_media"] = draft.featured_media_id
        return body

    def _published(self, row: Json, draft: posts.PostDraft) -> posts.RemotePost:
        """The article that was just created. Which meta rows the site offers is known only now, so SEO texts follow by a
        write of their own. It raises no StoreError for them, since the article exists already."""
        seo = {name: text for name in YOAST_META if (text := str(getattr(draft, name)))}
        everything = posts.PostChange(
            {name: text for name, text in self.texts_of(draft).items() if name not in YOAST_META},
            draft.status,
            posts.ListChange(draft.tags),
            posts.ListChange(tuple(map(str, draft.category_ids))),
        )
        skipped: dict[str, str] = {}
        keys = seo_keys(meta_of(row))
        if meta := seo_meta(seo, keys):
            try:
                row = self.site.write(WriteRequest(f"{POSTS}/{row['id']}", {"meta": meta}))
                skipped = _refused_texts(seo, keys, row)
            except errors.StoreError as error:
                skipped = dict.fromkeys(seo, error.message)
        skipped |= rank_math.write(
            self.site, str(row["id"]), {k: v for k, v in seo.items() if k not in keys and k not in skipped}
        )
        return self._result(row, draft, everything, skipped)

    def _result(
        self, row: Json, draft: posts.PostDraft, change: posts.PostChange, skipped: dict[str, str]
    ) -> posts.RemotePost:
        """The article as the site has it now. WordPress silently drops ids and fields that it does not know, so its
        answer is compared with what was sent."""
        skipped = {**draft.lacking, **skipped}
        image = change.texts.get("featured_image", "")
        if image and str(row.get("featured_media", image)) != image:
            skipped["featured_image"] = _("The site no longer has the image, or does not accept it.")
        there = paging.ids_of(row.get("categories"))
        if "categories" in row and (lacking := [pk for pk in change.categories.add if int(pk) not in there]):
            skipped["categories"] = _("The site has no category {names}.", names=list(lacking))
        named = {self.tags.names.get(pk, "").casefold() for pk in paging.ids_of(row.get("tags"))}
        if "tags" in row and any(tag.casefold() not in named for tag in change.tags.add):
            skipped["tags"] = NO_TAGS
        return remote(row, skipped=skipped)


def seo_keys(there: ReadOnlyJson) -> dict[str, str]:
    """The registered meta row of each SEO text, by the field of the draft; Yoast's where both plugins' are registered."""
    return {name: key for keys in (rank_math.META, YOAST_META) for name, key in keys.items() if key in there}


def seo_meta(seo: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, str | None]:
    """The meta rows as they are sent. null deletes a row."""
    return {keys[name]: seo_text(keys[name], text) or None for name, text in seo.items() if name in keys}


def _refused_texts(seo: Mapping[str, str], keys: Mapping[str, str], row: object) -> dict[str, str]:
    """The texts of which the answer shows none, where it was asked to keep them."""
    return {
        name: NO_META
        for name, text in seo.items()
        if row and text and name in keys and not meta_of(row).get(keys[name])
    }


def seo_text(key: str, text: str) -> str:
    """A plain text in the form to send for a plugin's meta row: Yoast strips tags on save."""
    return texts.escape_plain_text(text) if key in YOAST_META.values() else text


def _is_linked(row: Json, draft: posts.PostDraft) -> bool:
    """Whether the site's answer says that the article has its language and its original."""
    held = row.get("translations")
    links = {str(code): str(pk) for code, pk in held.items()} if isinstance(held, dict) else {}
    linked = not draft.original_id or links.get(draft.original_language) == draft.original_id
    return row.get("lang") == draft.language and linked


def meta_of(row: object) -> Json:
    """The meta fields of a post. PHP writes an empty map as a list."""
    found = row.get("meta") if isinstance(row, dict) else None
    return found if isinstance(found, dict) else {}


def check_user(site: Site, needed: tuple[str, ...]) -> StoreInfo:
    """Sign in and check that the user has the `needed` rights, as far as the site shows them. Raises StoreError."""
    root = site.root
    me = current_user(site)
    if not me:  # only a signed-in writer may see drafts, so this call checks the password
        site.get(POSTS, context="edit", status="draft", per_page=1, _fields="id")
    abilities = me.get("capabilities")
    if isinstance(abilities, dict) and (lacking := [n for n in needed if not abilities.get(n)]):
        raise errors.Rejected(
            _("The WordPress user lacks the rights {names}.", names=list(lacking)), code="store_rights_missing"
        )
    home = str(root.get("home") or root.get("url") or site.http.base_url).rstrip("/")
    return StoreInfo(
        html.unescape(str(root.get("name") or "")) or urlsplit(home).hostname or "",
        f"{home}/wp-content/uploads",
        {"user": html.unescape(str(me.get("name") or ""))},
    )


def current_user(site: Site) -> Json:
    """The signed-in user with its rights; {} if a plugin removed the route.
    Raises NotAuthorized for a wrong password."""
    try:
        found = site.get("/wp/v2/users/me", context="edit")
    except (errors.Missing, errors.NotAStore):
        return {}
    return found if isinstance(found, dict) else {}


def remote(row: Json, skipped: dict[str, str] | None = None) -> posts.RemotePost:
    def raw(name: str) -> str:
        value = row.get(name)
        return str(value.get("raw") or value.get("rendered") or "") if isinstance(value, dict) else str(value or "")

    slug = str(row.get("slug") or row.get("generated_slug") or "")
    held: dict[str, str] = {name: raw(name) for name in ("title", "content", "excerpt") if name in row}
    if "featured_media" in row:
        held["featured_image"] = str(row["featured_media"] or "")
    meta, content = meta_of(row), row.get("content")
    rendered = str(content.get("rendered") or "") if isinstance(content, dict) else ""
    held |= {name: str(meta[key] or "") for name, key in seo_keys(meta).items()}
    return posts.RemotePost(
        str(row["id"]),
        str(row.get("link") or ""),
        str(row.get("status") or ""),
        slug,
        raw("title"),
        raw("content"),
        skipped or {},
        held,
        tuple(map(str, paging.ids_of(row.get("categories")))),
        row,
        builders.name_of(raw("content"), rendered=rendered, meta=meta, told=row.get(guard.PARAM)),
    )


def ascii_name(filename: str) -> str:
    """A file name that every server stores unchanged."""
    plain = normalize("NFKD", filename).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-.") or "image.jpg"
