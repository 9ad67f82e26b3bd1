"""Pages that serve the site and are no content: a shop's Cart, or a page that is only a block or a shortcode.

https://developer.wordpress.org/block-editor/getting-started/fundamentals/markup-representation-block/. WooCommerce makes
Cart, Checkout and My account as ordinary pages; a text in place of their block would break the shop.
"""

import html
import re

from scribe.messages import _

SHOP = _("This is a page of the store itself (cart, checkout, account), so it was not changed.")
BUILT = _("The page has only blocks or shortcodes, so it was not changed.")
_SHOP = re.compile(
    r"<!--\s*wp:woocommerce/(?:classic-shortcode|cart|checkout|customer-account|my-account|order-confirmation|mini-cart)\b"
    r"|\[woocommerce_(?:cart|checkout|my_account|order_tracking)\b"
)
_BLOCK = re.compile(r"<!--\s*/?wp:[^<>]*-->")
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]*(?:\s[^\]\[]*)?/?\]")
_TAG = re.compile(r"<[^<>]*>")


def reason(content: str) -> str:
    """The reason why we never write to this page; "" if it has words of its own, or is empty."""
    if _SHOP.search(content):
        return SHOP
    if "<!--" not in content and "[" not in content:
        return ""
    bare = _SHORTCODE.sub(" ", _BLOCK.sub(" ", content))
    built = bare != content and not html.unescape(_TAG.sub("", bare)).strip()
    return BUILT if built else ""
