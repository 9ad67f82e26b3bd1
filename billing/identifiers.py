"""Serbian numbers with check digits: bank accounts and payment references. Digits are [0-9] alone."""

import re

ACCOUNT = re.compile(r"([0-9]{3})-([0-9]{1,13})-([0-9]{2})")


def account(text: str) -> str | None:
    """The 18 digits of a bank account (`BBB-C…C-KK` or 18 digits); None unless the control number fits (mod 97 = 1)."""
    text = text.strip()
    if parts := ACCOUNT.fullmatch(text):
        digits = parts[1] + parts[2].rjust(13, "0") + parts[3]
    elif re.fullmatch(r"[0-9]{18}", text):
        digits = text
    else:
        return None
    return digits if int(digits) % 97 == 1 else None


def shown_account(digits: str) -> str:
    """With dashes, and without the leading zeros of the core."""
    return f"{digits[:3]}-{digits[3:16].lstrip('0') or '0'}-{digits[16:]}"


def reference_97(body: str) -> str:
    """`97`, two check digits, and `body` (digits and capital letters, A = 10 … Z = 35; at most 21 characters)."""
    if not re.fullmatch(r"[0-9A-Z]{1,21}", body):
        raise ValueError(body)
    return f"97{_check(body)}{body}"


def is_reference_97(text: str) -> bool:
    found = re.fullmatch(r"97([0-9]{2})([0-9A-Z]{1,21})", text)
    return found is not None and _check(found[2]) == found[1]


def _check(body: str) -> str:
    digits = "".join(str(int(character, 36)) for character in body)
    return f"{98 - int(digits + '00') % 97:02}"
