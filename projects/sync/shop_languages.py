"""Which of a shop's own languages a further language of a project goes into."""

from __future__ import annotations

from integrations.models import StoreConnection
from integrations.stores import platforms
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.interface import Store, TextStore
from integrations.stores.types import ShopLanguage
from projects import languages
from projects.models import Project
from projects.store_work import give_way, settings_of
from projects.sync.payload import SyncPayload
from scribe import jobs
from scribe.jobs import Run
from writing import language_codes


def of(store: Store, run: Run, project: Project, connection: StoreConnection) -> TextStore:
    """The shop's translations in the job's language. Raises Failed with the reason for a shop that keeps none, or TryAgain."""
    try:
        return store.translated(matching(project, store.languages(), SyncPayload.of(run.job).language))
    except Unsupported as error:
        raise jobs.Failed(error.message, code=error.code) from error
    except StoreError as error:
        raise give_way(run, error, connection) from error


def matching(project: Project, spoken: list[ShopLanguage], language: str) -> list[ShopLanguage]:
    """The shop's languages that `language` goes into, never its main one. Where one of them can stand for several of ours,
    `settings.sync.languages` (`{the shop's code: ours}`) decides, or else which of them the project has. Raises Unsupported."""
    chosen = settings_of(project).get("languages")
    chosen = chosen if isinstance(chosen, dict) else {}
    systems = platforms.get(project.platform).language_codes
    found = []
    for one in spoken:
        ours = language_codes.served(one.code, one.locale, systems)
        if isinstance(own := chosen.get(one.code), str):
            ours = (own,)
        if one.primary or language not in ours:
            continue
        rivals = [code for code in ours if code != language and code in languages.of(project)]
        if rivals:
            raise Unsupported(
                f"The shop keeps {language} and {rivals[0]} in one place, “{one.code}”. Choose one of them in settings.sync.languages.",
                code="shop_language_ambiguous",
            )
        found.append(one)
    if not found:
        raise Unsupported(f"The shop has no translations into {language}.", code="shop_language_missing")
    return found
