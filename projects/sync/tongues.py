"""A sync's work in further languages: each is opened in the shop, and worked on by a pipeline of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from integrations.models import StoreConnection
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.interface import Store, TextStore
from integrations.stores.types import ShopLanguage
from projects.models import Project
from projects.store_work import give_way
from projects.sync import shop_languages
from projects.sync.desk import Desk
from projects.sync.pipeline import Pipeline
from scribe import jobs
from scribe.jobs import Run


class Tongues:
    """A language that the shop does not take ends with the reason on each of its items; the others go on."""

    def __init__(self, store: Store, connection: StoreConnection, project: Project) -> None:
        self.store, self.connection, self.project = store, connection, project
        self.refused: dict[str, StoreError] = {}

    @cached_property
    def _shop(self) -> list[ShopLanguage]:
        return self.store.languages()

    def work(self, run: Run, language: str, desk_of: Callable[[TextStore], Desk]) -> None:
        """Work on the texts in `language`. Raises Failed or TryAgain when the store refuses all calls."""
        main = desk_of(self.store)
        if not main.left():
            return
        try:
            texts = self.store.translated(shop_languages.into(language, self._shop, self.connection, self.project))
        except Unsupported as error:
            self._refuse(run, language, main, error)
            return
        except StoreError as error:
            raise give_way(run, error, self.connection) from error
        desk = desk_of(texts)
        try:
            Pipeline(run, texts, self.connection, desk).work()
        except jobs.Failed as failure:
            if not isinstance(failure.__cause__, Unsupported):
                raise
            self._refuse(run, language, desk, failure.__cause__)

    def _refuse(self, run: Run, language: str, desk: Desk, error: StoreError) -> None:
        desk.refuse_rest(error, set())  # what an earlier lease sent without an answer stays in doubt
        self.refused[language] = error
        run.result.setdefault("languages", {}).setdefault(language, {})["refused"] = error.message
        with run.settling():
            pass  # save the reason

    def end(self, run: Run, languages: Sequence[str]) -> None:
        """Raises Failed when nothing was done, since the shop took no language at all."""
        if self.refused and len(self.refused) == len(languages):
            error = next(iter(self.refused.values()))
            raise jobs.Failed(error.message, code=error.code)
