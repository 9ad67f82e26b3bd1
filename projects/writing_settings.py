"""A project's writing settings: the levels that it adds between a request and its organization."""

from dataclasses import replace
from uuid import UUID

from integrations.ai import registry
from projects import glossary, learned_rules, places
from projects.models import GenerationItem, Project
from projects.places import Unplaced
from scribe.errors import InvalidInput
from scribe.messages import _
from scribe.models import Job
from scribe.types import ReadOnlyJson
from writing import settings as writing
from writing.law import rules
from writing.settings import Shop, WritingSettings

Level = ReadOnlyJson


def resolve(project: Project, request: Level) -> WritingSettings:
    """The settings of one generation. `request` is the strongest level. Raises InvalidInput for invalid settings, and if
    they ask for no field."""
    found, lacking = levels(project), places.unplaced_fields(project)
    settings = writing.resolve(
        project.organization,
        *forced_levels(project),
        request,
        *found,
        shop=shop_of(project),
        verified=not project.is_test,
        unasked=_off(lacking),
    )
    if not settings.wanted:  # a text of nothing would replace the one that is there
        raise InvalidInput(_("Choose at least one field to write."), code="required")
    left_out = tuple(name for one in lacking if not getattr(settings, one.setting) for name in one.fields)
    return with_terms(replace(settings, unplaced=left_out), project)


def _off(lacking: list[Unplaced]) -> Level:
    return dict.fromkeys((one.setting for one in lacking), False)


def for_checking(project: Project, language: str = "") -> WritingSettings:
    """The settings for checking texts that we did not write, in `language` or else in the project's main language."""
    return with_terms(present(project, language), project)


def present(project: Project, language: str = "") -> WritingSettings:
    """The project's own settings, without its terms and rules, for `language` or else its main one. Invalid settings are not
    refused here."""
    return writing.resolve(
        project.organization,
        {"language": language or None},
        *levels(project),
        shop=shop_of(project),
        strict=False,
        unasked=_off(places.unplaced_fields(project)),
    )


def with_terms(settings: WritingSettings, project: Project) -> WritingSettings:
    """`settings` with the glossary and the learned rules that count for the project now. Snapshots of settings hold no
    glossary."""
    settings = replace(with_law(settings, project.organization_id), rules=learned_rules.active(project))
    return glossary.with_terms(settings, project.organization_id, project.content_profile_id)


def with_glossary(settings: WritingSettings, job: Job) -> WritingSettings:
    """The settings of a generation job with the terms of now for its items, which are all of one project."""
    profile_id = (
        GenerationItem.objects.filter(job=job).values_list("item__project__content_profile_id", flat=True).first()
    )
    return glossary.with_terms(with_law(settings, job.organization_id), job.organization_id, profile_id)


def with_law(settings: WritingSettings, organization_id: UUID | None = None) -> WritingSettings:
    """`settings` with the rules of law that staff have in use now, and the organization's evidence that holds today."""
    found = rules.law_of(settings.sells_in, settings.trade)
    return replace(settings, law=rules.with_evidence(found, organization_id) if organization_id else found)


def forced_levels(project: Project) -> tuple[Level, ...]:
    """What stands above a request: in a test project the built-in writer writes, whatever anybody asks for."""
    return ({"ai_provider": registry.BUILT_IN, "image_analysis_enabled": False},) if project.is_test else ()


def levels(project: Project) -> tuple[Level, ...]:
    """The project's overrides, its content profile and its settings, the strongest first."""
    profile = project.content_profile.settings if project.content_profile_id and project.content_profile else {}
    return project.settings_overrides or {}, profile or {}, project.settings or {}


def shop_of(project: Project) -> Shop:
    """The connected store of the project, if it has one."""
    connection = project.store_connection if project.store_connection_id else None
    return Shop(connection.base_url, connection.media_base_url) if connection else Shop()
