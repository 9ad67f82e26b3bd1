"""Unicode's normal forms, safe for text that anybody may have written.

Normalization sorts the combining marks in a row, in time that grows with the square of their number.
https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format allows 30 in a row; no language comes near that.
"""

import re
import unicodedata
from functools import cache
from typing import Literal

MOST = 30
_LAST = 0x1E94A  # the last code point with a combining class


def normalize(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """`text` in a normal form, without marks that follow thirty others. Takes time linear in its length."""
    return unicodedata.normalize(form, stream_safe(text))


def stream_safe(text: str) -> str:
    """`text` without combining marks that follow thirty others."""
    return text if len(text) <= MOST or text.isascii() else _rows().sub(r"\1", text)


@cache
def _rows() -> re.Pattern[str]:
    """The pattern of a row of marks. Group 1 has the first thirty."""
    marks = [code for code in range(0x300, _LAST + 1) if unicodedata.combining(chr(code))]
    ends = zip(marks, [*marks[1:], 0], [0, *marks], strict=False)
    kind = ""
    for code, following, before in ends:
        if code - 1 != before:
            kind += f"\\U{code:08x}-"
        if code + 1 != following:
            kind += f"\\U{code:08x}"
    return re.compile(f"([{kind}]{{{MOST}}})[{kind}]+")
