"""Checks of how well the text reads. A check that needs an unknown language's rules does not apply."""

from collections.abc import Iterator
from itertools import groupby

from blog.seo.checks.base import NOT_APPLICABLE, Paper, SeoCheck, SeoFinding, percent
from blog.seo.document import DocumentSentence

SECTION_MAX = 300
PARAGRAPH_MAX = 150
OMISSIONS = ("(...)", "(…)", "[...]", "[…]")


def text_presence(paper: Paper) -> SeoFinding:
    """Lower the score of a text that is too short to judge. The check does not apply to a longer text."""
    characters = sum(len(block.text) for block in paper.document.blocks)
    return SeoFinding("bad", 3, {"chars": characters, "min": 50}, characters) if characters < 50 else NOT_APPLICABLE


def subheading_distribution(paper: Paper) -> SeoFinding:
    if paper.document.is_empty:
        return NOT_APPLICABLE
    sections, current, headings = [], 0, 0
    for block in paper.document.blocks:
        if block.level >= 2:
            sections.append(current)
            current, headings = 0, headings + 1
        else:
            current += block.words
    longest = max(*sections, current) if sections else current
    params = {"words": longest, "limit": SECTION_MAX, "headings": headings}
    if paper.document.word_count <= SECTION_MAX or longest <= SECTION_MAX:
        return SeoFinding("good", 9, params, longest)
    if not headings:
        return SeoFinding("none", 2, params, longest)
    return SeoFinding("ok", 6, params, longest) if longest <= 350 else SeoFinding("bad", 3, params, longest)


def paragraph_length(paper: Paper) -> SeoFinding:
    lengths = [block.words for block in paper.document.paragraphs if block.words]
    if not lengths:
        return NOT_APPLICABLE
    longest = max(lengths)
    params = {
        "words": longest,
        "limit": PARAGRAPH_MAX,
        "count": sum(n > PARAGRAPH_MAX for n in lengths),
    }
    if longest <= PARAGRAPH_MAX:
        return SeoFinding("good", 9, params, longest)
    return SeoFinding("ok", 6, params, longest) if longest <= 200 else SeoFinding("bad", 3, params, longest)


def sentence_length(paper: Paper) -> SeoFinding:
    sentences = paper.document.sentences
    if not sentences:
        return NOT_APPLICABLE
    limit = paper.language.sentence_limit
    share = percent(sum(len(s.words) > limit for s in sentences), len(sentences))
    return _by_share(share, good=25, ok=30, words=limit)


def transition_words(paper: Paper) -> SeoFinding:
    sentences = paper.document.sentences
    if not paper.language.connectors or not sentences:
        return NOT_APPLICABLE
    share = percent(sum(paper.language.has_connector(s.words) for s in sentences), len(sentences))
    params = {"share": share, "limit": 30}
    if paper.document.word_count <= 200 or share >= 30:
        return SeoFinding("good", 9, params, share)
    return SeoFinding("ok", 6, params, share) if share >= 20 else SeoFinding("bad", 3, params, share)


def passive_voice(paper: Paper) -> SeoFinding:
    sentences = paper.document.sentences
    if paper.language.is_passive is None or not sentences:
        return NOT_APPLICABLE
    share = percent(sum(paper.language.is_passive(s.text) for s in sentences), len(sentences))
    return _by_share(share, good=10, ok=15)


def sentence_beginnings(paper: Paper) -> SeoFinding:
    if not paper.language.known or not paper.document.sentences:
        return NOT_APPLICABLE
    longest = max((len(list(run)) for _, run in groupby(_openings(paper))), default=1)
    params = {"count": longest, "limit": 2}
    return SeoFinding("bad", 3, params, longest) if longest > 2 else SeoFinding("good", 9, params, longest)


def _prose(paper: Paper) -> list[DocumentSentence]:
    """The sentences of paragraphs and headings. Lists and tables are left out: their entries may begin alike."""
    return [
        sentence
        for block in paper.document.blocks
        if not block.listed and (block.is_paragraph or block.level)
        for sentence in block.sentences
    ]


def _openings(paper: Paper) -> Iterator[tuple[int, tuple[str, ...]]]:
    """How each sentence begins, with the number of omission marks before it: what "(…)" parts is no run."""
    omissions = 0
    for sentence in _prose(paper):
        yield omissions, _opening(sentence, paper.language.weak_openers)
        omissions += sentence.text.endswith(OMISSIONS)


def _opening(sentence: DocumentSentence, weak: frozenset[str]) -> tuple[str, ...]:
    """The first word, or the first two if the first is in `weak` (an article or the like)."""
    words = sentence.words
    return words[:2] if words[0] in weak else words[:1]


def _by_share(share: float, *, good: float, ok: float, **params: int) -> SeoFinding:
    outcome, score = ("good", 9) if share <= good else ("ok", 6) if share <= ok else ("bad", 3)
    return SeoFinding(outcome, score, {"share": share, "limit": good, **params}, share)


CHECKS = (
    SeoCheck("text_presence", "readability", text_presence),
    SeoCheck("subheading_distribution", "readability", subheading_distribution),
    SeoCheck("paragraph_length", "readability", paragraph_length),
    SeoCheck("sentence_length", "readability", sentence_length),
    SeoCheck("transition_words", "readability", transition_words),
    SeoCheck("passive_voice", "readability", passive_voice),
    SeoCheck("sentence_beginnings", "readability", sentence_beginnings),
)
