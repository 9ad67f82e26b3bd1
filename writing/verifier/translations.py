"""A second model reads a translation against its original: what it leaves out, and which words say something else.

Numbers, codes, links, markup and denials are compared without a model (`checks.translation`). These findings join them.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

from scribe.messages import _
from scribe.types import Json
from writing.checks import CheckReport, fields, translation
from writing.checks.report import conclude
from writing.checks.translation import negation
from writing.checks.translation.pairs import WARNING, Departure
from writing.fields import FIELDS, Role
from writing.verifier import passages
from writing.verifier.request import SentenceAnswer
from writing.verifier.sentences import Sentence, sentences_of
from writing.verifier.verdicts import Reading, in_words, place_of

READER = "reader"  # who found it, where the comparison without a model did not
_OVERRULED = negation.CODES | {"number_added", "unit_changed"}
_SEARCH_WORDS = frozenset(row.name for row in FIELDS if row.role is Role.KEYWORDS)
TERMS = """# Translations
Where a text is called a translation, judge it as an editor of a translation agency does, too.
- `12:3 ~für Kleinkinder bis 18 Monate` these words of the sentence would mislead a customer or make him
  stumble. Copy them letter by letter; part several by |. Such are another sense than the original's (another
  meaning of a word, the opposite, a condition, limit, direction, target group, amount, colour or material
  changed, a stronger or weaker claim), words left in the original's language that the text's language has its
  own word for, mistakes of spelling, grammar, case or agreement, words of another country or dialect than the
  text's, a familiar address beside a formal one, one thing called by two names, an idiom translated word by
  word, a name or model that should have stayed.
- `4:~` a line of its own for each passage of the original whose statement the translation leaves out, in whole
  or in part, or breaks off.
No faults are free wording, another order or other borders of sentences, a right conversion, another number
format, the name of a brand or model kept, and tone."""


def find_said(known: Mapping[str, SentenceAnswer], fresh: Mapping[str, SentenceAnswer]) -> list[str]:
    """The keys of passages that were left out and that a sentence of a later draft says."""
    said = {passages.key(one.line) for answer in fresh.values() if not answer.omitted for one in answer.passages}
    return [key for key, answer in known.items() if answer.omitted and passages.key(answer.passages[0].line) in said]


def add_findings(
    report: CheckReport, content: Json, reading: Reading, answers: Mapping[str, SentenceAnswer]
) -> CheckReport:
    """`report` of a translation with what the second model found in its check `translation`. What is left out has the
    digest of the field that it is left out of, as `left_out_of`. A denial that the tables find lost or made up is a
    warning where the model judged the sentence to be right: languages deny in more ways than tables know. So is a
    number where the original has it in words."""
    texts = _texts(content)
    found = [departure.finding() | {"found_by": READER} for departure in _departures(reading, answers)]
    for row in found:
        if not row.get("text"):
            row["left_out_of"] = _digest(texts, row["field"])

    def is_right(row: Json, said: Sequence[Sentence]) -> bool:
        judged = [answers.get(sentence.key) for sentence in said]
        return all(
            one and not one.accused and not one.mistranslated and (row["code"] in negation.CODES or in_words(one))
            for one in judged
        )

    return _with(report, found, reading.sentences, is_right)


def carry_over(report: CheckReport, earlier: Sequence[Json], content: Json) -> CheckReport:
    """`report` of an edited translation with those findings of the second model that still hold: wrong words that stand
    in the text, and what is left out of a field that nobody has edited. What it judged to be right stays right where
    the sentence stays."""
    texts = _texts(content)
    rows = [row for check in earlier if check["id"] == translation.ID for row in check["findings"]]
    found = []
    for row in rows:
        if row.get("found_by") != READER:
            continue
        text, words = texts.get(row["field"], ""), row.get("text", "")
        if words and (start := text.find(words)) >= 0:
            found.append({**row, "start": start, "end": start + len(words)})
        elif not words and _digest(texts, row["field"]) == row.get("left_out_of"):
            found.append(row)
    right = {row["right"] for row in rows if "right" in row}
    return _with(report, found, sentences_of(content), lambda _row, said: _digest_of(said) in right)


def _digest(texts: Mapping[str, str], field: str) -> str:
    """Of a field's text, or of all texts where the translation names the field otherwise, as it does attributes."""
    text = texts[field] if field in texts else "\n".join(texts.values())
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _texts(content: Json) -> dict[str, str]:
    return {field.name: field.text for field in fields.readable_texts(content)}


def _with(
    report: CheckReport,
    found: list[Json],
    sentences: Sequence[Sentence],
    is_right: Callable[[Json, Sequence[Sentence]], bool],
) -> CheckReport:
    """`report` with these findings in its check `translation`. Its findings on denials and numbers in sentences that
    are right are warnings, and keep the sentences' digest, as `right`."""
    checks = []
    for check in report.checks:
        if check["id"] == translation.ID:
            rows = list(found)
            for row in check["findings"]:
                said = _said_at(row, sentences) if row["code"] in _OVERRULED else ()
                rows.append(
                    {**row, "level": WARNING, "right": _digest_of(said)} if said and is_right(row, said) else row
                )
            check = translation.conclude(check, rows)
        checks.append(check)
    return conclude(checks, report.signals)


def _said_at(row: Json, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences at a finding's place; of one without a place all of its field."""
    start, end = row.get("start", 0), row.get("end", sys.maxsize)
    return [
        one
        for one in sentences
        if any(place.field == row["field"] and place.start < end and start < place.end for place in one.places)
    ]


def _digest_of(said: Sequence[Sentence]) -> str:
    return sha256("\n".join(sentence.key for sentence in said).encode("utf-8", "replace")).hexdigest()


def _departures(reading: Reading, answers: Mapping[str, SentenceAnswer]) -> Iterator[Departure]:
    for sentence in reading.sentences:
        answer = answers.get(sentence.key)
        for words in answer.mistranslated.split("|") if answer else ():
            place = place_of(sentence, words)
            if words.strip() and (place["text"] != sentence.text or words.strip() == sentence.text.strip()):
                detail = _("“{text}” says something else than the original, or reads wrong.", text=place["text"])
                yield Departure(place["field"], "mistranslated", detail, text=place["text"], start=place["start"])
    for answer in answers.values():
        # The reader sees the original's search words, but not the translation's.
        if answer.omitted and answer.passages[0].field.partition(":")[2].partition("[")[0] not in _SEARCH_WORDS:
            passage = answer.passages[0]
            detail = _("The translation leaves out “{text}”.", text=passage.line)
            yield Departure(passage.field.partition(":")[2], "omitted", detail)
