"""How full this process's pool of connections is, for the figures of /metrics."""

from typing import Any

from django.conf import settings

from scribe import metrics
from scribe.postgres.base import DatabaseWrapper


def measure_pool() -> None:
    """Have the figures of this process tell how full its pool of connections is."""

    def stat(name: str) -> float:
        pool = DatabaseWrapper._connection_pools.get("default")  # type: ignore[attr-defined]
        return float(pool.get_stats().get(name, 0)) if pool else 0.0

    options: Any = settings.DATABASES["default"]["OPTIONS"]  # type: ignore[explicit-any]  # a value of many types
    most = float(options.get("pool", {}).get("max_size", 0))
    metrics.level("database_connections", lambda: most)
    metrics.level("database_connections_busy", lambda: stat("pool_size") - stat("pool_available"))
    metrics.level("database_connections_awaited", lambda: stat("requests_waiting"))
