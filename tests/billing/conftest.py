"""What the tests of money share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection


@pytest.fixture
def at_once() -> Any:
    """Run `work` for each of the values, on `threads` connections at the same time; the results in order, errors as
    they were raised."""

    def run(work: Callable[[Any], Any], values: Iterable[Any], *, threads: int = 8) -> list[Any]:
        def one(value: Any) -> Any:
            try:
                return work(value)
            except Exception as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, values))

    return run
