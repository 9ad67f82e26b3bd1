"""A project's writing settings: the levels that it adds between a request and its organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from integrations.ai import registry
from projects import glossary, learned_rules
from projects.models import GenerationItem, Project
from scribe.models import Job
from writing import settings as writing
from writing.settings import Shop, WritingSettings

Level = Mapping[str, Any]


def resolve(project: Project, request: Level) -> WritingSettings:
    """The settings of one generation. `request` is the strongest level. Raises InvalidInput for invalid settings."""
    found = levels(project)
    settings = writing.resolve(
        project.organization, *forced(project), request, *found, shop=shop_of(project), verified=not project.is_test
    )
    return with_terms(settings, project)


def for_checking(project: Project, language: str = "") -> WritingSettings:
    """The settings for checking texts that we did not write, in `language` or else in the project's main language."""
    return with_terms(present(project, language), project)


def present(project: Project, language: str = "") -> WritingSettings:
    """The project's own settings, without its terms and rules, for `language` or else its main one. Invalid settings are not
    refused here."""
    settings = writing.resolve(project.organization, *levels(project), shop=shop_of(project), strict=False)
    return replace(settings, language=language) if language else settings


def with_terms(settings: WritingSettings, project: Project) -> WritingSettings:
    """`settings` with the glossary and the learned rules that count for the project now. Snapshots of settings hold no
    glossary."""
    settings = replace(settings, rules=learned_rules.active(project))
    return glossary.applied(settings, project.organization_id, project.content_profile_id)


def with_glossary(settings: WritingSettings, job: Job) -> WritingSettings:
    """The settings of a generation job with the terms of now for its items, which are all of one project."""
    profile_id = (
        GenerationItem.objects.filter(job=job).values_list("item__project__content_profile_id", flat=True).first()
    )
    return glossary.applied(settings, job.organization_id, profile_id)


def forced(project: Project) -> tuple[Level, ...]:
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
