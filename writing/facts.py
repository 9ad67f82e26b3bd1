"""An item's source, read for writing: cleaned, capped, and each fact under the path of the field it came from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from integrations.stores import platforms
from scribe.types import Json, JsonValue, ReadOnlyJson
from writing import gpsr, injection
from writing.text import cut, plain, strip_html

# The most characters that are read of one field.
CAPS = {"name": 300, "short_description": 2_000, "description": 8_000}
CAP = 500  # any other field
MOST_ATTRIBUTES = 60
MOST_LISTED = 40
# The keys that are read from the rest of a row: physical properties and identity, but no ids, flags or dates.
_RAW = re.compile(
    r"weight|length|width|height|depth|diameter|dimension|volume|capacity|brand|vendor|manufactur|material|colou?r|size|gtin|ean\b|upc|isbn|mpn|"
    r"barcode|country|origin|warranty|gewicht|länge|breite|höhe|tiefe|marke|hersteller|farbe|größe|poids|longueur|"
    r"largeur|hauteur|marque|couleur|taille|peso|longitud|ancho|alto|altura|largura|comprimento|marca|lunghezza|larghezza|altezza|colore|tezina|"
    r"težina|dužina|duzina|sirina|širina|visina|brend|proizvođač|proizvodjac|materijal|boja|zemlja|тежина|ширина|висина|дужина|бренд|вес|длина|"
    r"высота|бренд|цвет|размер|waga|szerokość|wysokość|długość|marka|kolor|rozmiar|kleur|merk|hoogte|breedte|lengte",
    re.I,
)
_RAW_NEVER = re.compile(
    r"class|unit$|unit for display|_id$|\bid\b|sort|position|visib|inventory|policy|min_|max_|tax|status|url|path", re.I
)
# What platforms keep of a product for themselves. No shopper is told that a product "has options: 1".
_ROWS = platforms.PLATFORMS.values()
_PLATFORMS_OWN = re.compile("|".join(row.own_keys for row in _ROWS if row.own_keys).replace("_", "[ _]"), re.I)
_MARKED = frozenset(("description", "short_description"))
_NO_VALUES = frozenset({"default title", "n/a", "null", "none", "-"})
_DATA = re.compile(r"[\[{]\s*[\[{\"].*[\]}]$", re.S)  # JSON, which is for programs
_BARE_DECIMAL = re.compile(r"(?<![\w.,])\.(?=\d)")  # ".2 lbs"
_IMAGE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.I)
_HOST = re.compile(r"https?://([\w.-]+(?::\d+)?)(?:[/?#]|$)", re.I)
# Keys of currency and stock.
_CURRENCY = ("currency", "price_currency", "Currency", *(key for row in _ROWS for key in row.currency_keys))
_STOCK = (
    "stock_status",
    "in_stock",
    "availability",
    "stock_quantity",
    *(key for row in _ROWS for key in row.stock_keys),
)


@dataclass(frozen=True, slots=True)
class Original:
    """The approved text, in the shop's main language, that a translation is made from. `content` is as it is stored,
    `language` one of our codes."""

    content: ReadOnlyJson
    language: str


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """What the source says. `fields` maps a path (`attributes.Material`) to its visible text, in order of weight.
    `suspicious` holds the sentences that address the model instead of a shopper; `fields` does not contain them.
    `original` is there when the text is a translation: the checks then read it as a further source, and compare with it.
    `cache` is for data that other modules derive from these facts, such as the index of the grounding check."""

    item_type: str
    fields: Mapping[str, str]
    name: str = ""
    short_description: str = ""
    description: str = ""
    sku: str = ""
    price: str = ""
    currency: str = ""
    stock: str = ""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    seo: Mapping[str, str] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)
    images: tuple[Mapping[str, str], ...] = ()
    safety: Mapping[str, str] = field(default_factory=dict)  # who made it, and its warnings: see `gpsr`
    image_hosts: frozenset[str] = frozenset()  # where the addresses of images are, including images inside the texts
    suspicious: tuple[str, ...] = ()
    original: Original | None = None
    cache: Json = field(default_factory=dict, repr=False)

    def count(self) -> int:
        """How many facts there are to write from; a long description counts as several."""
        prose = len(self.short_description) // 120 + len(self.description) // 120
        known = sum(
            bool(value) for value in (self.name, self.sku, self.price, self.short_description or self.description)
        )
        return known + min(6, prose) + bool(self.categories) + bool(self.tags) + len(self.attributes) + len(self.other)

    def as_data(self) -> Json:
        """The facts as a JSON value with canonical keys; empty ones are left out. Prompts quote it, and the built-in
        writer works from it."""
        data: Json = {
            "name": self.name,
            "sku": self.sku,
            "price": self.fields.get("price", ""),
            "categories": list(self.categories),
            "tags": list(self.tags),
            "attributes": {**self.attributes, **self.other},
            "short_description": self.short_description,
            "description": self.description,
            "seo": dict(self.seo),
            "image_alts": [image["alt"] for image in self.images if image.get("alt")],
        }
        return {key: value for key, value in data.items() if value}


def read(source_data: ReadOnlyJson, item_type: str = "product") -> Facts:
    """The facts in an item's canonical `source_data` (rules: `sku name … attributes`, the rest of the row under `raw`)."""
    reader = _SourceReader()
    name = reader.take("name", source_data.get("name"))
    short = reader.take("short_description", source_data.get("short_description"))
    description = reader.take("description", source_data.get("description"))
    raw = source_data.get("raw")
    rest = raw if isinstance(raw, Mapping) else {}
    currency = _first(rest, _CURRENCY)[:3].upper()
    price = reader.take("price", _price(source_data.get("price")))
    if price and currency and price[-1:].isdigit():
        reader.fields["price"] = f"{price} {currency}"
    sku = reader.take("sku", source_data.get("sku"))
    attributes = {
        key: value
        for key, raw in _pairs(source_data.get("attributes"))
        if (value := reader.take(f"attributes.{key}", raw))
    }
    categories = reader.take_list("categories", source_data.get("categories"))
    tags = reader.take_list("tags", source_data.get("tags"))
    seo_source = source_data.get("seo")
    seo = {
        key: value
        for key in ("title", "description", "focus_keyword")
        if isinstance(seo_source, Mapping) and (value := reader.take(f"seo.{key}", seo_source.get(key)))
    }
    images = tuple(_images(reader, source_data.get("images")))
    named = (*_pairs(source_data.get("attributes")), *_pairs(rest.get("custom_fields")), *rest.items())
    known = {value.casefold() for value in reader.fields.values()}
    other: dict[str, str] = {}
    for key, value in _pairs(rest.get("custom_fields")):
        if taken := reader.take(f"raw.{key}", value):
            other[key] = taken
    for key, value in _with_units(rest):
        if len(other) >= MOST_ATTRIBUTES or not isinstance(value, str | int | float) or isinstance(value, bool):
            continue
        if not _RAW.search(str(key)) or _RAW_NEVER.search(str(key)) or _PLATFORMS_OWN.fullmatch(str(key)):
            continue
        new = str(value).strip().casefold() not in known | {"0", "0.0", ""}
        if new and (taken := reader.take(f"raw.{key}", value)):
            other[_tidy(str(key))] = taken
    return Facts(
        item_type=item_type,
        fields=reader.fields,
        name=name,
        short_description=short,
        description=description,
        sku=sku,
        price=price,
        currency=currency,
        stock=_first(rest, _STOCK)[:40],
        categories=categories,
        tags=tags,
        attributes=attributes,
        seo=seo,
        other=other,
        images=images,
        safety=gpsr.read(named),
        image_hosts=_hosts(images, source_data.get("description"), source_data.get("short_description")),
        suspicious=tuple(reader.suspicious),
    )


def _with_units(rest: ReadOnlyJson) -> Iterable[tuple[str, JsonValue]]:
    """The rest of a row with its units written out: `weight` 1.3 and `weight_unit` kg become 1.3 kg. A mapping with a
    unit, such as WooCommerce's dimensions, becomes one fact per measure."""
    for key, value in rest.items():
        unit = rest.get(f"{key}_unit")
        if not unit or isinstance(value, bool):
            yield key, value
        elif isinstance(value, Mapping):
            yield from ((str(name), f"{size} {unit}") for name, size in value.items() if size not in ("", None))
        elif isinstance(value, str | int | float) and str(value).strip().strip("0."):
            yield key, f"{str(value).strip()} {unit}"


class _SourceReader:
    """Cleans values and keeps each under its path."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.suspicious: list[str] = []

    def take(self, path: str, value: object) -> str:
        text = _text(value)
        read = strip_html if path in _MARKED else plain  # elsewhere `<M>` is a size
        clean = _BARE_DECIMAL.sub("0.", read(text[:200_000]))
        if clean.casefold() in _NO_VALUES or _DATA.match(clean):
            return ""
        if len(clean) > 12:  # shorter than any order
            clean, dropped = injection.without(clean)
            self.suspicious += dropped
        clean = cut(clean, CAPS.get(path, CAP))
        if clean:
            self.fields[path] = clean
        return clean

    def take_list(self, path: str, values: JsonValue) -> tuple[str, ...]:
        taken = (self.take(f"{path}[{index}]", value) for index, value in enumerate(_list(values)[:MOST_LISTED]))
        return tuple(value for value in taken if value)


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        for key in ("name", "title", "value", "label", "rendered", "raw"):
            if key in value:
                return _text(value[key])
        return ", ".join(f"{key}: {_text(inner)}" for key, inner in list(value.items())[:20])
    if isinstance(value, Iterable):
        return ", ".join(filter(None, (_text(inner) for inner in list(value)[:MOST_LISTED])))
    return str(value)


def _list(value: object) -> list[JsonValue]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,|]", value) if part.strip()]
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, Iterable) else [value]


def _pairs(value: object) -> list[tuple[str, JsonValue]]:
    """Attributes as (name, value), from a mapping or from a list of `{name, value|values|options|option}`."""
    pairs: list[tuple[str, JsonValue]] = []
    if isinstance(value, Mapping):
        pairs = [(str(key), inner) for key, inner in value.items()]
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for row in value:
            if isinstance(row, Mapping) and (name := row.get("name") or row.get("label") or row.get("attribute_code")):
                inner = next(
                    (row[key] for key in ("value", "values", "options", "option") if row.get(key) not in (None, "")), ""
                )
                pairs.append((str(name), inner))
    named = ((_tidy(key), inner) for key, inner in pairs)
    return [(key, inner) for key, inner in named if not _PLATFORMS_OWN.fullmatch(key)][:MOST_ATTRIBUTES]


def _tidy(key: str) -> str:
    """A field's name as a person would write it: without prefixes and underscores, as in `Attribute:pa_color` and
    `shipping_weight`."""
    key = strip_html(key)[:80].removeprefix("pa_").removeprefix("attribute_")
    key = key.rsplit(":", 1)[-1] if key.lower().startswith(("meta:", "attribute:")) else key
    return (key.replace("_", " ") if "_" in key else key).strip()


def _price(value: object) -> JsonValue:
    if isinstance(value, Mapping):
        return next(
            (
                value[key]
                for key in ("sale", "sale_price", "price", "amount", "regular", "regular_price")
                if value.get(key)
            ),
            None,
        )
    return value


def image_addresses(images: object) -> list[str]:
    """The addresses of a source's images as the source writes them: full addresses or bare paths."""
    return [address for image in _list(images)[:MOST_LISTED] if (address := _address(image))]


def _address(image: object) -> str:
    if isinstance(image, Mapping):
        image = _text(image.get("src") or image.get("url") or image.get("file"))
    return str(image or "").strip()[:2_000]


def _images(reader: _SourceReader, value: object) -> Iterable[Mapping[str, str]]:
    for index, image in enumerate(_list(value)[:MOST_LISTED]):
        if isinstance(image, Mapping):
            alt = reader.take(f"images[{index}].alt", image.get("alt") or image.get("alt_text"))
            yield {"src": _address(image), "alt": alt}
        elif image:
            yield {"src": _address(image), "alt": ""}


def _hosts(images: tuple[Mapping[str, str], ...], *texts: object) -> frozenset[str]:
    addresses = [image["src"] for image in images]
    addresses += [found for text in texts if isinstance(text, str) for found in _IMAGE.findall(text)[:200]]
    return frozenset(match[1].lower() for address in addresses if (match := _HOST.match(address)))


def _first(row: ReadOnlyJson, keys: tuple[str, ...]) -> str:
    return next((str(row[key]).strip() for key in keys if row.get(key) not in (None, "")), "")
