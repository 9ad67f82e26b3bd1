"""SEO texts by Rank Math's own route, for posts and pages of a site that registers no meta rows for them. The route
shows nothing: what it took is known only as what we sent."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.stores.errors import StoreError
from integrations.stores.wordpress.site import Site, WriteRequest

META = {
    "seo_title": "rank_math_title",
    "seo_description": "rank_math_description",
    "focus_keyword": "rank_math_focus_keyword",
}
NO_ROUTE = "WordPress lets no outside program write SEO fields; a helper plugin would."
NOT_SHOWN = "Rank Math does not show what stood there before, so it can't be put back."


def has_route(site: Site) -> bool:
    return any(str(name).startswith("rankmath/") for name in site.root.get("namespaces") or [])


def write(site: Site, post_id: str, seo: Mapping[str, str]) -> dict[str, str]:
    """Write these texts of a post or page. Returns those that could not be written, with the reasons."""
    if not seo:
        return {}
    if not has_route(site):
        return dict.fromkeys(seo, NO_ROUTE)
    values = {META[name]: text for name, text in seo.items()}
    try:
        body = {"objectType": "post", "objectID": int(post_id), "meta": values}
        site.write(WriteRequest("/rankmath/v1/updateMeta", body))
    except StoreError as error:
        return dict.fromkeys(seo, error.message)
    return {}
