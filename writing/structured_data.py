"""schema.org Product data: names and texts from what was written; price, stock and maker from the source alone."""

import json
import re

from scribe import elements
from scribe.types import Json, JsonValue
from writing import gpsr
from writing.facts import Facts
from writing.text import cut, of_html

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BRAND = (
    "brand",
    "vendor",
    "manufacturer",
    "marke",
    "hersteller",
    "marque",
    "marca",
    "merk",
    "marka",
    "brend",
    "бренд",
)
_GTIN = ("gtin", "ean", "barcode", "upc", "gtin13", "gtin14", "ean13", "isbn", "variant barcode")
_SINGLE = {
    "material": (
        "material",
        "materials",
        "materijal",
        "материјал",
        "matériau",
        "matière",
        "materiale",
        "materiaal",
        "materiał",
        "материал",
    ),
    "color": ("color", "colour", "farbe", "couleur", "colore", "cor", "kleur", "kolor", "boja", "боја", "цвет"),
    "size": (
        "size",
        "größe",
        "taille",
        "talla",
        "taglia",
        "tamanho",
        "maat",
        "rozmiar",
        "veličina",
        "velicina",
        "величина",
        "размер",
    ),
}
_IN = frozenset({"instock", "in stock", "1", "true", "yes", "available", "na stanju"})
_OUT = frozenset({"outofstock", "out of stock", "0", "false", "no", "unavailable"})
_BACKORDER = frozenset({"onbackorder", "backorder", "preorder"})


def build(content: Json, facts: Facts, currency: str = "") -> Json:
    """JSON-LD for `content`. An offer appears only if the source has a price; a currency only if it is known."""
    by_name = {key.casefold(): value for key, value in {**facts.other, **facts.attributes}.items()}
    data: Json = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": content.get("name") or facts.name,
        "description": cut(_visible(str(content.get("short_description") or content.get("description") or "")), 5_000),
        "sku": facts.sku,
        "category": facts.categories[0] if facts.categories else "",
        "image": [image["src"] for image in facts.images if image.get("src", "").startswith(("https://", "http://"))][
            :10
        ],
    }
    if brand := _find_by_name(by_name, _BRAND):
        data["brand"] = {"@type": "Brand", "name": brand}
    if (gtin := re.sub(r"\D", "", _find_by_name(by_name, _GTIN))) and len(gtin) in (8, 12, 13, 14):
        data[f"gtin{len(gtin)}"] = gtin
    for key, names in _SINGLE.items():
        data[key] = _find_by_name(by_name, names)
    if offer := _offer(facts, currency):
        data["offers"] = offer
    used = {name for names in (_BRAND, _GTIN, *_SINGLE.values()) for name in names}
    data["manufacturer"], safety = gpsr.as_json_ld(facts.safety)
    data["additionalProperty"] = (
        safety
        + [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in facts.attributes.items()
            if name.casefold() not in used and not gpsr.part_of(name)
        ][:30]
    )
    return {key: value for key, value in data.items() if value}


def apply_edit(given: Json, content: Json, facts: Facts, currency: str = "") -> Json:
    """The data as a person edited it. Their plain values are kept, but price, stock, manufacturer and warnings stay
    those of the source."""
    built = build(content, facts, currency)
    own = _plain({key: value for key, value in given.items() if key not in ("@context", "@type", "manufacturer")})
    if "additionalProperty" in own:
        listed = own["additionalProperty"] if isinstance(own["additionalProperty"], list) else []
        own["additionalProperty"] = gpsr.as_json_ld(facts.safety)[1] + [
            one for one in listed if not (isinstance(one, dict) and str(one.get("propertyID")).startswith(gpsr.CODE))
        ]
    return {key: value for key, value in {**built, **own}.items() if value}


def as_text(data: Json) -> str:
    """The data as JSON for a `<script>` element of a page. Its texts cannot end that element."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _offer(facts: Facts, currency: str) -> dict[str, str]:
    number = _NUMBER.search(facts.price)
    if number is None:
        return {}
    offer = {"@type": "Offer", "price": _decimal(number[0])}
    if known := (facts.currency or currency):
        offer["priceCurrency"] = known
    stock = facts.stock.casefold()
    amount = _NUMBER.fullmatch(stock)
    if stock in _BACKORDER:
        offer["availability"] = "https://schema.org/BackOrder"
    elif stock in _OUT or (amount and float(_decimal(amount[0])) <= 0):
        offer["availability"] = "https://schema.org/OutOfStock"
    elif stock in _IN or amount:
        offer["availability"] = "https://schema.org/InStock"
    return offer


def _decimal(number: str) -> str:
    """`1.234,50`, `1,234.50` and `1234,5` as `1234.50`, `1234.50`, `1234.5`."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number
    whole, fraction = re.sub(r"[.,]", "", number[:last]), number[last + 1 :]
    thousands = (
        len(fraction) == 3
        and (number.count(".") + number.count(",") > 1)
        and len({c for c in number if c in ".,"}) == 1
    )
    return whole + fraction if thousands else f"{whole}.{fraction}"


def _find_by_name(by_name: dict[str, str], names: tuple[str, ...]) -> str:
    return next((by_name[name] for name in names if by_name.get(name)), "")


def _plain(value: object) -> JsonValue:
    if isinstance(value, str):
        return _words(value, 5_000)
    if isinstance(value, dict):
        return {
            name: _plain(inner)
            for key, inner in list(value.items())[:50]
            if key != "offers" and (name := _words(str(key), 80))
        }
    if isinstance(value, list):
        return [_plain(inner) for inner in value[:50]]
    return value if isinstance(value, int | float | bool) else ""


def _visible(text: str) -> str:
    """The visible words of a text, plain or HTML. A `<` that begins no element of HTML stays, as in “size <M>”."""
    return of_html(elements.escape_others(text))


def _words(value: str, most: int) -> str:
    text = _visible(value)
    return cut(text.replace("<", "") if elements.found_in(text) else text, most)
