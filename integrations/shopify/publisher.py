"""Publishing articles in a shop's blog."""

import html
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

from integrations.shopify import documents, mapping, registrations, translations
from integrations.shopify.client import ShopifyStore
from integrations.shopify.documents import quote
from integrations.shopify.graphql import ShopifyHTTP
from integrations.shopify.registrations import ResourcePart, Spot
from integrations.stores import posts
from integrations.stores.errors import LostAnswer, Missing, NotAuthorized, Rejected, StoreError
from integrations.stores.http import Pause
from integrations.stores.types import Credentials, Opening, StoreInfo
from scribe.messages import _
from scribe.types import Json

DEFAULT_AUTHOR = "Shop"
FIELDS = {"title": "title", "content": "body", "excerpt": "summary"}
SEO = {"seo_title": "title_tag", "seo_description": "description_tag"}  # metafields of the namespace `global`
#: Shopify's keys of an article's texts, by the field of the draft.
KEYS = {
    "title": "title",
    "content": "body_html",
    "excerpt": "summary_html",
    "slug": "handle",
    "seo_title": "meta_title",
    "seo_description": "meta_description",
}
NOT_EMPTIED = _("It can only be removed in the store.")


class ShopifyPublisher(posts.Publisher):
    """Articles of one blog (`blog_id`, its number or gid; needed to create and to look up)."""

    http: ShopifyHTTP
    several_blogs = True
    only_published_or_draft = True
    translates_in_place = True

    def __init__(
        self,
        credentials: Credentials,
        *,
        blog_id: str = "",
        pause: Pause = time.sleep,
        renew: Callable[[], str] | None = None,
    ) -> None:
        self.store = ShopifyStore(credentials, pause=pause, renew=renew)
        self.http = self.store.http
        self.blog_id = mapping.number(blog_id) if blog_id else ""
        self._domain: str | None = None

    @classmethod
    def opened(cls, credentials: Credentials, opening: Opening) -> Self:
        return cls(credentials, blog_id=opening.blog_id, pause=opening.pause, renew=opening.renew)

    def test(self) -> StoreInfo:
        return self.store.test()

    def blogs(self) -> list[posts.Blog]:
        found = self.http.ask(documents.BLOGS)
        return [
            posts.Blog(mapping.number(b["id"]), b.get("title") or "", b.get("handle") or "")
            for b in mapping.nodes(found.get("blogs"))
        ]

    def create_post(self, draft: posts.PostDraft) -> posts.RemotePost:
        article = {"blogId": f"gid://shopify/Blog/{self.blog_id}", **self._article(draft)}
        article["author"] = {"name": draft.author or DEFAULT_AUTHOR}
        found = self.http.ask(documents.ARTICLE_CREATE, {"article": article}, timeout=60)
        return self._result(found.get("articleCreate"))

    def texts_of(self, draft: posts.PostDraft) -> dict[str, str]:
        found = {name: text for name, text in self.translatable_texts(draft).items() if name != "slug"}
        return found if "featured_image" in draft.lacking else {**found, "featured_image": draft.featured_image_url}

    def tags_of(self, there: posts.RemotePost) -> list[str]:
        return [str(tag) for tag in there.raw.get("tags") or []]

    def update_post(
        self, post_id: str, draft: posts.PostDraft, change: posts.PostChange, there: posts.RemotePost
    ) -> posts.RemotePost:
        article: Json = {FIELDS[name]: text for name, text in change.texts.items() if name in FIELDS}
        if image := change.texts.get("featured_image"):
            article["image"] = {"url": image, "altText": draft.featured_image_alt}
        if change.status:
            article["isPublished"] = change.status == "publish"
            if article["isPublished"] and there.status != "publish":  # a published article keeps its date
                article["publishDate"] = _now()
        if change.tags != posts.NO_CHANGE:
            gone = {tag.casefold() for tag in change.tags.take}
            tags = [*(tag for tag in self.tags_of(there) if tag.casefold() not in gone), *change.tags.add]
            article["tags"] = list({tag.casefold(): tag for tag in reversed(tags)}.values())[::-1]
        article |= _metafields({name: text for name, text in change.texts.items() if name in SEO and text})
        found = self._update(post_id, article) if article else there
        emptied = [name for name in (*SEO, "featured_image") if change.texts.get(name) == ""]
        skipped = dict.fromkeys((name for name in emptied if there.texts.get(name)), NOT_EMPTIED)
        return replace(found, skipped={**draft.lacking, **skipped})

    def set_status(self, post_id: str, status: str) -> posts.RemotePost:
        return self._update(post_id, {"isPublished": status == "publish"})

    def get_post(self, post_id: str) -> posts.RemotePost:
        row = self.http.ask(documents.ARTICLE, {"id": self._gid(post_id)}).get("article")
        if not row:
            raise Missing(_("The article is no longer in the store."))
        return self._remote(row)

    def find_post(self, slug: str) -> posts.RemotePost | None:
        """The article of this blog with this handle."""
        query = f"handle:{quote(slug)}" + (f" blog_id:{self.blog_id}" if self.blog_id else "")
        for row in mapping.nodes(self.http.ask(documents.ARTICLES, {"q": query}).get("articles")):
            if row.get("handle") == slug and self.blog_id in (
                "",
                mapping.number((row.get("blog") or {}).get("id") or ""),
            ):
                return self._remote(row)
        return None

    def marked_post(self, marker: str, slug: str = "") -> posts.RemotePost | None:
        """The article of this blog with the handle `slug`, if its text carries `marker`.
        Handles are unique in a blog."""
        found = self.find_post(slug) if slug else None
        return found if found is not None and marker in found.content else None

    def linking(self, post_id: str) -> posts.PostLanguages:
        """The shop's languages. Its articles are not linked: each holds its own translations."""
        return posts.PostLanguages(translations.languages(self.http))

    def translatable_texts(self, draft: posts.PostDraft) -> dict[str, str]:
        return {field: _summary(draft) if field == "excerpt" else str(getattr(draft, field)) for field in KEYS}

    def translation(self, post_id: str, code: str) -> posts.Translation:
        """See the base class. The address is the one that Shopify gives a language without a domain of its own."""
        try:
            found = self.http.ask(documents.ARTICLE_TRANSLATIONS, {"id": self._gid(post_id), "locale": code})
        except NotAuthorized as error:
            raise registrations.missing_scopes(error) from error
        article, resource = found.get("article"), found.get("translatableResource")
        if not article or not resource:
            raise Missing(_("The article is no longer in the store."))
        digests, shown = registrations.digests(resource), registrations.translations_by_key(resource)
        moved = registrations.outdated_keys(resource)
        handle = shown.get("handle") or article.get("handle") or ""
        return posts.Translation(
            texts={field: shown[key] for field, key in KEYS.items() if shown.get(key)},
            digests={field: digests[key] for field, key in KEYS.items() if digests.get(key)},
            outdated=frozenset(field for field, key in KEYS.items() if key in moved),
            url=f"{self.domain}/{code.lower()}/blogs/{(article.get('blog') or {}).get('handle') or ''}/{handle}",
            status="publish" if article.get("isPublished") else "draft",
        )

    def translate(
        self, post_id: str, code: str, words: Mapping[str, str], there: posts.Translation
    ) -> dict[str, StoreError]:
        """See the base class. A field whose source is empty, which has no digest, can only be removed."""
        gid = self._gid(post_id)
        spots = {Spot(gid, KEYS[field], there.digests.get(field, "")): field for field in words}
        part = ResourcePart(0, gid, {spot: words[field] for spot, field in spots.items()})
        answer = registrations.write(self.http, [part], code)
        return {spots[spot]: error for spot, error in part.refusals(answer).items()}

    def _update(self, post_id: str, article: Json) -> posts.RemotePost:
        found = self.http.ask(documents.ARTICLE_UPDATE, {"id": self._gid(post_id), "article": article}, timeout=60)
        return self._result(found.get("articleUpdate"))

    def _article(self, draft: posts.PostDraft) -> Json:
        article: Json = {
            "title": draft.title,
            "body": draft.content,
            "summary": _summary(draft),
            "tags": list(draft.tags),
            "isPublished": draft.status == "publish",
        }
        if draft.status == "publish":
            article["publishDate"] = _now()
        if draft.slug:
            article["handle"] = draft.slug
        if draft.featured_image_url:
            article["image"] = {"url": draft.featured_image_url, "altText": draft.featured_image_alt}
        return article | _metafields({name: text for name in SEO if (text := str(getattr(draft, name)))})

    def _result(self, found: Json | None) -> posts.RemotePost:
        errors = (found or {}).get("userErrors") or []
        if errors:
            code = str(errors[0].get("code") or "")
            text = "; ".join(str(e.get("message") or "") for e in errors)
            raise (Missing if code == "NOT_FOUND" else Rejected)(text, store_code=code)
        if not (found or {}).get("article"):
            raise LostAnswer(_("Shopify did not return a usable reply."), sent=True)
        return self._remote((found or {})["article"])

    def _remote(self, row: Json) -> posts.RemotePost:
        blog = row.get("blog") or {}
        url = f"{self.domain}/blogs/{blog.get('handle') or ''}/{row.get('handle') or ''}" if blog else ""
        status = "publish" if row.get("isPublished") else "draft"
        held = {name: str(row.get(key) or "") for name, key in FIELDS.items() if key in row}
        held |= {name: str((row.get(name) or {}).get("value") or "") for name in SEO if name in row}
        if "image" in row:
            held["featured_image"] = str((row["image"] or {}).get("url") or "")
        return posts.RemotePost(
            mapping.number(row["id"]),
            url,
            status,
            str(row.get("handle") or ""),
            str(row.get("title") or ""),
            str(row.get("body") or ""),
            texts=held,
            raw=row,
        )

    @property
    def domain(self) -> str:
        """The address that the shop's readers use."""
        if self._domain is None:
            self._domain = str(self.test().details.get("domain") or self.http.base_url).rstrip("/")
        return self._domain

    def _gid(self, post_id: str) -> str:
        return f"gid://shopify/Article/{mapping.number(post_id)}"


def _metafields(seo: Mapping[str, str]) -> Json:
    rows = [
        {"namespace": "global", "key": SEO[name], "type": "single_line_text_field", "value": text}
        for name, text in seo.items()
    ]
    return {"metafields": rows} if rows else {}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _summary(draft: posts.PostDraft) -> str:
    return f"<p>{html.escape(draft.excerpt, quote=False)}</p>" if draft.excerpt else ""
