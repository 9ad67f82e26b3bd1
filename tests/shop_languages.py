"""The four fakes as shops of several languages: how each keeps a translation, so that one test walks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from integrations.stores.types import Ref
from tests.fakes import magento, shopify, woocommerce, wordpress

Row = dict[str, Any]


@dataclass
class Shop:
    """`codes` are the shop's own codes by ours, its main language first. `fields` are those that it translates.

    `shown` and `edit` read and write a text of a translation as the merchant does; `main` reads the main language's texts.
    """

    name: str
    platform: str
    make: Callable[[], Any]
    secrets: dict[str, str]
    codes: dict[str, str]
    fields: tuple[str, ...]
    product: Callable[[Any], Row]
    ref: Callable[[Row], Ref]
    shown: Callable[[Any, Row, str, str], str]
    edit: Callable[[Any, Row, str, str, str], None]
    main: Callable[[Row], dict[str, Any]]

    @contextmanager
    def open(self, settings: Any) -> Iterator[Any]:
        with self.make() as fake:
            settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
            settings.SHOPIFY_SHOP_URL = fake.url
            yield fake


# --- Shopify

KEYS = {"name": "title", "description": "body_html", "seo.title": "meta_title", "seo.description": "meta_description"}


def _shopify() -> Any:
    fake = shopify.FakeShopify()
    fake.speaks("de", "sr", "he", "pt-BR", "fr")
    return fake


SHOPIFY = Shop(
    "shopify",
    "shopify",
    _shopify,
    {"access_token": shopify.TOKEN},
    {"en": "en", "de": "de", "sr": "sr", "he": "he", "pt-BR": "pt-BR", "fr": "fr"},
    tuple(KEYS),
    lambda fake: fake.add(seo={"title": "An SEO title", "description": "An SEO description"}),
    lambda row: Ref(row["legacyResourceId"]),
    lambda fake, row, code, field: fake.translation(row, code, KEYS[field]),
    lambda fake, row, code, field, text: fake.translate(row, code, KEYS[field], text),
    lambda row: {key: row[key] for key in ("title", "descriptionHtml", "handle", "tags", "seo")},
)

# --- Magento

CODES = {
    "description": "description",
    "short_description": "short_description",
    "seo.title": "meta_title",
    "seo.description": "meta_description",
}


def _magento() -> Any:
    fake = magento.FakeMagento()
    for code, locale in {"de": "de_DE", "sr": "sr_Cyrl_RS", "he": "he_IL", "br": "pt_BR", "fr": "fr_FR"}.items():
        fake.view_names[code], fake.locales[code] = code.upper(), locale
    return fake


def _of_view(fake: Any, row: Row, view: str, field: str) -> str:
    """What the view has of its own."""
    own = fake.views.get(view, {}).get(row["sku"], {})
    return own.get("name" if field == "name" else CODES[field]) or ""


def _set_view(fake: Any, row: Row, view: str, field: str, text: str) -> None:
    fake.views.setdefault(view, {}).setdefault(row["sku"], {})["name" if field == "name" else CODES[field]] = text


MAGENTO = Shop(
    "magento",
    "magento2",
    _magento,
    {"access_token": magento.TOKEN},
    {"en": "default", "de": "de", "sr": "sr", "he": "he", "pt-BR": "br", "fr": "fr"},
    ("name", *CODES),
    lambda fake: fake.add(),
    lambda row: Ref(row["sku"]),
    _of_view,
    _set_view,
    lambda row: {"name": row["name"], **{a["attribute_code"]: a["value"] for a in row["custom_attributes"]}},
)

# --- WordPress's plugins

WORDS = ("en", "de", "sr", "he", "pt", "fr")
WPML_WORDS = ("en", "de", "sr", "he", "pt-br", "fr")
OURS = ("en", "de", "sr", "he", "pt-BR", "fr")
YOAST = {"seo.title": "_yoast_wpseo_title", "seo.description": "_yoast_wpseo_metadesc"}
PRODUCT = ("name", "description", "short_description")


def _woo_product(fake: Any) -> Row:
    row: Row = fake.add()
    for code in fake.codes[1:]:
        fake.translate(row, code, name="", description="", short_description="")
    return row


def _woo_row(fake: Any, row: Row, code: str) -> Row:
    found: Row = fake.products[int(row["translations"][code])]
    return found


def _woo_shown(fake: Any, row: Row, code: str, field: str) -> str:
    there = _woo_row(fake, row, code)
    return fake.meta(there["id"], YOAST[field]) or "" if field in YOAST else there[field]


def _woo_edit(fake: Any, row: Row, code: str, field: str, text: str) -> None:
    there = _woo_row(fake, row, code)
    if field in YOAST:
        fake.edit(there, meta_data=[{"id": 1, "key": YOAST[field], "value": text}])
    else:
        fake.edit(there, **{field: text})


def _woo(name: str, plugin: str, words: tuple[str, ...]) -> Shop:
    return Shop(
        name,
        "woocommerce",
        lambda: woocommerce.FakeWooCommerce(plugin=plugin, codes=words),
        {"consumer_key": woocommerce.KEY, "consumer_secret": woocommerce.SECRET},
        dict(zip(OURS, words, strict=True)),
        (*PRODUCT, *YOAST),
        _woo_product,
        lambda row: Ref(str(row["id"])),
        _woo_shown,
        _woo_edit,
        lambda row: {key: row[key] for key in (*PRODUCT, "sku", "slug", "price", "tags", "attributes")},
    )


POST = {"name": "title", "description": "content", "short_description": "excerpt"}


def _post(fake: Any) -> Row:
    row: Row = fake.add()
    for code in WORDS[1:]:
        fake.translate(row, code, title="", content="", excerpt="")
    return row


WORDPRESS = Shop(
    "wordpress",
    "wordpress",
    lambda: wordpress.FakeWordPress(plugin="polylang", codes=WORDS),
    {"consumer_key": wordpress.USER, "consumer_secret": wordpress.PASSWORD},
    dict(zip(OURS, WORDS, strict=True)),
    tuple(POST),
    _post,
    lambda row: Ref(str(row["id"]), "post"),
    lambda fake, row, code, field: fake.rows[row["translations"][code]][POST[field]]["raw"],
    lambda fake, row, code, field, text: fake.edit(fake.rows[row["translations"][code]], **{POST[field]: text}),
    lambda row: {key: row[key] for key in (*POST.values(), "slug", "tags", "status")},
)

SHOPS = (SHOPIFY, MAGENTO, _woo("polylang", "polylang", WORDS), _woo("wpml", "wpml", WPML_WORDS), WORDPRESS)
