"""Descriptions of terms: WordPress keeps only inline tags in them (`wp_filter_kses`), for users of any rights.

A theme shows a term's description through `wpautop`: blank lines become paragraphs, single line ends become breaks.
"""

import re

_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\b[^<>]*>|</(?:li|tr)>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|ul|ol|dl|dt|dd|table|thead|tbody|tr|section|article|header|footer|figure|figcaption|pre)\b[^<>]*>",
    re.IGNORECASE,
)
_HAS_BLOCK = re.compile(r"<(?:p|div|ul|ol|li|h[1-6]|table|br)\b", re.IGNORECASE)


def as_lines(text: str) -> str:
    """The text with blank lines for paragraphs, `•` for list items and bold lines for headings; inline tags stay."""
    if not _HAS_BLOCK.search(text):
        return text
    text = " ".join(text.split())  # line ends in HTML source have no meaning
    text = _HEADING.sub(lambda tag: "</strong>\n\n" if tag[1] else "\n\n<strong>", text)
    text = _ITEM.sub("\n• ", _BREAK.sub("\n", text))
    text = _BLOCK.sub("\n\n", text)
    lines: list[str] = []
    for line in map(str.strip, text.split("\n")):
        if line and line != "•":
            lines.append(line)
        elif lines and lines[-1]:
            lines.append("")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(
        line for n, line in enumerate(lines) if line or not (_is_point(lines[n - 1]) and _is_point(lines[n + 1]))
    )


def _is_point(line: str) -> bool:
    return line.startswith("• ")
