"""Times of day and durations, which languages write in different ways: “5:30 pm” is “17 h 30”, “1 h 30” 90 minutes."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

_AFTERNOON = (
    r"p\.?\s?m\b\.?|de la (?:tarde|noche)|da (?:tarde|noite)|del pomeriggio|di sera|du soir|de l.après-midi|nachmittags"
    r"|abends|po południu|wieczorem|popodne|po podne|uveče|поподне|увече|дня|вечера|مساء\w*|عصر\w*|بعد الظهر|ظهر\w*"
)
_MORNING = (
    r"a\.?\s?m\b\.?|de la mañana|da manhã|del mattino|di mattina|du matin|morgens|vormittags|früh|rano|pre podne|ujutru"
    r"|пре подне|ујутру|утра|صباح\w*"
)


def _with_spaces(pattern: str) -> str:
    """The pattern with its spaces, for a verbose one."""
    return pattern.replace(" ", r"\ ")


#: “17:30”, “17h30”, “17.30”, “17 Uhr”, “5 pm”, “17 h”, and from 13 to 24 the hour alone: “do godziny 17”.
_TIME = re.compile(
    rf"""(?<![\w.,:/$€£])(?P<hour>[01]?\d|2[0-4])\s?(?P<mark>[:h.])\s?(?P<minute>[0-5]\d)(?![\d%]|[.,:]\d)
    (?P<named>\s?(?:uhr|h\b))?(?:\s{{0,2}}(?:(?P<pm>{_with_spaces(_AFTERNOON)})|(?P<am>{_with_spaces(_MORNING)})))?
    |(?<![\w.,:/$€£])(?P<full>[01]?\d|2[0-4])(?:\s?(?P<word>uhr|o.clock|heures?|h\b|horas|čas(?:a|ova)|час(?:а|ова)|sati))?
    (?:\s{{0,2}}(?:(?P<after>{_with_spaces(_AFTERNOON)})|(?P<before>{_with_spaces(_MORNING)})))?(?![\w%]|[.,:]\d)""",
    re.X | re.I,
)
_CLOCK = frozenset(["uhr", "o'clock", "o’clock"])
_NOON = re.compile(
    r"\b(?:noon|midday|mittags?|midi|mediodía|mezzogiorno|południe[m]?|podneva?|подне(?:ва)?|الظهر)\b", re.I
)
_MIDNIGHT = re.compile(r"\b(?:midnight|mitternacht|minuit|medianoche|mezzanotte|północ[yą]?|ponoći?|поноћи?)\b", re.I)
_ALWAYS = re.compile(r"(?<![\w/])24\s?/\s?7(?![\w/])")
_DURATION = re.compile(
    r"""(?<![\w.,:])(\d{1,2})[ \u00a0]?h[ \u00a0]?([0-5]\d)(?![\d%]|[.,:]\d)(?:[ \u00a0]?min\b)?
    |(?<![\w.,:])(\d{1,2})[ \u00a0-]?(?:hrs?|hours?|std\.?|stunden?|heures?|horas?|ore|uur|godz\.?|godzin[ay]?
    |sata?|sati|сата?|сати|час(?:а|ов)?|ساع\w+|h)[ \u00a0](?:(?:and|und|et|y|e|i|и|en)[ ])?و?[ ]?([0-5]?\d)[ \u00a0-]?
    (?:min|мин|دقي|دقا)""",
    re.X | re.I,
)
HOUR, DAY = 60, 24 * 60
MOST = 100  # times of each text that are compared


class Time(NamedTuple):
    """A time of day in minutes. `sure`: nothing else is written like that; `bare`: it may be a number as well."""

    start: int
    end: int
    minutes: int
    sure: bool = True
    bare: bool = False


def without_equal_times(before: str, after: str) -> tuple[str, str]:
    """Both texts with the times of day that both have, and “24/7”, replaced by as many spaces."""
    before, after = (_ALWAYS.sub(lambda match: " " * len(match[0]), text) for text in (before, after))
    open_times = defaultdict[int, list[Time]](list)
    for other in islice(_times(after), MOST):
        open_times[other.minutes].append(other)
    for time in list(islice(_times(before), MOST)):
        there = open_times[time.minutes]
        if found := next((one for one in there if not (one.bare or time.bare) or one.sure or time.sure), None):
            there.remove(found)
            before, after = _blank(before, time), _blank(after, found)
    return before, after


def durations(text: str) -> Iterator[tuple[int, int, int]]:
    """The start, end and minutes of each duration of hours and minutes."""
    for match in _DURATION.finditer(text):
        yield match.start(), match.end(), int(match[1] or match[3]) * HOUR + int(match[2] or match[4])


def _times(text: str) -> Iterator[Time]:
    for match in _TIME.finditer(text):
        hour, minute = int(match["hour"] or match["full"]), int(match["minute"] or 0)
        pm, am = match["pm"] or match["after"], match["am"] or match["before"]
        word = (match["named"] or match["word"] or "").strip()
        if (pm and hour < 12) or (am and hour == 12):
            hour += 12
        sure = bool(pm or am or match["mark"] in (":", "h") or word.lower() in _CLOCK)
        bare = not (sure or word)
        if not bare or hour > 12 or match["minute"]:
            yield Time(match.start(), match.end(), (hour * HOUR + minute) % DAY, sure, bare)
    for pattern, minutes in ((_NOON, 12 * HOUR), (_MIDNIGHT, 0)):
        yield from (Time(match.start(), match.end(), minutes) for match in pattern.finditer(text))


def _blank(text: str, time: Time) -> str:
    return text[: time.start] + " " * (time.end - time.start) + text[time.end :]
