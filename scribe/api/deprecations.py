"""What is deprecated: since when, and the day on which it may go. docs/reference/versions.md is the promise."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.http import http_date


@dataclass(frozen=True)
class Deprecation:
    """`since` and `sunset` are days in UTC, such as 2026-12-01, at least twelve months apart. `instead` says what
    to use, as a sentence."""

    since: str
    sunset: str
    instead: str

    def headers(self) -> dict[str, str]:
        """RFC 9745 has a structured date, RFC 8594 a date of HTTP."""
        return {"Deprecation": f"@{_seconds(self.since)}", "Sunset": http_date(_seconds(self.sunset))}

    def sentence(self) -> str:
        return f"Deprecated since {self.since}, and may go on {self.sunset}. {self.instead}"


def _seconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


EVENT_VERSION = Deprecation("2026-12-01", "2027-12-01", "Read `sequence`, which is the same number.")
