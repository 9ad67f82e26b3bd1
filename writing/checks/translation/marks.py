"""What a translation has to carry over letter by letter: placeholders, shortcodes, codes, the SKU and addresses."""

import re
from collections import Counter
from collections.abc import Iterator

from scribe.messages import _
from writing.checks import links, numbers
from writing.checks.translation.pairs import WARNING, Departure, Pair

MOST = 200  # codes or addresses of a field that are looked up one by one

#: `{{ name }}`, `{name}`, `${name}`, `%%name%%`, `%name%`, `%s`, `%1$s`, `%(name)s`, `[name a="b"]`, `[/name]`.
PLACEHOLDER = re.compile(
    r"""\{\{[^{}\n]{0,200}\}\}|\$?\{[\w.$:-]{1,60}\}
    |%%[\w-]{1,60}%%|(?<![\d%])%[a-z][a-z_]{2,40}%(?![a-z])
    |(?<![\d%])%(?:\d{1,2}\$|\([\w.]{1,40}\))?[-+\#0]{0,3}\d{0,3}(?:\.\d{1,2})?[sdfiuxXeEgG@](?![A-Za-z])
    |\[/?[a-z][\w-]{1,40}(?:\s[^\[\]\n<>]{0,300})?/?\]""",
    re.X,
)
#: A word alone in brackets, which may be a shortcode as well as a word of the text: “[optional]”.
_WORD = re.compile(r"\[[a-z]+\]")
#: What visitors read of a shortcode, and a translation may say otherwise.
_READ = re.compile(r"""(?<=\s)(text|title|label|caption|alt|heading)=(?:"[^"]*"|'[^']*')""", re.I)
#: Looks like a code and is a count or an abbreviation before a number: “x2”, “no.1”, “top-10”.
_NO_CODE = re.compile(r"[xX×х]\d+|[a-zа-я]+[-./].*")


def compare(pair: Pair, sku: str) -> Iterator[Departure]:
    yield from _placeholders(pair)
    yield from _literals(pair, sku)


def _placeholders(pair: Pair) -> Iterator[Departure]:
    before, after = (
        Counter(_READ.sub(r"\1=…", mark) for mark in PLACEHOLDER.findall(text))
        for text in (pair.source_raw, pair.target_raw)
    )
    for mark, count in (before - after).items():
        level = WARNING if _WORD.fullmatch(mark) else "error"
        detail = (
            _("The placeholder {mark} is missing {count} times.", mark=_cut(mark), count=count)
            if count > 1
            else _("The placeholder {mark} is missing.", mark=_cut(mark))
        )
        yield Departure(pair.field, "placeholder_missing", detail, level, mark[:200])
    for mark in after - before:
        level = WARNING if _WORD.fullmatch(mark) else "error"
        detail = _("The original does not have the placeholder {mark}.", mark=_cut(mark))
        yield Departure(pair.field, "placeholder_added", detail, level, mark, pair.target.find(mark))


def _literals(pair: Pair, sku: str) -> Iterator[Departure]:
    """Codes and addresses of the original that the translation does not have byte for byte."""
    source = PLACEHOLDER.sub(blank, pair.source)
    wanted = dict.fromkeys(links.addresses(source), "address")
    codes = numbers.find(links.without_addresses(source))[1]
    wanted |= {code.text: "code" for code in codes if not _NO_CODE.fullmatch(code.text)}
    if sku and sku in pair.source:
        wanted[sku] = "SKU"
    if not wanted:
        return
    said = {code.text for code in numbers.find(blank_marks(pair.target))[1]}
    left = [(text, what) for text, what in wanted.items() if text not in said]
    for at, (text, what) in enumerate(left):
        if at < MOST and text in pair.target:
            continue
        yield Departure(
            pair.field, f"{what.lower()}_missing", f"The {what} {_cut(text)} of the original is missing.", text=text
        )


def blank(match: re.Match[str]) -> str:
    """As many spaces, so that places stay the same."""
    return " " * len(match[0])


#: Letters of scripts that join words to numbers without a space; the patterns for numbers know alphabets with spaces.
#: In Arabic and Hebrew only those before a number are joined, so that the units stay.
_SPACED = r"(?![\W\d_])[\u0590-\u08ff]"
_JOINING = r"(?![\W\d_])[\u0900-\u0eff\u1000-\u109f\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_JOINED = re.compile(rf"""(?:{_JOINING}(?:["'״׳](?={_JOINING}))?)+|(?<![\u0590-\u08ff]){_SPACED}+[-־]?(?=\d)""")


def blank_marks(text: str) -> str:
    """`text` with placeholders, addresses, and letters that hide a number replaced by as many spaces."""
    text = links.without_addresses(PLACEHOLDER.sub(blank, text))
    return text if text.isascii() else _JOINED.sub(blank, text)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
