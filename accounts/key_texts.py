"""How an API key is written: `xcs_live_` or `xcs_test_`, 36 random characters, and 6 that sum up all before them.

The sum lets secret scanners and clients tell a key from any other text, and a typo from a dead key.
"""

import re
import secrets
import string
import zlib

PREFIX = "xcs_"
RANDOM = 36
SUM = 6
#: How much of a key is kept and shown, to tell one from another.
VISIBLE = len(f"{PREFIX}live_") + 6

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
FORM = re.compile(rf"{PREFIX}(live|test)_[0-9A-Za-z]{{{RANDOM + SUM}}}")


def create(mode: str) -> str:
    """A new key of `mode` (`live` or `test`)."""
    body = f"{PREFIX}{mode}_" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return body + checksum(body)


def checksum(body: str) -> str:
    """The CRC-32 of `body` in base 62 (digits, capitals, small letters), six characters, the highest first."""
    number, found = zlib.crc32(body.encode()), ""
    for _ in range(SUM):
        number, digit = divmod(number, len(ALPHABET))
        found = ALPHABET[digit] + found
    return found


def is_mistyped(raw: str) -> bool:
    """Whether `raw` begins as a key with a mode and cannot be one. Keys of the first kind, `xcs_` alone, have no sum."""
    if not raw.startswith((f"{PREFIX}live_", f"{PREFIX}test_")):
        return False
    return not FORM.fullmatch(raw) or checksum(raw[:-SUM]) != raw[-SUM:]
