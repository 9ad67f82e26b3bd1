"""What an offer has to say of a product's maker and its dangers, copied from the source: Regulation (EU) 2023/988
(general product safety), Art. 19. No model writes it. Not legal advice.

A source names these data in attributes, custom fields or columns. Their names are looked up in the languages of shops.
"""

import re
from collections.abc import Iterable, Mapping

from scribe.messages import _
from scribe.types import Json
from writing.text import cut, strip_html

CODE = "gpsr"  # of the rule of law
LONGEST = 5_000  # characters
_OWNERS = {
    "manufacturer": "manufacturer|producer|maker|hersteller|produzent|fabricante?|produttore|fabbricante|producent|"
    "wytwórca|proizvođač",
    "responsible": "(?:eu )?responsible person|responsible economic operator|(?:eu )?verantwortliche person|"
    "personne responsable|persona responsa(?:ble|bile)|osoba odpowiedzialna|odgovorna osoba",
}
_DETAILS = {
    "": "|name|nom|nombre|nome|nazwa|naziv",
    "_contact": r".*\b(?:e-?mail|mail|website|url|contact|kontakt|web|contacto|contatto|strona)\b.*",
    "_address": r".*\b(?:address|(?:post)?anschrift|adresse|direcci[óo]n|indirizzo|adres|adresa)\b.*",
}
_WARNINGS = (
    "warnings?|safety (?:information|instructions|warnings)|product safety|warnhinweise?|"
    "sicherheits(?:hinweise?|informationen)|avertissements?|(?:consignes|informations) de sécurité|advertencias|"
    "(?:instrucciones|información) de seguridad|avvertenze|informazioni sulla sicurezza|ostrzeżenia|"
    "informacje o bezpieczeństwie|upozorenja|bezbednosna uputstva"
)
_NAMES = {
    f"{owner}{detail}": re.compile(rf"(?:{own})(?:'s)? ?(?:{rest})")
    for owner, own in _OWNERS.items()
    for detail, rest in _DETAILS.items()
} | {"warnings": re.compile(_WARNINGS)}
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)?")
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|https?://|\bwww\.|\b[\w-]+\.(?:com|eu|de|at|fr|es|it|pl|rs|net|org)\b", re.I
)
_ADDRESS = re.compile(r"\d")
# What is missing from a source, as a person reads it.
MISSING = {
    "manufacturer": _("the manufacturer"),
    "manufacturer_address": _("the manufacturer's postal address"),
    "manufacturer_contact": _("the manufacturer's electronic address"),
    "warnings": _("warnings and safety information"),
}


def part_of(name: str) -> str:
    """The part of these data that a field of this name holds: `manufacturer_address` for "Hersteller Adresse". Empty
    for any other field."""
    said = " ".join(_WORD.findall(name.casefold().removeprefix("gpsr")))
    return next((part for part, names in _NAMES.items() if names.fullmatch(said)), "")


def read(fields: Iterable[tuple[str, object]]) -> Mapping[str, str]:
    """The data in a source's fields by their parts, letter by letter but for markup. The first of a part counts."""
    found: dict[str, str] = {}
    for name, value in fields:
        if isinstance(value, str) and (part := part_of(name)) and (text := cut(strip_html(value), LONGEST)):
            found.setdefault(part, text)
    return found


def missing(data: Mapping[str, str]) -> list[str]:
    """The parts that a source lacks. One field may hold a maker's name and addresses together."""
    maker = " ".join(data.get(part, "") for part in ("manufacturer", "manufacturer_address", "manufacturer_contact"))
    lacking = {
        "manufacturer": not data.get("manufacturer"),
        "manufacturer_address": not data.get("manufacturer_address")
        and not _ADDRESS.search(data.get("manufacturer", "")),
        "manufacturer_contact": not data.get("manufacturer_contact") and not _CONTACT.search(maker),
        "warnings": not data.get("warnings"),
    }
    return [part for part, lacks in lacking.items() if lacks]


def without_written(attributes: Mapping[str, str], data: Mapping[str, str]) -> dict[str, str]:
    """Attributes that a model wrote, with these data as the source has them, or without them."""
    found: dict[str, str] = {}
    for name, value in attributes.items():
        part = part_of(name)
        if not part:
            found[name] = value
        elif data.get(part):
            found[name] = data[part]
    return found


def as_json_ld(data: Mapping[str, str]) -> tuple[Json, list[Json]]:
    """The maker as schema.org's `manufacturer`; the rest, for which it has no place, as `additionalProperty`."""
    contact = data.get("manufacturer_contact", "")
    maker: Json = {
        "@type": "Organization",
        "name": data.get("manufacturer", ""),
        "address": data.get("manufacturer_address", ""),
        "email" if "@" in contact else "url": contact,
    }
    person = ", ".join(
        filter(None, (data.get(part, "") for part in ("responsible", "responsible_address", "responsible_contact")))
    )
    rest = (
        ("responsible_person", "Responsible person in the EU", person),
        ("warnings", "Warnings", data.get("warnings", "")),
    )
    named = {key: value for key, value in maker.items() if value} if maker["name"] else {}
    return named, [
        {"@type": "PropertyValue", "propertyID": f"gpsr:{key}", "name": name, "value": value}
        for key, name, value in rest
        if value
    ]
