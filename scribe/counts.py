"""Counts that outlast Valkey: how often something happened within a window of time. They guard mail and identity, so they
are rows of PostgreSQL. Rate limits of requests stay in Valkey, whose loss only begins their windows anew.
"""

from django.db import connection, models

from scribe.crypto import digest

COUNT = """
INSERT INTO scribe_count AS known (key, used, ends_at) VALUES (%(key)s, 1, clock_timestamp() + %(window)s * interval '1 s')
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN known.ends_at > clock_timestamp() THEN known.used + 1 ELSE 1 END,
    ends_at = CASE WHEN known.ends_at > clock_timestamp() THEN known.ends_at ELSE EXCLUDED.ends_at END
RETURNING used, extract(epoch FROM ends_at - clock_timestamp())
"""


class Count(models.Model):
    """One window of one thing, known by a digest of its name."""

    key = models.CharField(primary_key=True, max_length=64)
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "scribe_count"

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at}"


def count(name: str, seconds: int) -> tuple[int, float]:
    """Count one more of `name`, whose window begins with the first and lasts `seconds`. Returns how many there are in it, and
    the seconds until it ends. Two at once take turns, until the caller's transaction ends; what it rolls back is not counted."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": digest(name), "window": seconds})
        used, left = cursor.fetchone()
    return int(used), max(0.0, float(left))
