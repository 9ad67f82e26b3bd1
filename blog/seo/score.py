"""The SEO and readability score of a post: deterministic, by published rules, fast enough for every keystroke.

Each check that applies gives points: 9 at best, below zero for spam and thin text. Let `s` be the points of the `n` SEO
checks that apply. Then `seo = 100·Σs/(9·n)`, cut to 0..100; readability is computed in the same way, and
`score = 0.7·seo + 0.3·readability`. Without a keyphrase the score is readability alone; without text it is 0.
A check is bad up to 4 points, ok up to 7, else good. A score is bad up to 40, ok up to 70, else good.
"""

from collections.abc import Iterable

from blog.seo import checks, languages, messages
from blog.seo.checks import Paper, SeoCheck, SeoFinding
from blog.seo.document import Document, read
from blog.seo.keyphrase import Keyphrase
from scribe.types import Json

ENGINE_VERSION = 2
READING_WORDS_PER_MINUTE = 200

_NEEDS_LANGUAGE = frozenset({"transition_words", "passive_voice", "sentence_beginnings"})


def score(
    *,
    content: str,
    title: str = "",
    description: str = "",
    slug: str = "",
    focus_keyword: str = "",
    language: str = "en",
    own_hosts: Iterable[str] = (),
    stemming: bool = True,
) -> Json:
    """Judge one post. `content` is HTML; links to the host names `own_hosts` are internal. No text makes it raise."""
    known = languages.find(language)
    document = read(content, known)
    keyphrase = Keyphrase(focus_keyword, known, stemming=stemming)
    paper = Paper(
        document=document,
        language=known,
        keyphrase=keyphrase,
        title=title.strip(),
        description=" ".join((description or "").split()),
        slug=(slug or "").strip(),
        own_hosts=frozenset(host.lower().removeprefix("www.") for host in own_hosts),
    )
    found = [(check, check.run(paper)) for check in checks.ALL]
    seo = _points(f for c, f in found if c.group == "seo")
    readability = 0 if document.is_empty else _points(f for c, f in found if c.group == "readability")
    overall = _overall(seo, readability, document, keyphrase)
    rendered = [_render(check, finding, paper) for check, finding in found]
    return {
        "score": overall,
        "grade": _grade(overall),
        "focus_keyword": keyphrase.text and focus_keyword.strip(),
        "seo_score": seo if keyphrase and not document.is_empty else None,
        "checks": rendered,
        "readability": _readability(
            document,
            paper,
            readability,
            [f for c, f in found if c.group == "readability"],
        ),
        "recommendations": _recommendations(found, rendered, document),
        "engine_version": ENGINE_VERSION,
    }


def _points(findings: Iterable[SeoFinding]) -> int:
    points = [finding.score for finding in findings if finding.score is not None]
    return max(0, min(100, round(100 * sum(points) / (9 * len(points))))) if points else 0


def _overall(seo: int, readability: int, document: Document, keyphrase: Keyphrase) -> int:
    if document.is_empty:
        return 0
    return round(0.7 * seo + 0.3 * readability) if keyphrase else readability


def _grade(value: int) -> str:
    return "bad" if value <= 40 else "ok" if value <= 70 else "good"


def _status(points: int | None) -> str:
    if points is None:
        return "na"
    return "bad" if points <= 4 else "ok" if points <= 7 else "good"


def _render(check: SeoCheck, finding: SeoFinding, paper: Paper) -> Json:
    key = f"{'seo' if check.group == 'seo' else 'read'}.{check.id}.{finding.outcome}"
    if finding.outcome != "na":
        message = messages.text(key, finding.params)
    elif check.id in _NEEDS_LANGUAGE and not paper.document.is_empty:
        message = messages.LANGUAGE
    elif check.group == "seo" and not paper.keyphrase:
        message = messages.NO_KEYPHRASE
    else:
        message = messages.NOT_APPLICABLE
    return {
        "id": check.id,
        "group": check.group,
        "status": _status(finding.score),
        "score": finding.score,
        "message": message,
        "key": key,
        "params": finding.params,
        "value": finding.value,
    }


def _readability(document: Document, paper: Paper, points: int, findings: list[SeoFinding]) -> Json:
    sentences, words = len(document.sentences), document.word_count
    return {
        "score": points,
        "grade": _grade(points),
        "band": _band(findings, full=paper.language.is_passive is not None) if words else 0,
        "language": paper.language.code,
        "language_supported": paper.language.known,
        "words": words,
        "sentences": sentences,
        "paragraphs": sum(bool(block.words) for block in document.paragraphs),
        "average_sentence_words": round(words / sentences, 1) if sentences else 0,
        "reading_minutes": -(-words // READING_WORDS_PER_MINUTE),
    }


def _band(findings: list[SeoFinding], *, full: bool) -> int:
    """The mark of 30, 60 or 90 that editors show, by penalties. Without `full` fewer checks apply, so limits differ."""
    marks = [_status(f.score) for f in findings if f.score is not None]
    penalty = sum({"bad": 3 if full else 4, "ok": 2}.get(mark, 0) for mark in marks)
    low, middle = (6, 4) if full else (4, 2)
    return 30 if penalty > low else 60 if penalty > middle else 90


def _recommendations(
    found: list[tuple[SeoCheck, SeoFinding]],
    rendered: list[Json],
    document: Document,
) -> list[str]:
    """The messages of checks that are not good: missing data first, then faults from the fewest points up."""
    if document.is_empty:
        return [messages.MESSAGES["seo.text.empty"]]
    faults = [
        (finding.score, reply["message"])
        for (_, finding), reply in zip(found, rendered, strict=True)
        if finding.score is not None and finding.score <= 7
    ]
    ranked = [message for _, message in sorted(faults, key=lambda fault: fault[0])]
    missing = [m for (c, f), r in zip(found, rendered, strict=True) if f.outcome == "missing" and f.score is None
               for m in (r["message"],)]  # fmt: skip
    return missing + ranked
