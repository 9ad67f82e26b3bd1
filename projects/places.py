"""The generated texts that a project's shop has no place for, such as SEO texts without an SEO plugin. They are not
written unless settings ask for them; then their price is told before."""

from dataclasses import dataclass

from integrations.stores import platforms
from integrations.stores.types import CHOSEN, NO_PLACE
from projects.models import Project
from projects.store_work import placement_of
from scribe.messages import _
from writing.fields import FIELDS, SETTINGS, Role

NOT_NAMED = _("No field is chosen for it in the project settings.")


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A setting that asks for `fields` none of which the shop has a place for, and why."""

    setting: str
    fields: tuple[str, ...]
    reason: str


def unplaced_fields(project: Project) -> list[Unplaced]:
    """Those of the settings. Nothing without a connected shop, and nothing that the shop has not told yet."""
    lacking = _lacking(project)
    found = []
    for setting in SETTINGS:
        names = tuple(row.name for row in FIELDS if row.setting == setting and row.role is not Role.DERIVED)
        if names and all(name in lacking for name in names):
            found.append(Unplaced(setting, names, lacking[names[0]]))
    return found


def _lacking(project: Project) -> dict[str, str]:
    """The fields without a place, each with the reason."""
    if (connection := project.store_connection) is None:
        return {}
    platform, placement = platforms.get(connection.platform), placement_of(project)
    found: dict[str, str] = dict(connection.missing_places or {}) if placement.seo_plugin == "auto" else {}
    for row in FIELDS:
        place = platform.client.field_places.get(row.name)
        if place == NO_PLACE:
            found[row.name] = _("{name} has no field for it.", name=platform.name)
        elif place == CHOSEN and placement.of(row.name, row.default_place or "none") == "none":
            found[row.name] = NOT_NAMED
    return found
