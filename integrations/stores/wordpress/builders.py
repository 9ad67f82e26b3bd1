"""Page builders that keep a page's texts in data of their own: visitors see those, and never the content that we write. Others
keep their layout inside the content, which a text of ours would take away.

Known by the marks of a builder in the content, by its meta rows where the API shows them (WooCommerce shows those of products,
our plugin tells them of posts), and by what it puts into the rendered page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from scribe.messages import _
from scribe.types import ReadOnlyJson


@dataclass(frozen=True)
class Builder:
    """`meta` maps rows to the values that mean that the page is built with it; "" is any value."""

    name: str
    meta: Mapping[str, str]
    content: tuple[str, ...] = ()
    rendered: tuple[str, ...] = ()


BUILDERS = (
    Builder("Elementor", {"_elementor_edit_mode": "builder"}, rendered=("data-elementor-type=",)),
    Builder(
        "Divi", {"_et_pb_use_builder": "on"}, content=("[et_pb_section", "<!-- wp:divi/"), rendered=("et_pb_section",)
    ),
    Builder(
        "WPBakery", {"_wpb_vc_js_status": "true"}, content=("[vc_row", "[vc_section"), rendered=("vc_row wpb_row",)
    ),
    Builder("Beaver Builder", {"_fl_builder_enabled": "1"}, rendered=("fl-builder-content",)),
    Builder("Bricks", {"_bricks_editor_mode": "bricks"}, rendered=("brxe-",)),
    Builder(
        "Oxygen",
        {"ct_builder_shortcodes": "", "_ct_builder_shortcodes": "", "_ct_builder_json": ""},
        content=("[ct_section",),
    ),
    Builder("Breakdance", {"_breakdance_data": "", "breakdance_data": ""}, rendered=("breakdance",)),
    Builder("Brizy", {"brizy_post_uid": "", "brizy_enabled": "1"}, rendered=("brz-root__container",)),
    Builder(
        "SiteOrigin Page Builder",
        {"panels_data": ""},
        content=("<!-- wp:siteorigin-panels/",),
        rendered=("panel-layout",),
    ),
    Builder(
        "Avada",
        {"fusion_builder_status": "active"},
        content=("[fusion_builder_container",),
        rendered=("fusion-builder-row",),
    ),
)
UNSEEN = _("This page is built with {name}, so visitors would not see our text. To write it anyway, use `force`.")
WRITTEN = _("It was updated, but visitors see what {name} shows instead.")


def name_of(content: str, *, rendered: str = "", meta: ReadOnlyJson | None = None, told: object = None) -> str:
    """The builder of a page or product; "" for none. `told` is what our plugin says of it, which knows the builders that are
    switched on: no visitor sees what another one has left in meta rows."""
    asked = isinstance(told, Mapping) and "builder" in told
    if isinstance(told, Mapping) and told.get("builder"):
        return str(told["builder"])[:60]
    held = {} if asked or meta is None else meta
    for builder in BUILDERS:
        by_meta = any(held.get(key) and value in ("", str(held[key])) for key, value in builder.meta.items())
        if by_meta or any(mark in content for mark in builder.content) or any(m in rendered for m in builder.rendered):
            return builder.name
    return ""
