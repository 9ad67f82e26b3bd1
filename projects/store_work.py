"""The part that imports and syncs share: the project's connection, its opened store, and the end of a job that the store
fails."""

import time
from collections.abc import Callable

from integrations import connections
from integrations.models import Provenance, StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import Maintenance, StoreError, StorePermanentError, StoreTransientError, Unsupported
from integrations.stores.interface import Store
from integrations.stores.types import Placement
from projects.models import Project
from scribe import jobs
from scribe.errors import Conflict
from scribe.jobs import Run
from scribe.messages import _
from scribe.types import Json
from writing import disclosure

MOST_TRIES = 8
LONGEST_MAINTENANCE = 600.0  # seconds: WordPress ends its own after ten minutes
TOLD_EVERY = 15.0


def connection_of(project: Project) -> StoreConnection:
    """The project's store connection, checked to be usable. Raises Conflict `no_store_connection` without one."""
    if project.store_connection_id is None:
        raise Conflict(_("The project has no store connection."), code="no_store_connection")
    connection = StoreConnection.objects.select_related("grant").get(pk=project.store_connection_id)
    connections.check_usable(connection)
    return connection


def settings_of(project: Project) -> Json:
    """The project's `settings.sync`: `placement` ({name of a field that is `placed`: place}),
    `seo_plugin` (auto, yoast, rank_math, seopress), `push_slug`, `store_view`, `custom_fields` ({key: name of the fact})."""
    found = project.settings.get("sync") if isinstance(project.settings, dict) else None
    return found if isinstance(found, dict) else {}


def placement_of(project: Project) -> Placement:
    chosen = settings_of(project)
    places = chosen.get("placement")
    places = {str(k): str(v) for k, v in places.items()} if isinstance(places, dict) else {}
    fields = chosen.get("custom_fields")
    facts = {str(k): str(v).strip() for k, v in fields.items()} if isinstance(fields, dict) else {}
    facts = {key: name for key, name in facts.items() if key and name}
    places.pop(disclosure.PLACE, None)
    if (connection := project.store_connection) is not None and connection.provenance == Provenance.MARK:
        places[disclosure.PLACE] = platforms.get(connection.platform).mark_place
    return Placement(places, str(chosen.get("seo_plugin") or "auto"), bool(chosen.get("push_slug")), facts)


def store_of(project: Project, connection: StoreConnection, **options: object) -> Store:
    """The project's store, opened with the project's own settings."""
    view = str(settings_of(project).get("store_view") or "")
    return connections.open_store(connection, placement=placement_of(project), store_view=view, **options)  # type: ignore[arg-type]  # handed on


def pausing(run: Run) -> Callable[[float], None]:
    """A sleep that ends early when the job is cancelled or lost. It raises StoreTransientError while other jobs wait for
    the worker, so that this job waits in its queue instead."""

    def pause(seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            run.check()
            if run.should_yield():
                raise StoreTransientError(_("The store is busy. We will try again shortly."), retry_after=left)
            time.sleep(min(0.25, left))
        run.check()

    return pause


class StoreWaits:
    """Reports the waits that a store asks for. `note` may be called from any thread, `tell` only from the one that owns
    the database connection. `tell` may be repeated: it reports the first wait at once, then the latest each `TOLD_EVERY`
    seconds."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._latest: tuple[StoreTransientError, float] | None = None
        self._told = -TOLD_EVERY

    def note(self, error: StoreTransientError, seconds: float) -> None:
        self._latest = (error, seconds)

    def report(self) -> None:
        latest = self._latest
        if latest is not None and time.monotonic() - self._told >= TOLD_EVERY:
            self._told, self._latest = time.monotonic(), None
            self.run.report_wait(latest[1], reason=latest[0].message, code=latest[0].code)

    def note_and_tell(self, error: StoreTransientError, seconds: float) -> None:
        """`note` and `tell` in one, for a job that calls the store in the thread that owns the database connection."""
        self.note(error, seconds)
        self.report()


def give_way(run: Run, error: StoreError, connection: StoreConnection) -> Exception:
    """The exception that ends this lease after an error of the store: TryAgain if the error may pass, else Failed."""
    if isinstance(error, StoreTransientError):
        tries = int(run.result.get("tries") or 0) + 1
        if tries <= MOST_TRIES:
            run.result["tries"] = tries
            with run.settling():
                pass  # save the number of tries for the next lease
            longest = LONGEST_MAINTENANCE if isinstance(error, Maintenance) else 60.0
            wait = min(longest, 2.0**tries) if error.retry_after is None else error.retry_after
            return jobs.TryAgain(wait, reason=error.message, code=error.code)
        return jobs.Failed(
            _("The store did not answer after several attempts: {message}", message=error.message), code=error.code
        )
    if isinstance(error, StorePermanentError) and not isinstance(error, Unsupported):
        connections.note_failure(connection, error)
    return jobs.Failed(error.message, code=error.code)
