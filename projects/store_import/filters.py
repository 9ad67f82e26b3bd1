"""The filters of an import, and the look-ups in the store that a request waits for."""

from dataclasses import asdict

from integrations.connections import upstream
from integrations.stores.errors import StoreError
from integrations.stores.interface import Store
from integrations.stores.types import Filters
from projects.models import ContentItem, Project
from projects.store_work import connection_of, placement_of, store_of
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.types import Json

SECONDS_PER_PAGE = 2


def available(*, project: Project) -> Json:
    """The store's present filters: `{platform, filters: {key: [{id, title}]}, unavailable: {key: reason},
    custom_fields: [{key, example, count, name}]}`, where `name` is that of the fact which the project's settings make
    of a field, or "". A store that does not name its custom fields, or not in time, has its filters all the same."""
    store = store_of(project, connection_of(project), live=True)
    names = placement_of(project).facts
    try:
        found = store.filters()
    except StoreError as error:
        raise upstream(error) from None
    unavailable = {**store.unavailable()}
    try:
        fields = store.custom_fields()
    except StoreError as error:
        fields, unavailable["custom_fields"] = [], error.message
    return {
        "platform": project.platform,
        "filters": {key: [o.as_dict() for o in options] for key, options in found.items()},
        "unavailable": unavailable,
        "custom_fields": [
            *({**asdict(one), "name": names.get(one.key, "")} for one in fields),
            *(
                {"key": key, "example": "", "count": _imported_with(project, name), "name": name}
                for key, name in names.items()
                if key not in {one.key for one in fields}
            ),
        ],
    }


def _imported_with(project: Project, fact: str) -> int:
    return ContentItem.objects.filter(project=project, source_data__raw__custom_fields__has_key=fact).count()


def check_filters(store: Store, given: Json) -> Filters:
    """The filters as the store's client takes them: `{key: [ids]}`. InvalidInput for a key that the platform lacks."""
    known = store.filter_keys()
    faults = []
    found: dict[str, list[str]] = {}
    for key, value in given.items():
        values = value if isinstance(value, list) else [value]
        if key not in known:
            faults.append(
                _fault(
                    key,
                    _("This filter does not exist. Available filters: {names}.", names=sorted(known)),
                    "unknown_filter",
                )
            )
        elif not all(isinstance(v, str | int) and not isinstance(v, bool) and 0 < len(str(v)) <= 255 for v in values):
            faults.append(_fault(key, _("Enter an ID or a list of IDs."), "invalid"))
        elif values:
            found[key] = list(dict.fromkeys(str(v) for v in values))
    if faults:
        raise InvalidInput(faults[0]["detail"], code=faults[0]["code"], errors=faults)
    return found


def _fault(key: str, detail: str, code: str) -> dict[str, str]:
    return {"pointer": f"#/filters/{key}", "detail": detail, "code": code}


def preview(*, project: Project, given: Json) -> dict[str, int]:
    """The size of an import, without fetching its items: `{count, batches, estimated_time_seconds}`."""
    store = store_of(project, connection_of(project), live=True)
    filters = check_filters(store, given)
    try:
        count = store.count(filters)
    except StoreError as error:
        raise upstream(error) from None
    batches = store.batches(count)
    return {"count": count, "batches": batches, "estimated_time_seconds": batches * SECONDS_PER_PAGE}
