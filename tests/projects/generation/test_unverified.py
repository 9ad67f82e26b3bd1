"""Which models an account may use before its address is verified."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from scribe.models import Job
from tests import factories
from tests.helpers import Api
from tests.projects.generation.conftest import make_items

DEAR = ("gpt-6.1-terra", "gpt-6.2-sol", "gpt-6.2-astra")  # standard, premium, flagship


@pytest.fixture
def newcomer(db: Any, openai: Any) -> Any:
    return factories.make_user(verified=False)


@pytest.fixture
def path(newcomer: Any) -> str:
    project = factories.make_project(newcomer.organization)
    make_items(project, 1)
    return f"projects/{project.pk}/generate"


@pytest.mark.parametrize("model", DEAR)
def test_a_dear_model_waits_for_the_address(model: str, api: Any, newcomer: Any, path: str) -> None:
    caller = api.as_(newcomer)
    for body in ({"ai_model": model}, {"grounding": "strict", "verifier_model": model}):
        assert caller.post(path, body, 403)["code"] == "email_not_verified"
        assert caller.post(f"{path}/estimate", body, 403)["code"] == "email_not_verified"
    newcomer.organization.settings = {"generation": {"ai_model": model}}
    newcomer.organization.save()
    plugin = Api({"X-API-Key": factories.make_plugin_key(newcomer.organization)})
    newcomer.organization.users.update(email_verified_at=None)
    product = {"source": "woocommerce", "product_title": "Socks"}
    assert plugin.post("plugin/generate-description-async", product, 403)["code"] == "email_not_verified"
    assert not Job.objects.exists()


def test_every_default_model_is_open(api: Any, newcomer: Any, path: str, settings: Any) -> None:
    settings.UNVERIFIED_MODEL_TIERS = []
    api.as_(newcomer).post(path, {}, 202)


def test_the_deployment_says_which_tiers_are_open(api: Any, newcomer: Any, path: str, settings: Any) -> None:
    settings.UNVERIFIED_MODEL_TIERS = ["economy", "standard"]
    api.as_(newcomer).post(path, {"ai_model": DEAR[1]}, 403)
    api.as_(newcomer).post(f"{path}/estimate", {"ai_model": DEAR[0]})


def test_a_verified_address_or_an_own_key_opens_them(api: Any, newcomer: Any, path: str) -> None:
    caller = api.as_(newcomer)
    newcomer.organization.byok_enabled = True
    newcomer.organization.save()
    factories.make_own_key(newcomer.organization, "anthropic", "sk-own")
    caller.post(f"{path}/estimate", {"ai_model": "claude-opus-5-5"})
    caller.post(f"{path}/estimate", {"ai_model": DEAR[2]}, 403)
    newcomer.email_verified_at = timezone.now()
    newcomer.save()
    caller.post(f"{path}/estimate", {"ai_model": DEAR[2]})
