"""The front page, the first steps, and what is chosen by its purpose."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey
from projects import sample_catalogue
from projects.models import ContentItem
from scribe import jobs
from scribe.api import scopes
from scribe.api.content_policy import WORKBENCH
from scribe.models import Job
from tests.factories import make_item, make_project, make_woocommerce_connection
from tests.workbench.visiting import Visitor
from webhooks.models import WebhookEndpoint
from workbench.views.keys import ApiKeyForm


def test_the_front_page_says_what_this_is_to_whoever_comes(db: Any) -> None:
    page = Client().get("/", headers={"Accept-Language": "ja"})
    text = page.content.decode()
    assert "Product texts that say only what is true" in text
    assert '<html lang="en"' in text
    assert page["Content-Security-Policy"] == WORKBENCH
    assert not page.cookies
    for path in re.findall(r'href="(/app/[^"]*|/api/[^"]*)"', text):
        assert Client().get(path, follow=True).status_code == 200, path


@pytest.mark.parametrize(("code", "title"), [("de", "nur Wahres"), ("sr-latn", "samo ono što je istina")])
def test_the_front_page_speaks_the_language_of_its_address_or_of_the_browser(db: Any, code: str, title: str) -> None:
    asked = Client().get("/", headers={"Accept-Language": code})
    for page in (asked, Client().get(f"/?language={code}", headers={"Accept-Language": "en"})):
        assert title in page.content.decode()
        assert page["Content-Language"] == code
        assert f'lang="{code}" aria-current="true"' in page.content.decode()
    assert "Accept-Language" in asked["Vary"]
    assert '<html lang="en"' in Client().get("/?language=xx").content.decode()


def due(visitor: Visitor) -> str:
    """The step that the first page says is next."""
    found = re.search(r'<li aria-current="step">.*?<strong>([^<]*)', visitor.get(""))
    return found[1] if found else ""


def test_the_first_steps_end_with_the_first_text_in_the_shop(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    assert "Five steps to the first text in your store" in visitor.get("")
    sample_catalogue.create(by=cast.owner, language="en")
    assert due(visitor) == "Add your products"  # the sample's are not one's own
    project = make_project(cast.organization)
    item = make_item(project)
    assert due(visitor) == "Generate the first texts"
    ContentItem.objects.filter(pk=item.pk).update(status="flagged")
    assert due(visitor) == "Review and approve"
    ContentItem.objects.filter(pk=item.pk).update(status="approved")
    assert due(visitor) == "Connect your store"
    project.store_connection = make_woocommerce_connection(cast.organization, "https://shop.example")
    project.save()
    assert due(visitor) == "Send the first text to your store"
    assert f"/app/projects/{project.pk}/store" in visitor.get("")
    ContentItem.objects.filter(pk=item.pk).update(status="synced")
    assert "Five steps" not in visitor.get("")
    jobs.create(job_type=Job.Type.SYNC, project=project, payload={})
    Job.objects.update(status=Job.Status.COMPLETED, result={"synced": 1})
    ContentItem.objects.filter(pk=item.pk).update(status="pending")  # it is generated anew
    assert "Five steps" not in visitor.get("")


def test_the_first_steps_can_be_hidden(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    make_project(cast.organization)
    assert due(visitor)
    visitor.post("appearance", {"steps": "hidden", "next": "/app/"})
    assert "Five steps" not in visitor.get("")


def test_projects_show_the_pictures_of_their_first_products(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    sample_catalogue.create(by=cast.owner, language="en")
    assert visitor.get("").count('<span class="thumb"><img src="/app/picture?of=') == 4


def test_a_key_is_chosen_by_what_it_is_for(cast: Any) -> None:
    owner = Visitor(cast.owner)
    assert "A plugin in my store that generates texts" in owner.get("account/keys")
    for purpose in ApiKeyForm.purposes:
        owner.post("account/keys", {"name": purpose.name, "purpose": purpose.name, "scopes": ["billing:write"]}, 200)
        made = ApiKey.objects.get(name=purpose.name)
        assert set(made.scopes) == set(purpose.chosen) <= set(scopes.SCOPES)
    owner.post("account/keys", {"name": "Own choice", "purpose": "", "scopes": ["items:read"]}, 200)
    assert ApiKey.objects.get(name="Own choice").scopes == ["items:read"]
    owner.post("account/keys", {"name": "Odd", "purpose": "everything"}, 422)


def test_calls_of_ones_program_are_chosen_by_what_they_are_for(cast: Any) -> None:
    owner = Visitor(cast.owner)
    url = "https://erp.example.com/scribe"
    owner.post("account/webhooks", {"url": url, "purpose": "texts"}, 200)
    made = WebhookEndpoint.objects.get()
    assert set(made.types) == {"item.texts_ready", "item.approved", "item.rejected"}
    page = owner.get("account/webhooks")
    assert "An item was approved, An item was rejected, Texts are ready to review" in page
    owner.post("account/webhooks", {"url": url, "purpose": "all", "types": ["wallet.low"]}, 200)
    assert WebhookEndpoint.objects.exclude(pk=made.pk).get().types == []
