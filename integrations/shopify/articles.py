"""The translations of an article, which Shopify keeps with the article as it keeps a product's."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.shopify import documents, registrations
from integrations.shopify.graphql import ShopifyHTTP
from integrations.shopify.registrations import ResourcePart, Spot
from integrations.stores.errors import Missing, NotAuthorized, StoreError
from integrations.stores.posts import PostDraft, Translation

#: Shopify's keys of an article's texts, by the field of the draft.
KEYS = {
    "title": "title",
    "content": "body_html",
    "excerpt": "summary_html",
    "slug": "handle",
    "seo_title": "meta_title",
    "seo_description": "meta_description",
}


def words(draft: PostDraft, summary: str) -> dict[str, str]:
    return {field: summary if field == "excerpt" else str(getattr(draft, field)) for field in KEYS}


def read(http: ShopifyHTTP, gid: str, locale: str, domain: str) -> Translation:
    """See `Publisher.translation`. The address is the one that Shopify gives a language without a domain of its own."""
    try:
        found = http.ask(documents.ARTICLE_TRANSLATIONS, {"id": gid, "locale": locale})
    except NotAuthorized as error:
        raise registrations.missing_scopes(error) from error
    article, resource = found.get("article"), found.get("translatableResource")
    if not article or not resource:
        raise Missing("The article is no longer in the shop.")
    digests, shown = registrations.digests(resource), registrations.shown(resource)
    moved = registrations.outdated(resource)
    handle = shown.get("handle") or article.get("handle") or ""
    return Translation(
        texts={field: shown[key] for field, key in KEYS.items() if shown.get(key)},
        digests={field: digests[key] for field, key in KEYS.items() if digests.get(key)},
        outdated=frozenset(field for field, key in KEYS.items() if key in moved),
        url=f"{domain}/{locale.lower()}/blogs/{(article.get('blog') or {}).get('handle') or ''}/{handle}",
        status="publish" if article.get("isPublished") else "draft",
    )


def write(
    http: ShopifyHTTP, gid: str, locale: str, words: Mapping[str, str], there: Translation
) -> dict[str, StoreError]:
    """See `Publisher.translate`. A field whose source is empty, which has no digest, can only be removed."""
    spots = {Spot(gid, KEYS[field], there.digests.get(field, "")): field for field in words}
    part = ResourcePart(0, gid, {spot: words[field] for spot, field in spots.items()})
    answer = registrations.write(http, [part], locale)
    return {spots[spot]: error for spot, error in part.refusals(answer).items()}
