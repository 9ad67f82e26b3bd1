"""SEO texts by Rank Math's own route, for posts and pages of a site that registers no meta rows for them. The route
shows nothing of what stands there, so it is used for a new post, and else only where somebody asks for it. Our guard
plugin registers the rows."""

from collections.abc import Mapping

from integrations.stores.errors import StoreError
from integrations.stores.wordpress.site import Site, WriteRequest
from scribe.messages import _

META = {
    "seo_title": "rank_math_title",
    "seo_description": "rank_math_description",
    "focus_keyword": "rank_math_focus_keyword",
}
NO_ROUTE = _("SEO fields can't be changed here. For that, the site needs our plugin together with Yoast or Rank Math.")
UNSEEN = _(
    "We can't read the current text from Rank Math, so it was not changed. Install our plugin so "
    "that we can read it. To overwrite it without a comparison, set `seo_plugin` to `rank_math` in "
    "the project settings, or publish a post with `force`."
)
NOT_COMPARABLE = _(
    "We can't read the current text from Rank Math, so it was not changed. Activate our plugin, then undo again."
)


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
