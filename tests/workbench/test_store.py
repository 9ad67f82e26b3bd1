"""The store: connected when it answers, filled with approved texts, and put back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accounts.models import Notification
from integrations.models import StoreConnection
from projects.bulk import ACTIONS
from projects.models import ContentItem, Drift, Project, SyncRecord
from projects.sync import comparison
from scribe.fairness import lookups
from scribe.models import Job
from tests.factories import make_item, make_project, make_user, make_woocommerce_connection
from tests.fakes.woocommerce import KEY, SECRET, FakeWooCommerce
from tests.helpers import run_jobs
from tests.projects.pushes import approve
from tests.workbench.visiting import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(settings: Any) -> Any:
    with FakeWooCommerce() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


def imported(cast: Any, project: Any, shop: Any) -> tuple[Visitor, dict[str, Any]]:
    """A product of the shop, imported and approved by way of the pages."""
    row = shop.add()
    project.store_connection = make_woocommerce_connection(cast.organization, shop.url)
    project.save()
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    approve(project)
    return visitor, row


def test_a_shop_is_connected_once_it_answers(cast: Any, project: Any, shop: Any) -> None:
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}/store"
    page = visitor.get(root)
    assert "Consumer key" in page
    assert "REST API" in page  # where the merchant finds it
    secrets = {"base_url": shop.url, "consumer_key": KEY, "consumer_secret": "wrong"}
    refused = visitor.post(f"{root}/new", secrets, 422)
    assert 'role="alert"' in refused
    assert not StoreConnection.objects.exists()
    visitor.post(f"{root}/new", {**secrets, "consumer_secret": SECRET})
    page = visitor.get(visitor.last["Location"])
    assert "The store is connected." in page
    assert shop.url in page
    assert SECRET not in page
    assert "Connection successful." in visitor.post(f"{root}/test", status=200)
    visitor.post(f"{root}/link", {"connection": ""})
    assert "Or use a connected store" in visitor.get(root)
    visitor.post(f"{root}/link", {"connection": str(StoreConnection.objects.get().pk)})
    project.refresh_from_db()
    assert project.store_connection_id


def test_keys_stay_in_the_form_when_only_the_address_was_wrong(cast: Any, project: Any, shop: Any) -> None:
    visitor, root = Visitor(cast.owner), f"projects/{project.pk}/store"
    sent = {"base_url": f"{shop.url}/elsewhere", "consumer_key": KEY, "consumer_secret": SECRET}
    told = visitor.send(f"{root}/new", sent, 422)
    assert "Check the address." in told
    assert "address: “Not found”." in told
    assert "<input" not in told  # the browser's own fields stay, and nothing of them is sent back
    assert KEY not in told
    assert SECRET not in told
    visitor.send(f"{root}/new", {**sent, "base_url": shop.url}, 204)
    assert visitor.last["HX-Redirect"].startswith(f"/app/{root}")


def test_only_admins_bring_keys(cast: Any, project: Any, shop: Any) -> None:
    member = Visitor(cast.teammate)
    assert "Only an admin" in member.get(f"projects/{project.pk}/store")
    member.post(f"projects/{project.pk}/store/new", {"base_url": shop.url}, 403)


def test_connections_of_others_are_not_there(cast: Any, project: Any, shop: Any) -> None:
    theirs = make_woocommerce_connection(make_user().organization, shop.url)
    visitor = Visitor(cast.owner)
    visitor.post(f"projects/{project.pk}/store/link", {"connection": str(theirs.pk)}, 404)
    assert str(theirs.pk) not in visitor.get(f"projects/{project.pk}/store")


def test_approved_texts_go_into_the_store_and_come_back(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    old = row["name"]
    page = visitor.get(f"projects/{project.pk}/store")
    assert "1 approved item is ready to send." in page
    item = ContentItem.objects.get(project=project)
    assert "<ins>" in visitor.part(f"projects/{project.pk}/items/{item.pk}/changes")
    visitor.post(f"projects/{project.pk}/store/push")
    job_page = visitor.last["Location"]
    run_jobs()
    assert row["name"] == item.generated_content["name"]
    page = visitor.get(job_page)
    assert "1 updated" in page
    assert "Undo this sync" in page
    assert "sent to store" in visitor.part(f"projects/{project.pk}/items/{item.pk}/syncs")
    visitor.post(f"{job_page}/undo")
    run_jobs()
    assert "1 restored" in visitor.get(visitor.last["Location"])
    assert row["name"] == old
    assert "restored" in visitor.get(f"projects/{project.pk}/store")


def test_a_conflict_shows_three_texts_and_is_decided(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    row["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    page = visitor.get(visitor.last["Location"])
    assert "The merchant&#x27;s own words" in page
    assert "Resolve conflicts" in page
    page = visitor.get(f"projects/{project.pk}/store")
    assert "1 item was changed in the store." in page
    assert re.search(r'</div>\s*<form class="apart"[^>]*>.*<button class="link">Unlink</button></form>', page)
    assert "ready to send" not in page  # it has to be decided first
    listed = visitor.get(f"projects/{project.pk}/items?readiness=conflict")
    assert '/store/conflicts">Resolve<span' in listed  # the row says so, and leads there
    assert item.source_data["name"] in listed
    choice, take = f"projects/{project.pk}/store/conflicts", f"take-{item.pk}-description"
    page = visitor.get(choice)
    assert f'name="{take}" value="ours"' in page
    assert "<ins>Generated for </ins>" in page
    assert f'name="{take}" value="" checked' in page  # nothing is decided until somebody does
    assert 'Conflicts <span class="chip">1</span>' in page
    asked = visitor.post(choice, {"take-nonsense": "ours", take: ""}, 400)
    assert "Choose at least one text." in asked
    assert f'name="{take}" value="" checked' in asked  # the choices of all texts stay
    item.refresh_from_db()
    assert f'name="version-{item.pk}" value="{item.version}"' in page
    visitor.post(choice, {take: "ours", f"version-{item.pk}": item.version - 1}, 412)
    seen = SyncRecord.objects.get(item=item, state="conflict")
    row["description"] = "<p>The merchant's own words, a second time</p>"
    visitor.post(f"projects/{project.pk}/store/push", {"item": str(item.pk)})
    run_jobs()
    assert f'name="conflict-{item.pk}" value="{seen.pk}"' in page
    visitor.post(choice, {take: "ours", f"conflict-{item.pk}": str(seen.pk)}, 412)  # of texts that it did not show
    visitor.post(choice, {take: "ours"})
    run_jobs()
    assert "No results." in visitor.get(f"projects/{project.pk}/items?readiness=conflict")
    assert '<option value="conflict"' not in visitor.get(f"projects/{project.pk}/items")  # of no item
    assert row["description"] == f"<p>Generated for {item.external_id}</p>"
    visitor.post(f"projects/{project.pk}/items/{item.pk}/undo")
    run_jobs()
    assert "own words, a second time" in row["description"]


def test_one_button_decides_on_all_conflicts_and_one_undo_takes_it_back(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    row["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    visitor.post(f"projects/{project.pk}/store/conflicts", {"all": "ours"})
    job = visitor.last["Location"]
    run_jobs()
    assert row["description"] == f"<p>Generated for {item.external_id}</p>"
    assert "No conflicts." in visitor.get(f"projects/{project.pk}/store/conflicts")
    visitor.post(f"{job}/undo")
    run_jobs()
    assert "own words" in row["description"]


def in_conflict(cast: Any, project: Any, shop: Any, words: str) -> tuple[Visitor, dict[str, Any], ContentItem]:
    """A product whose description the merchant has changed to `words` before our push."""
    visitor, row = imported(cast, project, shop)
    row["description"] = words
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    return visitor, row, ContentItem.objects.get(project=project)


def test_our_text_in_a_conflict_is_edited_saved_and_sent(cast: Any, project: Any, shop: Any) -> None:
    visitor, row, item = in_conflict(cast, project, shop, "<p>The merchant's own words</p>")
    desk, text = f"projects/{project.pk}/store/conflicts", f"text-{item.pk}-description"
    page = visitor.get(desk)
    assert f'name="{text}"' in page
    assert "&lt;p&gt;Generated for" in page  # as the review's editor has it
    merged = f"<p>The merchant's own words.</p>\r\n<p>Generated for {item.external_id}</p>"
    take = f"take-{item.pk}-description"
    visitor.post(desk, {take: "ours", text: merged, f"version-{item.pk}": str(item.version)})
    run_jobs()
    item.refresh_from_db()
    assert item.generated_content["description"] == merged.replace("\r\n", "\n")
    assert item.status == "synced"
    assert row["description"] == item.generated_content["description"]
    assert item.versions.get().reason == "edited"
    assert "No conflicts." in visitor.get(desk)


def test_an_edit_in_a_conflict_is_not_sent_while_something_speaks_against_it(
    cast: Any, project: Any, shop: Any
) -> None:
    visitor, row, item = in_conflict(cast, project, shop, "<p>The merchant's own words</p>")
    desk, text = f"projects/{project.pk}/store/conflicts", f"text-{item.pk}-description"
    record, take = SyncRecord.objects.get(item=item), f"take-{item.pk}-description"
    claimed = "<p>Certified by the FDA, 900 kg.</p><script>x()</script>"
    page = visitor.post(desk, {take: "ours", text: claimed}, 422)
    assert "Your text makes claims that are not in the product data." in page
    told, _, clash = page.partition(f'id="clash-{record.pk}"')
    told = told[told.index('role="alert" tabindex="-1" autofocus') :]
    assert "Nothing has been applied yet." in told
    assert f'href="#clash-{record.pk}"' in told
    assert "<q><bdi>900 kg</bdi></q>" in clash
    assert "script" in clash[: clash.index("Send it anyway")]
    assert "&lt;p&gt;Certified by the FDA, 900 kg.&lt;/p&gt;" in page  # what was typed stays
    assert f'name="{take}" value="ours" checked' in page
    item.refresh_from_db()
    assert item.generated_content["description"] == f"<p>Generated for {item.external_id}</p>"
    visitor.post(desk, {take: "ours", text: claimed, f"anyway-{record.pk}": "1"})
    run_jobs()
    assert row["description"] == "<p>Certified by the FDA, 900 kg.</p>"


def test_who_insists_on_one_text_in_a_conflict_need_not_again_for_the_next(cast: Any, project: Any, shop: Any) -> None:
    other = shop.add()
    visitor, row = imported(cast, project, shop)
    row["description"] = other["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    desk = f"projects/{project.pk}/store/conflicts"
    records = list(SyncRecord.objects.filter(state="conflict").order_by("item_id"))
    sent = {f"take-{record.item_id}-description": "ours" for record in records}
    sent |= {f"text-{record.item_id}-description": "<p>It weighs 900 kg.</p>" for record in records}
    page = visitor.post(desk, {**sent, f"anyway-{records[0].pk}": "1"}, 422)
    assert f'href="#clash-{records[0].pk}"' not in page
    assert f'href="#clash-{records[1].pk}"' in page
    assert f'name="anyway-{records[0].pk}" value="1" checked' in page
    assert Job.objects.filter(job_type="sync").count() == 1


def test_choices_and_words_stay_when_the_text_has_changed_meanwhile(cast: Any, project: Any, shop: Any) -> None:
    visitor, row, item = in_conflict(cast, project, shop, "<p>The merchant's own words</p>")
    desk, take = f"projects/{project.pk}/store/conflicts", f"take-{item.pk}-description"
    sent = {take: "ours", f"text-{item.pk}-description": "Words of mine", f"version-{item.pk}": str(item.version - 1)}
    page = visitor.post(desk, sent, 412)
    assert "These texts have changed since you opened the page." in page
    assert "Words of mine" in page
    assert f'name="{take}" value="ours" checked' in page
    assert row["description"] == "<p>The merchant's own words</p>"


def test_a_conflict_shows_paragraphs_as_lines_and_no_text_twice(cast: Any, project: Any, shop: Any) -> None:
    visitor, _row, item = in_conflict(cast, project, shop, "<p>Made of wool.</p><ul><li>Blue</li><li>2 kg</li></ul>")
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    assert "Made of wool.\nBlue\n2 kg" in page
    assert page.count('<div class="prose" dir="auto">') == 3
    assert "Replace the store's texts with ours?" in page  # the button asks
    text = item.generated_content["description"]
    record = SyncRecord.objects.get(item=item)
    record.conflicts = [{**clash, "imported": text} for clash in record.conflicts]
    record.save()
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    assert page.count('<div class="prose" dir="auto">') == 2  # only the store's was changed since


def test_a_conflict_offers_two_cards_under_the_former_text_both_marked_with_what_is_new(
    cast: Any, project: Any, shop: Any
) -> None:
    visitor, _row, item = in_conflict(cast, project, shop, "<p>Insulated bottle of steel, now cheaper</p>")
    record = SyncRecord.objects.get(item=item)
    [clash] = record.conflicts
    record.conflicts = [{**clash, "imported": "Insulated bottle of steel", "generated": "Bottle of insulated steel"}]
    record.save()
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    former, _, cards = page.partition('<div class="sides">')
    assert '<div class="prose" dir="auto">Insulated bottle of steel</div>' in former
    assert 'type="radio"' not in former
    cards, _, later = cards.partition('<label class="tick later">')
    assert re.findall(r'type="radio" name="[^"]+" value="(\w*)"', cards) == ["store", "ours"]
    assert 'value=""' in later.partition("</label>")[0]
    assert "<ins>, now cheaper</ins>" in cards
    assert "<ins>Bottle </ins>" in cards  # the former text begins with another word, though the store's has it too
    assert ">Apply 0 choices</button>" in page


@pytest.mark.thorough
def test_the_text_before_a_conflict_is_the_one_that_the_merchant_changed(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    pushed = f"Generated for {row['id']}"
    row["description"] = f"<p>{pushed}, now cheaper</p>"
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    approve(project, description="<p>Another one</p>")
    visitor.post(f"projects/{project.pk}/store/push", {"item": str(ContentItem.objects.get(project=project).pk)})
    run_jobs()
    job = visitor.get(visitor.last["Location"])
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    for seen in (page, job):
        assert f'<div class="prose" dir="auto">{pushed}</div>' in seen  # not the text from before our first push
        assert "<ins>, now cheaper</ins>" in seen
    item = ContentItem.objects.get(project=project)
    item.made_from["description"] = row["description"]  # ours is generated anew, from the merchant's text
    item.save()
    row["description"] = f"<p>{pushed}, now cheaper and smaller</p>"
    visitor.post(f"projects/{project.pk}/store/push", {"item": str(item.pk)})
    run_jobs()
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    assert f'<div class="prose" dir="auto">{pushed}, now cheaper</div>' in page
    assert "and smaller</ins>" in page


def test_a_long_text_in_a_conflict_is_folded(cast: Any, project: Any, shop: Any) -> None:
    visitor, _row, _item = in_conflict(cast, project, shop, "<p>Word</p>" * 400 + "<p>The last word</p>")
    page = visitor.get(f"projects/{project.pk}/store/conflicts")
    folded = page[page.index("Whole text</summary>") :]
    assert page.count("The last word") == 1
    assert "The last word" in folded[: folded.index("</details>")]


def test_a_conflict_in_the_review_is_compared_with_the_stores_text_of_now(cast: Any, project: Any, shop: Any) -> None:
    visitor, _row, item = in_conflict(cast, project, shop, "<p>The merchant's own words</p>")
    imported_text = item.source_data["description"]
    assert imported_text
    root = f"projects/{project.pk}/items/{item.pk}"
    for pane in (visitor.part(root), visitor.part(f"{root}/changes")):
        assert "The merchant&#x27;s own words" in pane
        assert f"<del>{imported_text}" not in pane
    text = {"field": "description", "version": str(item.version), "text": "<p>The merchant's own words</p>"}
    visitor.send(f"{root}/text", text)
    assert "unchanged" in section(visitor.part(root), "description")


def section(pane: str, field: str) -> str:
    """The part of a pane that is about one field."""
    return pane.partition(f'data-field="{field}"')[2].partition("</header>")[0]


def test_the_preview_of_a_second_push_shows_what_the_first_one_left(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    changes = f"projects/{project.pk}/items/{item.pk}/changes"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    approve(project, name=f"New {item.external_id}, blue")
    page = visitor.part(changes)
    assert f"New {item.external_id}<ins>, blue</ins>" in page
    row["name"] = "By hand"  # a comparison sees it
    comparison.start(project=Project.objects.get(pk=project.pk), by=cast.owner)
    run_jobs()
    assert "<del>By hand</del>" in visitor.part(changes)


@pytest.mark.thorough
def test_what_the_store_does_not_have_is_no_longer_ready(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    del shop.products[row["id"]]
    visitor.post(f"projects/{project.pk}/store/push")
    job_page = visitor.last["Location"]
    run_jobs()
    page = visitor.get(job_page)
    assert states(page) == ["1 not in the store"]
    page = visitor.get(f"projects/{project.pk}/store")
    assert "1 item was not found in your store." in page
    assert "ready to send" not in page
    listed = visitor.get(f"projects/{project.pk}/items?readiness=not_in_store")
    assert "Your store does not have it. Exclude it, or import again once it is back." in listed
    one, every = f"item={item.pk}", "readiness=not_in_store"
    assert f'/projects/{project.pk}/bulk?{one}&amp;action=exclude">Exclude' in listed
    assert f'/projects/{project.pk}/bulk?{every}&amp;action=exclude">Exclude' in page
    assert "No results." in visitor.get(f"projects/{project.pk}/items?readiness=ready")
    assert 'data-readiness="not_in_store"' in visitor.get(f"projects/{project.pk}")
    Drift.objects.update(found_at="2026-03-05T12:00:00Z")
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    assert states(visitor.get(visitor.last["Location"])) == ["1 not in the store"]
    notice = Notification.objects.filter(organization=cast.organization).latest("created_at")
    assert notice.title == f"Import into {project.name}: 1 not in the store"
    assert "since 03/05/2026" in visitor.get(f"projects/{project.pk}/items?readiness=not_in_store")
    assert "Not found there since 03/05/2026." in visitor.part(f"projects/{project.pk}/items/{item.pk}")
    page = visitor.get(f"projects/{project.pk}/bulk?{one}&action=exclude")
    assert 'name="action" value="exclude" checked' in page
    assert page.count('name="action"') == len(ACTIONS)
    visitor.post(f"projects/{project.pk}/bulk", {"item": str(item.pk), "action": "exclude"})
    undo = f"projects/{project.pk}/bulk/{visitor.last['Location'].rpartition('/')[2]}/undo"
    run_jobs()
    assert "No results." in visitor.get(f"projects/{project.pk}/items?readiness=not_in_store")
    visitor.post(undo)
    run_jobs()
    shop.products[row["id"]] = row  # it is there again
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    assert str(item.pk) in visitor.get(f"projects/{project.pk}/items?readiness=ready")


def test_an_import_says_what_it_found(cast: Any, project: Any, shop: Any) -> None:
    for _ in range(2):
        shop.add()
    visitor, changed = imported(cast, project, shop)
    notices = Notification.objects.filter(organization=cast.organization).order_by("-created_at")
    assert notices[0].title == f"Import into {project.name}: 3 new"
    changed["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    assert notices[0].title == f"Import into {project.name}: 1 changed, 2 unchanged"
    assert states(visitor.get(visitor.last["Location"])) == ["1 changed", "2 unchanged"]
    del shop.products[changed["id"]]
    shop.add()
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    assert notices[0].title == f"Import into {project.name}: 1 new, 2 unchanged, 1 not in the store"
    listed = visitor.get(f"projects/{project.pk}/items?readiness=not_in_store")
    assert changed["name"] in listed
    assert listed.count('name="item"') == 1


@pytest.mark.thorough
def test_where_the_stores_text_was_kept_nothing_is_outdated(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    row["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    made_from = {"name": item.source_data["name"], "description": "<p>Before</p>"}
    ContentItem.objects.filter(pk=item.pk).update(made_from=made_from, status="approved")
    visitor.post(f"projects/{project.pk}/store/push", {"item": str(item.pk)})
    run_jobs()
    visitor.post(f"projects/{project.pk}/store/conflicts", {"all": "store"})
    run_jobs()
    page = visitor.part(f"projects/{project.pk}/items/{item.pk}")
    assert "In store</span> The text is in your store. There is nothing to do.</p>" in page
    assert "The store's text has changed since" not in page
    visitor.post(f"projects/{project.pk}/store/import")
    run_jobs()
    item.refresh_from_db()
    assert item.outdated_fields == []
    metadata = {**item.generation_metadata, "edited_at": "2026-01-01T00:00:00Z"}  # by a person
    ContentItem.objects.filter(pk=item.pk).update(outdated_fields=["name"], generation_metadata=metadata)
    page = visitor.part(f"projects/{project.pk}/items/{item.pk}")
    assert "The store's text has changed since this text was generated." in page
    assert "There is nothing to do." not in page


def states(page: str) -> list[str]:
    """What a job's page says of how its items ended."""
    return re.findall(r'<span class="state [^"]*">([^<]+)</span>', page.partition('<p class="states">')[2])


def test_each_item_of_a_push_is_counted_once(cast: Any, project: Any, shop: Any) -> None:
    rows = [shop.add() for _ in range(2)]
    visitor, changed = imported(cast, project, shop)
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    assert states(visitor.get(visitor.last["Location"])) == ["3 updated"]
    del shop.products[rows[0]["id"]]
    changed["description"] = "<p>The merchant's own words</p>"
    ContentItem.objects.filter(project=project).update(status="approved")
    approve(project, description="<p>Another one</p>")
    ContentItem.objects.filter(external_id=str(rows[1]["id"])).update(
        generated_content={"name": rows[1]["name"], "description": rows[1]["description"]}
    )
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    told = ["1 unchanged", "1 waiting for a decision", "1 not in the store"]
    page = visitor.get(visitor.last["Location"])
    assert states(page) == told
    assert "Sync to store: Done, 1 to decide</h2>" in page  # nothing failed
    assert " · ".join(told) in visitor.get(f"projects/{project.pk}/store")
    notice = Notification.objects.filter(organization=cast.organization).latest("created_at")
    assert notice.title == f"Sync of {project.name}: {', '.join(told)}"
    assert notice.body == "Choose which texts stay in the store."
    result = Job.objects.filter(job_type="sync").latest("created_at").result  # as the API has them
    assert (result["synced"], result["unchanged"], result["failed"], result["conflicts"]) == (1, 1, 2, 1)
    visitor.post(f"projects/{project.pk}/store/conflicts", {"all": "store"})
    run_jobs()
    page = visitor.get(visitor.last["Location"])
    assert states(page) == ["1 unchanged"]  # nothing was written
    assert "Undo this sync" not in page


def test_the_page_sends_what_its_button_counts(cast: Any, project: Any, shop: Any) -> None:
    rows = [shop.add() for _ in range(3)]
    visitor, changed = imported(cast, project, shop)
    del shop.products[rows[0]["id"]]
    changed["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    ContentItem.objects.filter(external_id=str(rows[1]["id"])).update(status="approved")
    page = visitor.get(f"projects/{project.pk}/store")
    assert "<button>Send 1 text to the store</button>" in page
    assert "1 item was changed in the store." in page
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    page = visitor.get(visitor.last["Location"])
    assert states(page) == ["1 unchanged"]
    assert "1 of 1 done." in page
    for told in ("1 item was changed in the store.", "1 item was not found in your store."):
        assert told in visitor.get(f"projects/{project.pk}/store")


@pytest.mark.thorough
def test_an_undo_says_what_it_left_and_promises_no_decision(cast: Any, project: Any, shop: Any) -> None:
    shop.add()
    visitor, changed = imported(cast, project, shop)
    visitor.post(f"projects/{project.pk}/store/push")
    push = visitor.last["Location"]
    run_jobs()
    for name in ("name", "description"):
        changed[name] = "The merchant's own words"
    visitor.post(f"{push}/undo")
    run_jobs()
    undo = visitor.last["Location"]
    page, told = visitor.get(undo), ["1 restored", "1 not undone: changed in the store since"]
    assert states(page) == told
    assert "Undo of a sync: Done</h2>" in page
    assert "Resolve" not in page
    assert "No conflicts." in visitor.get(f"projects/{project.pk}/store/conflicts")
    page = visitor.get(f"projects/{project.pk}/store")
    assert f"Undo of a sync: Done · {' · '.join(told)}" in page
    assert "Sync to store: Done · 2 updated · undone in part" in page
    assert "Undo of a sync</a>" in visitor.get(f"projects/{project.pk}")
    notice = Notification.objects.filter(organization=cast.organization).latest("created_at")
    assert (notice.title, notice.body) == (f"Undo in {project.name}: {', '.join(told)}", "")
    ContentItem.objects.filter(project=project).update(status="approved")
    changed.update(name=f"New {changed['id']}", description=f"<p>Generated for {changed['id']}</p>")
    visitor.post(f"{push}/undo")
    run_jobs()
    assert "Sync to store: Done · 2 updated · undone<" in visitor.get(f"projects/{project.pk}/store")


def test_force_is_for_one_item_that_somebody_looked_at(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    row["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push", {"force": "1"})
    run_jobs()
    assert "own words" in row["description"]
    assert Job.objects.filter(job_type="sync").latest("created_at").result["conflicts"] == 1


def test_without_a_store_there_is_nothing_to_push_to(cast: Any, project: Any) -> None:
    page = Visitor(cast.owner).post(f"projects/{project.pk}/store/push", status=409)
    assert "no store connection" in page


def test_the_stores_text_can_be_kept_field_by_field(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    row["description"] = "<p>The merchant's own words</p>"
    visitor.post(f"projects/{project.pk}/store/push")
    run_jobs()
    visitor.post(f"projects/{project.pk}/store/conflicts", {f"take-{item.pk}-description": "store"})
    run_jobs()
    item.refresh_from_db()
    assert item.decisions == {"description": "kept"}
    why = "It was decided to keep the store's text here, so ours is not sent."
    assert visitor.part(f"projects/{project.pk}/items/{item.pk}").count(why) == 1
    visitor.send(f"projects/{project.pk}/items/{item.pk}/field", {"field": "description", "decision": "approved"})
    assert why not in visitor.part(f"projects/{project.pk}/items/{item.pk}")
    assert row["description"] == "<p>The merchant's own words</p>"
    assert row["name"] == f"New {item.external_id}"


def test_an_import_is_chosen_by_the_stores_filters(cast: Any, project: Any, shop: Any) -> None:
    row, other = shop.add(), shop.add(meta={"wash": "Cold only"})
    other["status"] = "draft"
    root = f"projects/{project.pk}/store/import"
    visitor = Visitor(cast.owner)
    assert "Connect a store first." in visitor.get(root)
    project.store_connection = make_woocommerce_connection(cast.organization, shop.url)
    project.save()
    assert 'name="filter-statuses"' in visitor.part(f"{root}/filters")
    assert "<strong>2</strong>" in visitor.send(f"{root}/preview")
    assert "<strong>1</strong>" in visitor.send(f"{root}/preview", {"filter-statuses": "draft"})
    visitor.send(f"{root}/preview", {"filter-nonsense": "1"}, 400)
    assert 'name="fact-wash"' in visitor.part(f"{root}/filters")
    visitor.post(root, {"filter-statuses": "draft", "fact-wash": "Care"})
    run_jobs()
    other_item = ContentItem.objects.get(project=project)
    assert other_item.source_data["raw"]["custom_fields"] == {"Care": "Cold only"}
    assert 'value="Care"' in visitor.part(f"{root}/filters")
    assert [item.external_id for item in ContentItem.objects.filter(project=project)] == [str(other["id"])]
    assert row["id"] != other["id"]


def test_an_empty_project_is_led_to_the_import_and_a_finished_one_nowhere(cast: Any, project: Any, shop: Any) -> None:
    project.store_connection = make_woocommerce_connection(cast.organization, shop.url)
    project.save()
    root, visitor = f"/app/projects/{project.pk}", Visitor(cast.owner)
    large, review = f'<a class="button" href="{root}/store/import">', f'<a class="button" href="{root}/review">'
    page = visitor.get(f"{root}/store")
    assert large in page
    assert review not in page
    item = make_item(project, status="generated")
    page = visitor.get(f"{root}/store")
    assert large not in page
    assert review in page
    ContentItem.objects.filter(pk=item.pk).update(status="synced")
    page = visitor.get(f"{root}/store")
    assert "No approved texts are waiting to be sent." in page
    assert review not in page


@pytest.mark.thorough
def test_a_slow_shop_is_imported_without_its_filters(cast: Any, project: Any, shop: Any, monkeypatch: Any) -> None:
    root = f"projects/{project.pk}/store/import"
    visitor = Visitor(cast.owner)
    project.store_connection = make_woocommerce_connection(cast.organization, shop.url)
    project.save()
    shop.add()
    shop.fail(503, when=lambda request: "meta_data" in request.query.get("_fields", ""), times=2)
    page = visitor.part(f"{root}/filters")
    assert 'name="filter-statuses"' in page
    assert "Custom fields: The store is overloaded" in page

    monkeypatch.setattr(lookups, "SECONDS", 0.0)  # all its time is up at the first answer
    shop.latency = 5.0
    page = visitor.part(f"{root}/filters")
    assert "You can import everything without them." in page
    assert "did not answer in time" in page
    assert f'hx-get="/app/{root}/filters"' in page  # asks again
    assert "The store did not say how many there are." in visitor.send(f"{root}/preview")
    shop.latency = 0.0
    visitor.post(root)
    run_jobs()
    assert ContentItem.objects.filter(project=project).count() == 1


def test_texts_that_could_not_come_back_are_named_before_a_push(cast: Any, project: Any, shop: Any) -> None:
    visitor, row = imported(cast, project, shop)
    root = f"projects/{project.pk}/store"
    assert visitor.part(f"{root}/push/warnings").strip() == ""
    item = ContentItem.objects.get(project=project)
    cut = "<p>Half < price</p><script>x()</script>"
    item.source_data = {**item.source_data, "description": cut}
    item.save()
    row["description"] = cut
    warned = visitor.part(f"{root}/push/warnings")
    assert "Don't send these texts" in warned
    visitor.post(f"{root}/push", {"spare": "1"})
    run_jobs()
    assert row["description"] == cut


def test_elements_that_ours_lacks_are_named_before_a_push(cast: Any, project: Any, shop: Any) -> None:
    visitor, _row = imported(cast, project, shop)
    item = ContentItem.objects.get(project=project)
    item.source_data = {**item.source_data, "description": "<p>Ask</p><form></form>"}
    item.save()
    warned = visitor.part(f"projects/{project.pk}/store/push/warnings")
    assert "1 text in the store has elements or shortcodes that ours lacks:" in warned
    assert '<code dir="ltr">form</code>' in warned
    assert "Don't send these texts" not in warned
