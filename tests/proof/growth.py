"""How the CPU time of a function grows with its text: texts that repeat what makes careless code slow, at n and at 8n."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable

SIZE = 500  # characters of the smaller text
TIMES = 8  # the larger text is so many times longer
MOST = 24.0  # how many times longer the larger one may take; quadratic code takes 64 times longer
TICK = 0.008  # seconds of CPU under which a measured time is noise: kernels count in steps of 4 ms
APART = 3.0  # how many times longer than most others a text takes that is looked at closely
TRIES = 5

# What is repeated. Each once made some pattern or loop slow, or looks like the beginning of what one of them looks for.
ATOMS = (
    "a", "a ", "9", "9 ", "1 234 ", "1,", "1.5, ", "1-", "1/", "12x", "5x5 cm ", "3 x 4 x ", "1x2-3x4-", "A-1 ", "A1-aaaa-", "A1.",
    "30er-", "20 °C ", "10 cm ", "5 kg, ", "2 years warranty ", "80 % wool ", "wool ", "not cotton ", "the softest ", "number 1 ", "100% organic cotton. ",
    "compatible with ", "compatible with Apple ", "made in Italy ", "CE ", "Avoid: ", "never use \"a\" ", "don't use ", "ignore ", "ignor", "ignore all ",
    "reveal a ", "system ", "the lid ", "with glue ", "for coffee ", "up to 5 kg ", "act as a ", "SYSTEM:", "<|", "[your", "{{", "{{a", "QUJD", "QUJD=", "www.", "a-", "a.", "a.b-", "a@", "a.b@c.", "http://a",
    "+1 2 ", "(", "((a", ")", "[a", "(kg) ", "a: ", ":", " : ", "::", ".", ". ", "..A", "!", "! ", "?\" ", "…", "A. ", "a.A", "Mr. ", "'", "\"", "’a",
    "-", "--", "–", " ", "  a", "\n", "\n ", " \n", "\na", "\t", "\r\n", "\u00a0", "\u3000", ",", ", ", ",,", ";", "|", "a|", "|,", "/", "a/", "> a ", "\\", "\\n", "\\,",
    "&", "&amp;", "&amp;amp;", "&lt;", "&lt; ", "&#", "&a", "=", "=a", "+", "@", "#", "#a ", "_", "_a", "é", "ж", "ж ", "њ", "中", "中。", "ا ", "ก", "ß", "İ", "ﬁ", "½",
    "\u0301", "a\u0301", "\u0323\u0301", "\u0345\u0301\u0323", "\u200d", "\u200d\u0915", "\u202e", "\x00", "\U0001f600", "٣", "und ", " and ", "und a, ", "to ", "bis zu ", "because ",
    "either a or ", "not only a ", "wird ", "ge a t ", "wurden gemacht ", "keyword ", "keyword keyword", "aA", "Ab ", "ABC", "ab12", "Ünï-",
    "<", "<a", "<a ", "<a>", "</a>", "<a href=\"", "<a href=\"b\">", "<a href=\"product:", "<img ", "<img src=", "<img src=\"a\">", "<img>", "<p", "<p ", "<p>", "</p>", "<p>a</p>",
    "<ul>", "<ul><li>", "<ul class=\"xc-bullets\">", "<ul class=\"xc-bullets\"></ul> ", "<li>", "</li>", "<b>", "<b a=\"", "<i><b>", "<table>", "<table><tr><td>", "<td>", "<div>", "</div>", "<h2>a</h2>", "<h1>", "<blockquote>", "<figure>",
    "<script>", "<script", "</script", "<style>", "<!--", "-->", "<!", "<?", "<![CDATA[", "]]>", "<svg>", "<math><mi>", "<select><option>", "<textarea>", "<x-y>", "<font a>", "<p><b a>",
    "<p style=\"display:", "style=\"", "display :", "<row>", "<row ", "<c ", "<c>", "<c/>", "</row>", "<si>", "<br>", "<br/>", "%", "%%a", "%%a%%", "$", "{", "}", "{\"a\":", "[[", "[1,",
)  # fmt: skip
# (first half, second half)
HALVES = (
    ("<a>", "</b>"), ("<ul>", "</ul>"), ("<div>", "</div>"), ("a ", "<"), ("(", ")"), ("[", "]"), ("<b>", "</p>"), ("<i>", "<p>"), ("a", "@"), ("a-", "."), (" ", "a"), ("\n", "a"),
    ("1 cm ", "2 in "), ("80 % ", "wool "), ("wool ", "80 % "), ("warranty ", "2 years "), ("A1", "-aaaa"), ("\u0301", "\u0323"), ("\"", "'"), ("<row>", "</row>"), ("QUJD", "=="), ("12", "x"),
    ("<table>", "<p>"), ("<b>", "<table>"), ("<font color=a>", "</p>"), ("a:", " "), ("a, ", "b; "), ("not ", "cotton "), ("a. ", "A "), ("either ", "or "),
)  # fmt: skip


# Those that most of what reads a whole product has something to do with.
TELLING = (
    "1-", "12x", "5x5 cm ", "A-1 ", "9 ", "20 °C ", "10 cm ", "2 years warranty ", "80 % wool ", "the softest ", "number 1 ", "ignore all ",
    "’a", "a-", "a.b-", "<a", "&a", "a\u0301", "<p>a</p>", "1 cm …2 in ", "80 % …wool ", "wool …80 % ", "counted", "numbered", "named", "the lid ", "with glue ",
)  # fmt: skip


def texts(size: int) -> dict[str, str]:
    """The texts of about `size` characters, by what they repeat."""
    made = {atom: atom * (size // len(atom)) for atom in ATOMS}
    made |= {f"{atom}·": atom * (size // len(atom)) + "\x00!z" for atom in ATOMS if len(atom) < 3}
    made |= {
        f"{one}…{other}": one * (size // 2 // len(one)) + other * (size // 2 // len(other)) for one, other in HALVES
    }
    counted = "".join(
        f"{number}.{number % 10} cm, A-{number} wool{number} softest{'abcdefghij'[number % 10]} "
        for number in range(size // 30)
    )
    named = " ".join(f"of Mu{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}gor" for number in range(size // 10))
    return made | {
        "named": named,
        "counted": counted,
        "numbered": " ".join(f"{number} kg" for number in range(size // 7)),
    }


def seconds(work: Callable[[str], object], text: str, enough: float = 0.0, tries: int = TRIES) -> float:
    """The least CPU time of some runs; the first one that is quick enough ends them."""
    best = float("inf")
    for _ in range(tries):
        began = time.process_time()
        work(text)
        best = min(best, time.process_time() - began)
        if best <= enough:
            break
    return best


def seconds_of_short(work: Callable[[str], object], text: str, tries: int = TRIES) -> float:
    """The least CPU time of a short text: it is read as often as fills three ticks."""
    often = 1 + int(3 * TICK / max(seconds(work, text, tries=1), TICK / 30))

    def repeated(value: str) -> None:
        for _ in range(often):
            work(value)

    return seconds(repeated, text, tries=tries) / often


def too_steep(work: Callable[[str], object], size: int = SIZE, names: Iterable[str] | None = None) -> list[str]:
    """The texts (all, or those of these names) on which `work` grows faster than it may, each with its two times.

    Looked at closely are those that take long, or longer than most: what is as quick as the others of its length can
    only be steep together with them, and then they all take long. A first look that shows half the growth is enough.
    """
    small, large = texts(size), texts(TIMES * size)
    names = list(large) if names is None else list(names)
    work(small["a "])  # tables and caches are made once
    once = {name: seconds(work, large[name], tries=1) for name in names}
    long = min(MOST * TICK, max(2 * TICK, APART * statistics.median(once.values())))
    found = []
    for name in names:
        if once[name] <= long or once[name] <= MOST / 2 * seconds_of_short(work, small[name], tries=1):
            continue
        least = seconds_of_short(work, small[name])
        most = seconds(work, large[name], enough=MOST * least)
        if most > max(MOST * least, TICK):
            found.append(f"{name!r}: {least * 1000:.1f} ms, then {most * 1000:.1f} ms")
    return found
