"""A published page held against our texts: which of them it shows word for word, and which words are others there.

What shops' own filters do to typography is no difference: curly quotes, dashes, ellipses, a multiplication sign for an
x, spaces that do not break, all marks between words (https://developer.wordpress.org/reference/functions/wptexturize/).
"""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from lxml import etree

from blog.seo import document
from scribe.marks import normalize
from scribe.types import Json
from writing import text_steps
from writing.text import strip_html

SAME, CHANGED, MISSING = "same", "changed", "missing"
HEAD = ("seo.title", "seo.description")  # a page has them in its head
INLINE = frozenset("a abbr b bdi bdo cite code em font i mark q s small span strong sub sup u wbr".split())  # noqa: SIM905
UNSEEN = frozenset(("script", "style", "noscript", "template"))
MOST_PAGE = 200_000  # characters of a page's text that are looked at
_LETTERS = str.maketrans({"×": "x", "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None})
# Numbers with their separators, words, and the signs that change what is said.
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%‰°€$£¥+<>=≤≥±]")


def words(text: str) -> list[str]:
    return _WORD.findall(normalize("NFKC", text.translate(_LETTERS)).translate(_LETTERS))


def compare(page: str, texts: Mapping[str, list[str]]) -> list[Json]:
    """`{field, state, changes}` of each of our texts, which may be HTML and come in several lines, against a page's
    HTML. `changes` are `{ours, page}`, the words that differ; `missing`: the page does not show the text at all."""
    head, body = _page_words(page)
    return [
        {"field": name, **_look(lines, head if name in HEAD else body)}
        for name, lines in texts.items()
        if any(words(strip_html(line)) for line in lines)
    ]


def _look(lines: list[str], there: list[str]) -> Json:
    states, changes = [], []
    for line in lines:
        if ours := words(strip_html(line)):
            state, found = _find(ours, there)
            states.append(state)
            changes += found
    worst = CHANGED if CHANGED in states or len({*states}) > 1 else states[0]
    return {"state": worst, "changes": changes}


def _find(ours: list[str], there: list[str]) -> tuple[str, list[Json]]:
    """Our words where the page has most of them in a row."""
    if f" {' '.join(ours)} " in f" {' '.join(there)} ":
        return SAME, []
    match = SequenceMatcher(None, ours, there).find_longest_match()
    if match.size * 4 < len(ours) and match.size < 4:
        return MISSING, []
    start = max(0, match.b - match.a - len(ours) // 4)
    window = there[start : match.b + len(ours) - match.a + len(ours) // 4]
    return CHANGED, list(_changes(ours, window))


def _changes(ours: list[str], window: list[str]) -> Iterator[Json]:
    """The differences within our text: what the page has before and behind it is none."""
    steps = list(text_steps.operations(ours, window))
    while steps and steps[0][0] == "insert":
        steps.pop(0)
    while steps and steps[-1][0] == "insert":
        steps.pop()
    for operation, start, end, from_, to in steps:
        if operation != "equal":
            edge = (start == 0 or end == len(ours)) and operation == "replace"
            shown = [] if edge and to - from_ > 2 * (end - start) else window[from_:to]
            yield {"ours": " ".join(ours[start:end]), "page": " ".join(shown)}


def _page_words(page: str) -> tuple[list[str], list[str]]:
    """The words of the page's head (title and descriptions) and of its body."""
    tree = document.parse(page)
    if tree is None:
        return [], []
    head = [node.text or "" for node in tree.iter("title")]
    head += [node.get("content") or "" for node in tree.iter("meta")]
    body = tree.find("body")
    walker = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    pieces: list[str] = []
    for event, node in walker:
        if event == "start" and node.tag in UNSEEN:
            walker.skip_subtree()
            continue
        pieces += ["" if node.tag in INLINE else " ", (node.text if event == "start" else node.tail) or ""]
    return words(" ".join(head)), words("".join(pieces)[:MOST_PAGE])
