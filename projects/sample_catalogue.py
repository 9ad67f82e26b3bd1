"""The sample project: a small shop's catalogue in the reader's language, with texts that were written beforehand.

The products come from a file like anybody's, so that it can be exported again. The texts are checked as any text is.
Two of them hold a claim that no product data supports, and are flagged for it. One conflict shows a text that was
changed in the shop since; no shop is behind it, so whoever settles it writes nowhere.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from billing import access
from integrations.stores import platforms
from projects import file_import, lifecycle, review
from projects.models import ContentItem, ItemVersion, Project
from projects.sync import conflicts
from scribe.types import Json
from writing.fields import BY_NAME

FOLDER = settings.BASE_DIR / "projects" / "sample"
LANGUAGES = {"en": "en", "de": "de", "sr-latn": "sr-Latn"}  # the language of the pages: that of the catalogue
EXAMPLE = "example"  # the `ai_model_used` of a text that was written beforehand
PICTURES = "https://sample.invalid/"  # addresses of the catalogue's pictures, which `picture` answers
_NO_LIST = re.compile(r",(?=\S)")  # the comma of "3,000 mm", which WooCommerce would take for the end of a value
WANTED = {BY_NAME[name].setting: True for name in ("bullet_points", "tags")}  # beside what is written anyway


@transaction.atomic
def create(*, by: User, language: str) -> Project:
    """A project with the catalogue and its texts, in the language of the reader's pages. Costs no XCT. Each call makes
    another project. Raises before anything is saved when the organization may not have one more."""
    access.check_not_suspended(by.organization)
    code = LANGUAGES.get(language, "en")
    project = lifecycle.create(
        organization=by.organization, name=_("Sample catalogue"), platform=platforms.WOOCOMMERCE.id, by=by
    )
    project = lifecycle.update(project=project, changes={"settings": {"language": code, **WANTED}})
    products = catalogue(code)
    file_import.upload(project=project, file=_file(products), name="sample.csv", mapping=None, by=by)
    by_sku = {one["sku"]: one for one in products}
    for item in ContentItem.objects.filter(project=project).select_related("project").order_by("position"):
        item.ai_model_used = EXAMPLE
        item.save(update_fields=["ai_model_used"])
        product = by_sku[str(item.source_data["sku"])]
        review.set_content(item, product["text"], by=None, reason=ItemVersion.Reason.EDITED)
        review.recheck(item)
        if in_shop := product.get("in_shop"):
            clashes = [
                {"field": name, "imported": product[name], "store": text, "generated": product["text"][name]}
                for name, text in in_shop.items()
            ]
            conflicts.add_example(item=item, clashes=clashes)
    return project


@cache
def catalogue(code: str) -> list[Json]:
    """The products in one language, each with its data and its `text`; `in_shop` has what the shop changed since."""
    held = json.loads((FOLDER / "catalogue.json").read_text(encoding="utf-8"))
    return [{**one, **one["languages"][code]} for one in held]


def _file(products: list[Json]) -> io.BytesIO:
    """The products as WooCommerce exports them."""
    pairs = max(len(one["attributes"]) for one in products)
    head = ["ID", "Type", "SKU", "Name", "Published", "Short description", "Description", "Weight (kg)"]
    head += ["Regular price", "Categories", "Images"]
    head += [f"Attribute {n} {part}" for n in range(1, pairs + 1) for part in ("name", "value(s)")]
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(head)
    for number, one in enumerate(products, 101):
        attributes = [part for name, value in one["attributes"].items() for part in (name, _NO_LIST.sub("\\,", value))]
        rows.writerow([number, "simple", *_cells(one), *attributes, *[""] * (2 * pairs - len(attributes))])
    return io.BytesIO(text.getvalue().encode())


def _cells(one: Json) -> Iterator[str | int]:
    yield from (one["sku"], one["name"], 1, one["short_description"], one["description"], one["weight"], one["price"])
    yield from (one["category"], f"{PICTURES}{one['picture']}.jpg")


def is_example(url: str) -> bool:
    """Whether the address is of a picture of the catalogue."""
    return url.startswith(PICTURES)


def picture(url: str) -> bytes | None:
    """The catalogue's picture with this address, a JPEG; None for any other address."""
    name = url.removeprefix(PICTURES)
    if name == url or not name.removesuffix(".jpg").isalpha():
        return None
    file: Path = FOLDER / name
    return file.read_bytes() if file.is_file() else None
