"""A platform is a row: whatever differs by it is a field of the row, or a method of what the row names."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from blog.models import BlogPost
from catalog.files import adapters
from integrations import payments
from integrations.ai import registry
from integrations.connections import SECRETS
from integrations.stores import platforms
from integrations.stores.interface import Store
from integrations.stores.posts import Publisher
from integrations.stores.types import Credentials, Opening
from projects.models import ContentItem
from tests.catalog.files.reader import read
from tests.scribe.source import nodes
from tests.shop_languages import SHOPS
from tests.stores import STORES, FakeStore
from workbench import labels
from workbench.views import store as store_pages
from writing import facts, language_codes

APPS = (
    "accounts",
    "backoffice",
    "billing",
    "blog",
    "catalog",
    "integrations",
    "projects",
    "scribe",
    "studio",
    "webhooks",
    "workbench",
    "writing",
)
# A vendor's own folder and its adapter may say its name, and so may what speaks of the one vendor alone.
OWN = (
    "integrations/stores/platforms.py",
    *(row.client.__module__.rpartition(".")[0].replace(".", "/") + "/" for row in platforms.PLATFORMS.values()),
    "catalog/files/adapters/",
    "integrations/api/views/shopify.py",  # the tag of the app's routes
    "scribe/api/schema.py",
)


def sources():
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if "/migrations/" not in name and not name.startswith(OWN):
                yield name, nodes(path)


def test_no_other_module_names_a_platform():
    named = [
        f"{name}:{node.lineno}"
        for name, known in sources()
        for node in known
        if isinstance(node, ast.Constant) and node.value in platforms.PLATFORMS
    ]
    assert named == []


ROWS = {name for name, row in vars(platforms).items() if isinstance(row, platforms.Platform)}


def test_no_other_module_compares_with_a_platforms_row():
    compared = [
        f"{name}:{node.lineno}"
        for name, known in sources()
        for node in known
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if (isinstance(part, ast.Attribute) and part.attr in ROWS) or (isinstance(part, ast.Name) and part.id in ROWS)
    ]
    assert compared == []


# Where the id of a provider of models or of payments may be spelled out: the vendors' own rooms, the addresses that they
# call, and the values of a column.
VENDORS = {
    frozenset(registry.PROVIDERS) - {"google", "local", registry.BUILT_IN}: ("integrations/ai/",),
    frozenset(payments.PROVIDERS): (
        "integrations/payments/",
        "billing/models/subscription.py",
        "billing/api/urls.py",
        "billing/api/views/webhooks.py",
    ),
}


@pytest.mark.parametrize("ids", VENDORS, ids=lambda ids: min(ids))
def test_no_other_module_names_a_provider(ids):
    named = [
        f"{name}:{node.lineno}"
        for name, known in sources()
        if not name.startswith(VENDORS[ids])
        for node in known
        if isinstance(node, ast.Constant) and node.value in ids
    ]
    assert named == []


def test_no_module_compares_with_a_provider():
    """`google` and `local` are words for other things too, but nothing may depend on them."""
    compared = [
        f"{name}:{node.lineno}"
        for name, known in sources()
        for node in known
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if (isinstance(part, ast.Constant) and part.value in {*registry.PROVIDERS, *payments.PROVIDERS})
        or (isinstance(part, ast.Attribute) and part.attr.lower() in payments.PROVIDERS)
    ]
    assert compared == []


def test_no_template_compares_with_a_provider_or_a_platform():
    ids = "|".join({*payments.PROVIDERS, *platforms.PLATFORMS, *registry.PROVIDERS})
    compared = [
        path.name
        for path in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
        if re.search(rf"""[!=]= *["']({ids})["']""", path.read_text(encoding="utf-8"))
    ]
    assert compared == []


def test_no_module_tells_publishers_apart_by_their_class():
    told = [
        f"{name}:{node.lineno}"
        for name, known in sources()
        for node in known
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "isinstance"
        and "Publisher" in ast.unparse(node)
    ]
    assert told == []


@pytest.mark.parametrize("row", platforms.PLATFORMS.values(), ids=lambda row: row.id)
def test_a_row_is_whole(row):
    assert issubclass(row.client, Store)
    assert row.publisher is None or issubclass(row.publisher, Publisher)
    assert row.required_secrets
    assert set(row.credential_fields) <= set(SECRETS)
    assert {row.default_item_type, *row.item_types} <= set(ContentItem.Type.values)
    assert BlogPost._meta.get_field(row.post_id_field)
    assert not row.renewal or callable(import_string(row.renewal))
    adapter = adapters.get(row.id)
    assert adapter.name == row.id
    assert adapter.headers["name"]
    assert adapter.headers["description"]
    assert adapter.identity
    assert set(row.language_codes) <= {field.name for field in fields(language_codes.Codes)}
    re.compile(row.own_keys)
    store = row.client.opened(
        Credentials("https://shop.example", **dict.fromkeys(row.credential_fields, "x")), Opening()
    )
    assert store.filter_keys() <= set(labels.IMPORT_FILTERS)
    assert set(row.credential_fields) <= set(store_pages.SECRETS)
    for code, _name in settings.LANGUAGES[1:]:
        with translation.override(code):
            assert row.key_instructions.render() != row.key_instructions.template


def test_every_platform_has_its_fake() -> None:
    assert set(STORES) == set(platforms.PLATFORMS)
    translates = {row.id for row in platforms.PLATFORMS.values() if row.client.languages is not Store.languages}
    assert {shop.platform for shop in SHOPS} == translates


@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
def test_its_facts_are_of_the_product_alone(store: FakeStore, settings: Any) -> None:
    """Shoppers are told nothing that the platform keeps of a product for itself."""
    settings.SHOPIFY_API_VERSION = "2026-10"
    with store.open(settings) as fake:
        fake.add()
        items = store.client(fake).page({}, None).items
    data = [item.data for item in items] + [item.source_data for item in read(store.file, store.platform)[1]]
    known = [facts.read(one) for one in data]
    names = {name.casefold() for one in known for name in (*one.attributes, *one.other)}
    names |= {name for one in known for name in ("currency", "stock") if getattr(one, name)}
    assert names == store.facts


#: Where sentences list the platforms by name, or by id.
LISTED = (
    "README.md",
    "templates/workbench/start.html",
    "integrations/api/views/connections.py",
    "docs/reference/glossary.md",
    "docs/explanation/sync.md",
)
#: Where they list those alone that sell something.
LISTED_SHOPS = ("templates/workbench/front.html", "workbench/first_steps.py")


@pytest.mark.parametrize("path", [*LISTED, *LISTED_SHOPS])
def test_sentences_about_the_platforms_name_each(path: str) -> None:
    text = (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")
    rows = [row for row in platforms.PLATFORMS.values() if path in LISTED or row.default_item_type == "product"]
    assert [row.name for row in rows if row.name.removesuffix(" 2") not in text] == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("docs/guides/plugin.md", platforms.ids()),
        ("docs/guides/provenance.md", [place.removeprefix("meta.") for place in platforms.MARK_PLACES if place]),
    ],
)
def test_guides_name_each_source_and_each_mark(path: str, words: list[str]) -> None:
    text = (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}`" not in text] == []
