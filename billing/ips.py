"""The text of an NBS IPS QR code: `TAG:value` fields joined by `|`, UTF-8, at most 331 bytes."""

import re
from decimal import Decimal

from billing import identifiers

ORDER = ("K", "V", "C", "R", "N", "I", "P", "SF", "S", "RO")
NEEDED = ("K", "V", "C", "R", "N", "I", "SF")
AMOUNT = re.compile(r"RSD(0|[1-9][0-9]*),([0-9]{0,2})")
REPLACED = str.maketrans({"|": " ", "„": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
MOST_BYTES = 331


def amount(value: Decimal) -> str:
    """`RSD1234,56`: a comma, two decimals, no thousands mark."""
    return f"RSD{value:.2f}".replace(".", ",")


def clean(text: str) -> str:
    """One line as the QR code takes it: plain quotes and dashes, no `|`, blanks collapsed."""
    return " ".join(text.translate(REPLACED).split())


def payee(name: str, street: str = "", city: str = "") -> str:
    """The payee on up to three lines, at most 70 characters: the name whole if possible, the seat as far as it fits."""
    lines = [clean(name)[:70]]
    for line in (clean(street), clean(city)):
        if line and len("\r\n".join([*lines, line])) <= 70:
            lines.append(line)
    return "\r\n".join(lines)


def payload(*, account: str, name: str, rsd: Decimal, code: str, purpose: str, reference: str) -> str:
    """The payment as a QR text. `account` has 18 digits, `reference` is model 97. Raises ValueError if it breaks a rule."""
    fields = {
        "K": "PR",
        "V": "01",
        "C": "1",
        "R": account,
        "N": name,
        "I": amount(rsd),
        "SF": code,
        "S": clean(purpose)[:35],
        "RO": reference,
    }
    text = "|".join(f"{tag}:{fields[tag]}" for tag in ORDER if fields.get(tag))
    if fault := check(text):
        raise ValueError(fault)
    return text


def check(text: str) -> str | None:
    """Which rule a QR text breaks, as a short code; None when it breaks none."""
    if text != text.strip() or text.startswith("|") or text.endswith("|"):
        return "edge"
    fields: dict[str, str] = {}
    for part in text.split("|"):
        tag, colon, value = part.partition(":")
        if not colon:
            return "field_without_colon"
        if tag in fields:
            return f"duplicate_tag:{tag}"
        if tag not in ORDER:
            return f"unknown_tag:{tag}"
        if not value:
            return f"empty:{tag}"
        fields[tag] = value
    if missing := next((tag for tag in NEEDED if tag not in fields), None):
        return f"missing:{missing}"
    if list(fields) != [tag for tag in ORDER if tag in fields]:
        return "order"
    return _check_values(fields) or ("too_long" if len(text.encode()) > MOST_BYTES else None)


def _check_values(fields: dict[str, str]) -> str | None:
    if fields["K"] not in ("PR", "PT", "PK", "EK"):
        return "K"
    for tag, only in (("V", "01"), ("C", "1")):
        if fields[tag] != only:
            return tag
    if not re.fullmatch(r"[0-9]{18}", fields["R"]):
        return "R_format"
    if identifiers.account(fields["R"]) is None:
        return "R_check"
    for tag in ("N", "P"):
        if tag in fields and (len(fields[tag]) > 70 or fields[tag].count("\n") > 2):
            return f"{tag}_length"
    found = AMOUNT.fullmatch(fields["I"])
    if not found or not 5 <= len(fields["I"]) <= 18:
        return "I_format"
    if int(found[1]) == 0 and not int(found[2] or 0):
        return "I_zero"
    if not re.fullmatch(r"[0-9]{3}", fields["SF"]):
        return "SF_format"
    if "S" in fields and (len(fields["S"]) > 35 or "\n" in fields["S"] or "\r" in fields["S"]):
        return "S_length"
    return _check_reference(fields["RO"]) if "RO" in fields else None


def _check_reference(reference: str) -> str | None:
    if len(reference) > 25:
        return "RO_length"
    if reference.startswith("97"):
        if not re.fullmatch(r"97[0-9A-Z]{3,}", reference):
            return "RO_format"
        return None if identifiers.is_reference_97(reference) else "RO_check"
    return None if re.fullmatch(r"[0-9]{2}[0-9A-Za-z-]+", reference) else "RO_format"
