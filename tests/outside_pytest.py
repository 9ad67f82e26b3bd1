"""A run of its own, outside of pytest: `make bench`, `make soak`."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tests import embedded, processes


def in_a_database_of_its_own(work: Callable[[], int]) -> int:
    """What `work` answers, on a migrated database and a Valkey that are gone afterwards, also when the run is asked to
    end. Models can be imported within it."""
    processes.close_on_sigterm()
    try:
        import django
        from django.test.utils import setup_databases, setup_test_environment

        embedded.start()
        django.setup()
        logging.disable(logging.WARNING)
        setup_test_environment()
        setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        return work()
    finally:
        embedded.stop()
