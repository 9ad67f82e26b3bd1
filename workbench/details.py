"""Sentences of the rules in the reader's language. The rules speak English, as the API does; a page says what they say in
the language of its reader. A sentence that is not known here stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from scribe.errors import DomainError
from workbench import labels
from writing.languages import LANGUAGES

#: Sentences with values. The name of a place says what stands there, and so how a page calls it.
TEMPLATES = (
    "An item cannot go from {status} to {other}.",
    "A {job} job is working on this project. Wait for it or cancel it.",
    "A post that is {post} can't be {verb}.",
    "The post is {post} right now.",
    "{name} is not configured: choose another provider, or add a key for it.",
    "At most {number} characters.",
    "This needs the plan {name} or a higher one.",
    "The connection is for {name}, the project for {other}.",
    "The file has more than {number} rows.",
    "The file has more than {number} columns.",
    "The file is larger than {number} MiB.",
    "This invitation is {state}.",
    "An organization has at most {number} endpoints.",
    "{number} texts were written for {name}",
    "{number} generated, {other} flagged for review, {failed} failed.",
    "The post itself is in {language}.",
    "The site has no {language}. Add the language there first.",
    "The site would show a post of ours in its first language, {name}. It takes one in {language} from programs with Polylang Pro.",
    "Our text is in {language}, and the shop has this row in another language ({name}). `force` writes it all the same.",
    "The site is being updated: “{name}”.",
    "The original is the site's {language} version itself.",
    "The site has a {language} version of it that we did not write. It is left alone.",
    "The shop has no {language}. Add the language there first.",
    "{language} is the language of the shop's own texts, so it takes no translation into it.",
    "The shop has one place, {name}, for {other}. Choose in the store connection which it gets.",
    "The app may not translate in this shop. Connect the shop again and allow translations ({name}).",
    "The site's text was changed since our last publish: {name}.",
    "Taken out on the site, so not added again: {name}.",
    "The text is built with {name}: visitors see what it shows, and not what we would write. `force` writes it all the same.",
    "It is written, but visitors see what {name} shows in its place.",
    "Application passwords are switched off on this site: by a security plugin, or because it has no https. Switch them on, or let the plugin allow them, and make one in WordPress under Users > Profile.",
    "The shop has a translation of it that we did not write ({name}). It is left alone.",
    "Our translation was changed in the shop ({name}). It is left alone.",
    "“{name}” has no Latin letters.",
    "“{name}” is translated",
    "“{name}” could not be translated",
    "“{name}” is written",
    "“{name}” is published",
    "{number} items were imported into {name}",
    "The import into {name} failed",
    "Invoice {number}",
    "Payment of invoice {number} received",
    "Invoice {number} is due on {day}",
    "“{name}” must not appear.",
    "“{name}” must not appear, as “{other}” does.",
    "{number} characters, {other} are allowed.",
    "The confidence score {number} is under {other}.",
    "This may cost {number} XCT, more than the maximum of {other}. Look at the price again.",
)
WORDS: dict[str, Mapping[str, Promise | str]] = {
    "status": labels.STATUSES,
    "other": labels.STATUSES,
    "job": labels.JOB_TYPES,
    "post": labels.POST_STATUSES,
    "verb": labels.POST_DEEDS,
    "state": labels.INVITATION_STATUSES,
    "language": {one.name: one.native_name for one in LANGUAGES},
}
LONGEST = 400  # characters of a sentence that is looked for
_PLACE = re.compile(r"\\\{(\w+)\\\}")


def said(text: Any) -> str:
    """The sentence in the reader's language."""
    text = str(text or "")
    if not text or len(text) > LONGEST:
        return text
    if (known := gettext(text)) != text:
        return known
    field, colon, rest = text.partition(": ")
    if colon and field in labels.FIELD_NAMES:
        return f"{labels.FIELD_NAMES[field]}: {said(rest)}"
    for template, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = {name: str(WORDS.get(name, {}).get(value, value)) for name, value in found.groupdict().items()}
            return gettext(template).format_map(values)
    return text


def of(error: DomainError) -> str:
    """What went wrong, fault by fault."""
    faults = error.extra.get("errors") or []
    return " ".join(said(fault["detail"]) for fault in faults) or said(error.detail)


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(one, re.compile(_PLACE.sub(r"(?P<\1>.{1,80}?)", re.escape(one)))) for one in TEMPLATES]
