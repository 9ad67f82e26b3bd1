"""Find the platform that wrote a table and the meaning of each column, with a confidence for each.

Exact labels of the project's platform count most, then labels of other languages' exports, then synonyms, then names
close to a synonym (rapidfuzz), then the look of the values. All of it is a proposal that the merchant can correct.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

from catalog.files import adapters
from catalog.files import vocabulary as words
from catalog.files.headers import bare, normalise
from catalog.files.layouts import Layout
from integrations.stores import platforms

#: Names of attributes whose values are numbers.
MEASURES = frozenset(normalise(label) for name in ("weight", "width", "height") for label in words.WOOCOMMERCE[name])
SYNONYM, FUZZY_LEAST, GUESS = 0.9, 88.0, 0.5

_ATTRIBUTE_WORDS = (
    "color|colour|size|material|brand|manufacturer|vendor|weight|width|height|length|depth|capacity|volume|pattern|gender|season"
    "|farbe|größe|marke|hersteller|gewicht|breite|höhe|länge|couleur|taille|marque|matière|poids|talla|marca|peso|colore|taglia|materiale"
    "|цвет|размер|бренд|материал|вес|boja|боја|veličina|величина|materijal|материјал|brend|бренд|težina|тежина|proizvođač|произвођач"
)
_ATTRIBUTE = re.compile(
    rf"^(?:attributes?[.: ]|attr[ _.:]|pa[ _]|атрибут[ :])(?P<name>.+)$|^(?P<word>{_ATTRIBUTE_WORDS})$"
)


def detect(columns: list[str], sample: list[list[str]], platform: str) -> Layout:
    """The likeliest reading of a table for a project of `platform`. `sample` holds some of the table's first rows."""
    layouts = {
        adapter.name: layout for adapter in adapters.every() if (layout := adapter.recognised(columns)) is not None
    }
    own = layouts.get(platform)
    if own is not None and _can_be(own, layouts):
        own.confidence = max(own.confidence, 0.9)
    strong = {name: layout for name, layout in layouts.items() if layout.confidence >= 0.9}
    if own is not None and (platform in strong or not strong) and own.mapping:
        layout = own
    elif strong:
        layout = max(strong.values(), key=lambda candidate: (candidate.confidence, len(candidate.mapping)))
    else:
        layout = Layout("generic", columns)
    recognised = layout.confidence >= 0.9
    if not recognised and not adapters.get(layout.adapter).keys & layout.taken():
        layout.adapter = "generic"
    _fill_by_synonyms(layout, fuzzy=not recognised)
    if not recognised:
        _fill_by_values(layout, sample)
        if layout.adapter == "generic":
            _generic_roles(layout, platforms.get(platform).default_item_type)
    layout.confidence = _overall(layout, recognised)
    return layout


def _can_be(own: Layout, layouts: dict[str, Layout]) -> bool:
    """Whether a table may be an export of chosen columns from the project's own platform: it has a product's key and
    name, and the columns that point to another platform are known to this one, too."""
    if "name" not in own.taken() or not own.taken() & {"sku", "external_id"}:
        return False
    rivals = [layout for layout in layouts.values() if layout is not own and layout.confidence >= 0.9]
    known = _known_columns(own)
    return bool(rivals) and all(len(_known_columns(rival)) <= len(known) for rival in rivals)


def _known_columns(layout: Layout) -> set[int]:
    """The columns that a platform knows."""
    return {*(int(index) for index in layout.mapping), *layout.roles.values()}


def _fill_by_synonyms(layout: Layout, *, fuzzy: bool) -> None:
    """Fill open fields from free columns, by synonyms. On a recognised platform only exact synonyms count."""
    unknown = adapters.get(layout.adapter).unknown
    free = [
        index
        for index in range(len(layout.columns))
        if index not in layout.mapping and index not in layout.roles.values()
    ]
    for index in free:
        name = words.GENERIC_LABELS.get(normalise(layout.columns[index]))
        wanted = fuzzy or name in ("seo.title", "seo.description", "short_description", "description")
        if name and wanted and name not in layout.taken() and name not in unknown:
            layout.assign(index, name, SYNONYM)
    if not fuzzy:
        return
    labels = {bare(label): name for label, name in words.GENERIC_LABELS.items()}
    for index in free:
        if index in layout.mapping or len(plain := bare(layout.columns[index])) < 4:
            continue
        found = process.extractOne(plain, list(labels), scorer=fuzz.ratio, score_cutoff=FUZZY_LEAST)
        if found and len(found[0]) >= 4 and labels[found[0]] not in layout.taken():
            layout.assign(index, labels[found[0]], round(0.55 + (found[1] - FUZZY_LEAST) / 100 * 2, 2))
        elif attribute := attribute_of(layout.columns[index]):
            layout.assign(index, f"attributes.{attribute}", 0.8)


@lru_cache(maxsize=1000)
def is_measure(attribute: str) -> bool:
    """Whether an attribute's name, in one of the languages of files, says that its value is a measure."""
    return normalise(attribute) in MEASURES


def attribute_of(column: str) -> str:
    """The attribute that a column's name stands for: `weight`, `pa_origin`. "" if for none."""
    match = _ATTRIBUTE.match(normalise(column))
    return (match.group("name") or column).strip() if match else ""


def _fill_by_values(layout: Layout, sample: list[list[str]]) -> None:
    """Fill fields by values alone: image addresses and markup, in columns whose names do not tell their meaning."""
    known = bool(layout.taken() & {"name", "sku", "external_id"})
    for index in range(len(layout.columns)):
        if index in layout.mapping or not known:
            continue
        values = [row[index] for row in sample if index < len(row) and row[index].strip()]
        if len(values) < 2:
            continue
        images = sum(bool(_IMAGE.match(value.strip())) for value in values) / len(values)
        markup = sum(bool(_MARKUP.search(value)) for value in values) / len(values)
        if images > 0.8 and "images" not in layout.taken():
            layout.assign(index, "images", GUESS + 0.1)
        elif markup > 0.6 and "description" not in layout.taken():
            layout.assign(index, "description", GUESS)


_IMAGE = re.compile(r"^https?://\S+\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</(?:p|ul|li|div|strong|h\d)>|<br", re.IGNORECASE)


def _generic_roles(layout: Layout, default_type: str) -> None:
    names = {normalise(column): index for index, column in enumerate(layout.columns)}
    type_column = next((names[name] for name in words.GENERIC_TYPE if name in names), None)
    if type_column is not None and type_column not in layout.mapping:
        layout.roles["type"] = type_column
    if "content" in names and names.keys() & {"page layout", "content heading"}:
        layout.default_type = "page"
    else:
        layout.default_type = default_type


def _overall(layout: Layout, recognised: bool) -> float:
    taken = layout.taken()
    found = (
        bool(taken & {"external_id", "sku"}),
        "name" in taken,
        bool(taken & {"description", "short_description"}),
    )
    if not any(found):
        return 0.0
    core = [
        confidence for index, confidence in layout.column_confidence.items()
        if not layout.mapping.get(index, "").startswith("attributes.")
    ]  # fmt: skip
    mean = sum(core) / len(core) if core else 0.0
    own = mean * (0.4 + 0.2 * sum(found))
    return round(max(own, layout.confidence) if recognised else own, 2)
