"""The guided start: a messy export of an outdoor shop, written by the built-in writer, with one house rule."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from accounts.models import User
from billing.access import check_can_spend
from integrations.ai import registry
from integrations.stores import platforms
from projects import file_import, lifecycle
from projects.generation import job as generation
from scribe.models import Job

FILE = settings.BASE_DIR / "projects" / "sample" / "woocommerce_export.csv"
NAME = "Sample catalogue"
#: The sample's house rule: a person reads every text about climbing before it is published.
RULES: dict[str, Any] = {"forbidden_words": ["climbing"]}
WISHES: dict[str, Any] = {
    "ai_provider": registry.BUILT_IN,
    "language": "en",
    "generate_bullet_points": True,
    "generate_tags": True,
    "structured_data_enabled": True,
}


def begin(*, by: User) -> Job:
    """Create a project with the sample's items and the job that writes them. It needs no key and costs no XCT.

    Raises before anything is saved when the organization may not generate. Each call creates another project.
    """
    check_can_spend(by.organization)
    project = lifecycle.create(organization=by.organization, name=NAME, platform=platforms.WOOCOMMERCE.id, by=by)
    project = lifecycle.update(project=project, changes={"settings": RULES})
    with FILE.open("rb") as file:
        file_import.upload(project=project, file=file, name=FILE.name, mapping=None, by=by)
    return generation.start(project=project, by=by, request=WISHES)
