"""The review: what the queue shows, what the pane says, and what a decision changes."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.utils import timezone

from billing.models import Wallet
from projects import review_queue
from projects.models import ContentItem, ItemVersion
from scribe.models import Job
from tests.factories import make_item, make_language_text, make_project
from tests.fakes.pictures import PictureHost
from tests.helpers import run_jobs
from tests.workbench.visiting import Visitor
from workbench import edited_texts, pictures, queue, reading, search_result
from writing.fields import BY_NAME
from writing.settings import WritingSettings


def root(desk: Any) -> str:
    return f"projects/{desk.project.pk}"


def names(page: str) -> list[str]:
    return re.findall(r'data-status="(\w+)"', page.partition('<section id="item"')[0])


def test_flagged_items_come_first(desk: Any) -> None:
    shown = names(desk.owner.get(f"{root(desk)}/review"))
    assert shown == sorted(shown, key=["flagged", "generated"].index)
    assert {"flagged", "generated"} == set(shown)


def test_the_queue_has_the_order_of_the_next_item_and_goes_on_both_ways(desk: Any) -> None:
    for number in range(130):
        status, score = "flagged" if number % 2 else "generated", number * 37 % 10 / 10
        make_item(desk.project, status=status, confidence_score=score, generated_content={"name": "A name"})
    rows = review_queue.waiting(desk.project).exclude(item_type="variant")
    expected, item = [], None
    while (item := review_queue.first(rows, item)) is not None:
        expected.append(item.pk)
    wanted, after, seen = queue.Wanted(), "", []
    while True:
        found = queue.page(desk.project, wanted, after=after)
        seen += [row["pk"] for row in found.rows]
        if not (after := found.after):
            break
    assert seen == expected
    middle = ContentItem.objects.get(pk=expected[90])
    found = queue.around(desk.project, wanted, middle)
    assert [row["pk"] for row in found.rows] == expected[90 - queue.BEFORE : 91 + queue.PAGE]
    back, before = [row["pk"] for row in found.rows], found.before
    while before:
        found = queue.page(desk.project, wanted, before=before)
        back, before = [*(row["pk"] for row in found.rows), *back], found.before
    assert back == expected[: 91 + queue.PAGE]
    ContentItem.objects.filter(pk=middle.pk).update(status="approved")  # it keeps its place until the page is left
    left = queue.around(desk.project, wanted, ContentItem.objects.get(pk=middle.pk))
    assert [row["pk"] for row in left.rows] == expected[90 - queue.BEFORE : 91 + queue.PAGE]
    page = desk.owner.get(f"{root(desk)}/review")
    more = re.search(r'hx-get="([^"]+)" hx-trigger="intersect', page)
    assert more
    assert desk.owner.part(more[1].replace("&amp;", "&")).count('class="entry"') == 50


def test_a_place_that_nobody_wrote_begins_at_the_beginning(desk: Any) -> None:
    start = names(desk.owner.part(f"{root(desk)}/review/queue"))
    for place in ("x", "flagged:nan:1", "flagged:1", f"pending:0.5:{desk.written.pk}", "flagged:inf:" + "0" * 32):
        assert names(desk.owner.part(f"{root(desk)}/review/queue?after={place}")) == start


def test_who_has_reviewed_all_texts_goes_on_to_the_store_though_some_are_unwritten(desk: Any) -> None:
    written = ContentItem.objects.filter(project=desk.project).exclude(status="pending")
    written.update(status="approved")
    page = desk.owner.get(f"{root(desk)}/review")
    assert "Everything has been reviewed." in page
    assert "Go to the store page" in page
    written.update(status="synced")  # nothing is left to send
    page = desk.owner.get(f"{root(desk)}/review")
    assert "Everything has been reviewed." in page
    assert "The approved texts can go to your store now." not in page
    written.update(status="pending")
    assert "No texts have been generated yet." in desk.owner.get(f"{root(desk)}/review")


def test_the_queue_shows_what_was_asked_for(desk: Any) -> None:
    assert set(names(desk.owner.get(f"{root(desk)}/review?status=generated"))) == {"generated"}
    assert set(names(desk.owner.get(f"{root(desk)}/review?check=forbidden"))) == {"flagged"}
    ways = {"kind": "warranty", "field": "short_description", "category": "Outdoor > Bottles", "q": "bottle"}
    for name, value in ways.items():
        page = desk.owner.get(f"{root(desk)}/review?{urlencode({name: value})}")
        assert str(desk.unsupported.pk) in page, name
    assert str(desk.written.pk) not in desk.owner.get(f"{root(desk)}/review?kind=warranty")
    for nothing in ("q=nothing-like-this", "field=tags", "category=Shoes", "kind=award", "field=attributes"):
        assert "No results." in desk.owner.get(f"{root(desk)}/review?{nothing}"), nothing
    assert '<option value="Outdoor &gt; Bottles">' in page


def test_claims_lead_to_their_source(desk: Any) -> None:
    item = make_item(desk.project, status="generated")
    desk.owner.send(f"{root(desk)}/items/{item.pk}/text", {
        "field": "short_description", "text": "A bottle of 750 ml that keeps cold for 12 hours. Comes with a 25-year warranty."})  # fmt: skip
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    assert re.search(r'class="claim supported" href="#claim-\d+"[^>]*>[^<]*750', page)
    assert re.search(r'class="claim unsupported" href="#claim-\d+"[^>]*>[^<]*25', page)
    assert "not found in the product data" in page
    assert re.search(r"<q>[^<]*<mark>[^<]*750 ml[^<]*</mark>[^<]*</q>", page)
    assert "2 of 4 claims are not in the source: " in page
    assert "“<a href" not in page
    ContentItem.rows.filter(pk=item.pk).update(status="flagged")
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    named = re.findall(r'“<a href="#(mark-\d+)">([^<]+)</a>”', page)
    assert len(named) == 2
    for mark, words in named:
        assert re.search(rf'class="claim unsupported" href="#claim-\d+" id="{mark}"[^>]*>{words}<', page)


def test_a_text_is_offered_with_what_applies_now(desk: Any) -> None:
    texts = {"name": "Trail Bottle, green", "description": desk.written.source_data["description"]}
    item = make_item(
        desk.project, status="generated", generated_content=texts,
        source_data={**desk.written.source_data, "name": "Trail Bottle"},
    )  # fmt: skip
    url = f"{root(desk)}/items/{item.pk}"

    def pressed() -> dict[str, str]:
        section = re.search(r'data-field="name".*?</section>', desk.owner.part(url), re.S)
        assert section
        return dict(re.findall(r'data-to="(\w+)"[^>]*aria-pressed="(\w+)"', section[0]))

    assert pressed() == {"approved": "true", "kept": "false"}
    desk.owner.send(f"{url}/field", {"field": "name", "decision": "kept"})
    assert pressed() == {"approved": "false", "kept": "true"}
    same = re.search(r'data-field="description".*?</section>', desk.owner.part(url), re.S)
    assert same
    assert "data-to" not in same[0]  # the store has these words already


def test_keys_are_told_in_one_place_and_to_assistive_technology(desk: Any) -> None:
    page = desk.owner.get(f"{root(desk)}/review")
    before, _, after = page.partition('<dialog id="help"')
    help_, _, rest = after.partition("</dialog>")
    assert "<kbd>" not in before + rest
    told = set(re.findall(r'aria-keyshortcuts="([^"]+)"', page))
    assert told >= {"a", "r", "g", "e", "t", "s", "n", "d", "f", "u", "/", "?", "1", "Shift+A"}
    assert {f"<kbd>{key}</kbd>" in help_ for key in "aArgetsndfu/?1"} == {True}


def test_a_passage_is_shown_in_its_whole_field(desk: Any) -> None:
    text = "The pot is made for soups. " * 3 + "It keeps drinks cold for 12 hours. " + "Wash it by hand. " * 60
    item = make_item(desk.project, status="generated", source_data={"name": "Pot", "description": f"<p>{text}</p>"})
    desk.owner.send(f"{root(desk)}/items/{item.pk}/text", {"field": "name", "text": "A pot, cold for 12 hours"})
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    found = re.search(r"<q>([^<]*)<mark>([^<]*)</mark>([^<]*)</q>", page)
    assert found
    assert found[1].startswith(
        "The pot is made for soups. The pot"
    )  # from the beginning of the field, not from mid-sentence
    assert "12 hours" in found[2]
    assert found[3].endswith("…")  # the rest of a long field is left out, and said to be


def test_a_single_field_is_taken_or_left(desk: Any) -> None:
    item = desk.unsupported
    url = f"{root(desk)}/items/{item.pk}"
    told = json.loads(
        desk.owner.send(f"{url}/field", {"field": "short_description", "decision": "kept", "version": item.version})
    )
    assert (told["status"], told["unsupported"]) == ("flagged", False)
    assert told["version"] > item.version
    page = desk.owner.part(url)
    assert 'data-field="short_description" data-number="1" data-decision="kept"' in page
    assert "data-unsupported" not in page.partition("data-field")[0]
    desk.owner.send(f"{url}/decision", {"status": "approved", "version": told["version"]})  # needs no word of its own
    desk.owner.send(
        f"{url}/field", {"field": "short_description", "decision": "approved", "version": item.version}, 412
    )
    assert json.loads(desk.owner.send(f"{url}/field", {"field": "short_description"}))["unsupported"] is True
    item.refresh_from_db()
    assert item.decisions == {}
    desk.owner.send(f"{url}/field", {"field": "colour", "decision": "kept"}, 400)
    desk.owner.send(f"{url}/field", {"field": "name", "decision": "burned"}, 400)
    desk.owner.post(f"{url}/field", {"field": "name", "decision": "approved"}, 303)  # without a script, a plain form


def test_a_search_result_is_shown_as_the_search_engine_cuts_it(desk: Any) -> None:
    url = f"{root(desk)}/items/{desk.written.pk}"
    assert '<p class="title" dir="auto">Trail Bottle, 750 ml</p>' in desk.owner.part(url)
    page = desk.owner.send(f"{url}/text/check", {"field": "seo.title", "text": "Another title"})
    assert '<p class="title" dir="auto">Another title</p>' in page
    assert 'class="title"' not in desk.owner.send(f"{url}/text/check", {"field": "name", "text": "A bottle"})


def test_a_long_search_result_is_cut_where_a_search_engine_cuts_it() -> None:
    content = {"name": "A bottle of steel " * 6, "seo": {"slug": "bottle", "description": "It keeps cold. " * 20}}
    shown = search_result.search_result(content, WritingSettings(shop_host="shop.example"))
    assert shown is not None
    assert (len(shown.title) <= 60, shown.title[-1]) == (True, "…")
    assert (len(shown.description) <= 160, shown.description[-1]) == (True, "…")
    assert shown.address == "shop.example › bottle"
    assert search_result.search_result({"name": "A bottle"}, WritingSettings()) is None


def test_the_picture_comes_through_the_guarded_client(desk: Any, settings: Any) -> None:
    item = desk.written
    url = f"{root(desk)}/items/{item.pk}/image"
    assert "<svg" in desk.owner.get(url)
    assert "/image" not in desk.owner.part(f"{root(desk)}/items/{item.pk}")
    for address in ("http://169.254.169.254/latest", "file:///etc/passwd", "https://localhost/x.jpg"):
        ContentItem.objects.filter(pk=item.pk).update(source_data={**item.source_data, "images": [address]})
        assert "<svg" in desk.owner.get(url), address
    with PictureHost() as host:
        settings.OUTBOUND_ALLOWED_HOSTS = [urlsplit(host.url).netloc]
        pictured = {**item.source_data, "images": [{"src": f"{host.url}/a.jpg"}, f"{host.url}/b.jpg"]}
        ContentItem.objects.filter(pk=item.pk).update(source_data=pictured)
        desk.owner.get(url)
        assert desk.owner.last["Content-Type"] == "image/jpeg"
        assert desk.owner.last["Cache-Control"] == "private, max-age=3600"
        assert [request.path for request in host.requests] == ["/a.jpg"]
        preview(desk, f"{host.url}/c.jpg")
        desk.owner.get(url)  # kept for an hour
        assert [request.path for request in host.requests] == ["/a.jpg", "/c.jpg"]
    assert f"{item.pk}/image" in desk.owner.part(f"{root(desk)}/items/{item.pk}")


def preview(desk: Any, picture: str) -> None:
    """A page's picture in the frame of its text comes by an address that only we can make. The frame sends no cookie."""
    https = picture.replace("http://", "https://")
    html = f'<p><img src="{https}" alt="A bottle"></p>'
    page = make_item(desk.project, status="generated", item_type="page", generated_content={"description": html})
    shown = unescape(re.search(r'srcdoc="([^"]*)"', desk.owner.part(f"{root(desk)}/items/{page.pk}"))[1])  # type: ignore[index]
    source = unescape(re.search(r'<img src="([^"]*)" alt="A bottle">', shown)[1])  # type: ignore[index]
    assert source.startswith("/app/picture?of=https")
    ours = pictures.address(picture, desk.cast.organization.pk)
    nobody = Visitor()
    nobody.get(ours)
    assert nobody.last["Content-Type"] == "image/jpeg"
    nobody.get(ours.replace("c.jpg", "d.jpg"), 404)  # not signed by us
    nobody.get(ours.replace(str(desk.cast.organization.pk), str(desk.cast.stranger.organization_id)), 404)


def test_a_text_is_cut_at_its_claims_and_loses_nothing() -> None:
    item = ContentItem(
        source_data={"description": "Steel"},
        generated_content={"name": "a bb ccc", "bullet_points": ["one two", "three"]},
        generation_metadata={
            "checks": [
                {"id": "grounding", "findings": [
                    {"field": "name", "text": "bb", "start": 2, "end": 4, "supported": True, "source_field": "sku", "source_excerpt": "bb"},
                    {"field": "name", "text": "b", "start": 3, "end": 4, "supported": False},
                    {"field": "name", "text": "c", "start": 7, "end": 99, "supported": False},
                    {"field": "bullet_points[0]", "text": "two", "supported": False},
                ]}
            ]
        },
    )  # fmt: skip
    name, bullets = reading.read(item, WritingSettings())
    assert [(piece.text, piece.claim.supported if piece.claim else None) for piece in name.lines[0]] == [
        ("a ", None), ("bb", True), (" cc", None), ("c", False),
    ]  # fmt: skip
    assert [piece.text for piece in bullets.lines[0]] == ["one ", "two"]
    assert (bullets.raw, bullets.limit, bullets.length) == ("one two\nthree", 8, 2)


def test_the_words_that_change_are_marked(desk: Any) -> None:
    item = make_item(desk.project, status="generated")
    desk.owner.send(f"{root(desk)}/items/{item.pk}/text", {"field": "name", "text": "Trail Flask"})
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    assert "Trail <del>Bottle</del><ins>Flask</ins>" in page


def test_what_has_changed_is_read_first_and_the_rest_is_folded(desk: Any) -> None:
    seo = {"title": "Trail Bottle, 750 ml", "slug": "trail-bottle", "focus_keyword": "bottle"}
    content = {"name": "Trail Bottle", "description": "<p>A steel bottle, cold for 12 hours.</p>", "seo": seo}
    item = make_item(desk.project, status="generated", generated_content=content)
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    shown, _, folded = page.partition('<details class="rest">')
    assert re.findall(r'data-field="([\w.]+)" data-number="(\d)"', shown) == [("description", "1"), ("seo.title", "2")]
    assert re.findall(r'data-field="([\w.]+)" data-number="(\d)"', folded) == [
        ("name", "3"), ("seo.slug", "4"), ("seo.focus_keyword", "5"), ("seo.description", "6"),
    ]  # fmt: skip
    assert "1 empty text: SEO description" in folded
    assert "3 more texts, unchanged or for machines: Name, URL slug, Focus keyphrase" in folded


def test_what_has_a_fault_is_never_folded(desk: Any) -> None:
    check = {"id": "forbidden", "passed": False, "findings": [{"field": "name", "detail": "Not this word."}]}
    item = make_item(
        desk.project,
        status="flagged",
        generated_content={"name": "Trail Bottle"},
        generation_metadata={"checks": [check]},
    )
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    assert "Not this word." in page
    assert 'class="rest"' not in page


def test_changes_are_marked_across_claims_and_lines() -> None:
    item = ContentItem(
        source_data={"bullet_points": ["Holds 500 ml", "Red"], "name": "A red bottle of steel"},
        generated_content={"name": "A green bottle of steel", "bullet_points": ["Holds 750 ml", "Green"]},
        generation_metadata={"checks": [{"id": "grounding", "findings": [
            {"field": "name", "text": "green bottle", "start": 2, "end": 14, "supported": True}]}]},
    )  # fmt: skip
    for one in reading.read(item, WritingSettings()):
        pieces = [piece for line in one.lines for piece in line]
        for piece in pieces:
            assert "".join(words.text for words in piece.words if words.op != "delete") == piece.text
        gone = [words.text for piece in pieces for words in piece.words if words.op == "delete"]
        assert "".join(gone).replace("\n", "").split() == {"name": ["red"], "bullet_points": ["500", "Red"]}[one.name]


def test_a_rewritten_text_is_read_by_itself_above_the_one_before(desk: Any) -> None:
    old = "This pot of cast iron is made for soups, stews and bread, and it goes into any oven up to 250 degrees. " * 2
    source = {"name": "Pot", "description": f"<p>{old}</p>"}
    content = {
        "description": "<p>Cook slowly: heavy walls hold the heat for hours, so a Sunday roast stays tender.</p>"
    }
    item = make_item(desk.project, status="generated", source_data=source, generated_content=content)
    page = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    assert "<del>" not in page
    assert re.search(r'<details class="before"><summary>[^<]*</summary><div[^>]*data-store>This pot', page)


def test_the_shopper_sees_the_stores_text_where_ours_was_declined(desk: Any) -> None:
    item, url = desk.written, f"{root(desk)}/items/{desk.written.pk}"
    card = desk.owner.part(url).partition('<aside class="shopper"')[2]
    assert "<details open>" in card
    assert "A steel bottle that keeps drinks cold for 12 hours." in card
    assert "19.90" in card
    assert "<li>750 ml</li>" in card
    desk.owner.send(f"{url}/field", {"field": "bullet_points", "decision": "rejected", "version": item.version})
    assert "<li>750 ml</li>" not in desk.owner.part(url).partition('<aside class="shopper"')[2]


def test_who_decided_and_when_stands_beside_the_state(desk: Any) -> None:
    mate, url = Visitor(desk.cast.teammate), f"{root(desk)}/items/{desk.written.pk}"
    head = lambda: desk.owner.part(url).partition("</header>")[0]  # noqa: E731
    name = f"by <bdi>{desk.cast.teammate.name}</bdi>, "
    assert name not in head()
    mate.send(f"{url}/decision", {"status": "approved"})
    assert name in head()
    mate.send(f"{url}/decision", {"status": "rejected", "reason": "Too flowery"})
    assert name in head()
    desk.owner.send(f"{url}/decision", {"status": "generated"})
    assert name not in head()


def test_a_decision_is_made_and_taken_back(desk: Any) -> None:
    url = f"{root(desk)}/items/{desk.written.pk}/decision"
    told = json.loads(desk.owner.send(url, {"status": "approved", "version": desk.written.version}))
    assert told["status"] == "approved"
    assert told["version"] > desk.written.version
    assert json.loads(desk.owner.send(url, {"status": "generated"}))["status"] == "generated"
    desk.owner.send(url, {"status": "synced"}, 400)


def test_a_rejection_keeps_its_reason_until_it_is_taken_back(desk: Any) -> None:
    url = f"{root(desk)}/items/{desk.written.pk}"
    desk.owner.send(f"{url}/decision", {"status": "rejected", "reason": "Too flowery"})
    assert "Rejected because: <bdi>Too flowery</bdi>" in desk.owner.part(url)
    desk.owner.send(f"{url}/decision", {"status": "approved"})
    desk.written.refresh_from_db()
    assert desk.written.reject_reason == ""


def test_a_reason_is_kept_whole_or_refused(desk: Any) -> None:
    """A browser counts the end of a line as one character and sends two: the end of such a reason was cut off."""
    url = f"{root(desk)}/items/{desk.written.pk}/decision"
    reason = "\n".join(["x" * 99] * 5)
    desk.owner.send(url, {"status": "rejected", "reason": reason.replace("\n", "\r\n")})
    desk.written.refresh_from_db()
    assert (len(reason), desk.written.reject_reason) == (499, reason)
    desk.owner.send(url, {"status": "rejected", "reason": "x" * 501}, 400)
    desk.written.refresh_from_db()
    assert desk.written.reject_reason == reason


def test_a_hint_beside_long_instructions_is_refused_and_cuts_none_of_them(desk: Any) -> None:
    item = desk.written
    before = {**item.generation_metadata["settings"], "custom_instructions": "i" * 7_990}
    ContentItem.objects.filter(pk=item.pk).update(generation_metadata={**item.generation_metadata, "settings": before})
    item.refresh_from_db()
    url = f"{root(desk)}/items/{item.pk}/regeneration"
    assert "8004" in desk.owner.send(url, {"hint": "Much shorter!", "version": item.version}, 400)
    desk.owner.part(url)
    desk.owner.send(url, {"hint": "Shorter!", "version": item.version})
    job = Job.objects.exclude(pk=desk.job.pk).get(project=desk.project)
    assert job.payload["settings"]["custom_instructions"] == "i" * 7_990 + "\nShorter!"


def test_what_was_decided_on_is_what_was_seen(desk: Any) -> None:
    url = f"{root(desk)}/items/{desk.written.pk}/decision"
    told = desk.owner.send(url, {"status": "approved", "version": desk.written.version - 1}, 412)
    assert "Someone else made a change" in told
    desk.written.refresh_from_db()
    assert desk.written.status == "generated"


def test_unsupported_claims_need_a_word_of_their_own(desk: Any) -> None:
    item = make_item(desk.project, status="flagged", has_unsupported_claims=True, generated_content={"name": "A name"})
    url = f"{root(desk)}/items/{item.pk}/decision"
    assert "not in the product data" in desk.owner.send(url, {"status": "approved"}, 409)
    desk.owner.send(url, {"status": "approved", "override": "1"})


def test_taking_back_brings_the_reason_back_and_minds_others(desk: Any) -> None:
    item, url = desk.written, f"{root(desk)}/items/{desk.written.pk}/decision"
    first = json.loads(desk.owner.send(url, {"status": "rejected", "reason": "Too flowery", "version": item.version}))
    second = json.loads(desk.owner.send(url, {"status": "approved", "version": first["version"]}))
    back = {"status": "rejected", "reason": "Too flowery", "override": "1", "version": second["version"]}
    told = json.loads(desk.owner.send(url, back))
    item.refresh_from_db()
    assert (item.status, item.reject_reason) == ("rejected", "Too flowery")
    json.loads(desk.owner.send(url, {"status": "rejected", "reason": "", "version": told["version"]}))  # none was given
    item.refresh_from_db()
    assert item.reject_reason == ""
    desk.owner.send(url, back, 412)  # a colleague was faster: their decision stays


def test_without_a_script_a_late_edit_is_on_the_page_it_leads_to(desk: Any) -> None:
    item, url = desk.written, f"{root(desk)}/items/{desk.written.pk}/text"
    desk.owner.post(url, {"field": "name", "text": "The first one's name", "version": item.version}, 303)
    late = {"field": "name", "text": "The second one's name", "version": item.version}
    page = desk.owner.post(url, late, 412)
    assert "<html" in page
    assert re.search(r"<textarea[^>]*>The second one&#x27;s name</textarea>", page)
    assert "Someone else changed this item while you were editing." in page


def test_without_a_script_an_edit_says_what_was_not_kept(desk: Any) -> None:
    item, url = desk.written, f"{root(desk)}/items/{desk.written.pk}/text"
    sent = {"field": "description", "text": "<p>Fine.</p><iframe></iframe>", "version": item.version}
    page = desk.owner.post(url, sent, 200)
    assert "<html" in page
    assert "Removed, because a text can&#x27;t have it: iframe." in page
    item.refresh_from_db()
    assert item.generated_content["description"] == "<p>Fine.</p>"


def test_a_place_that_failed_to_load_can_be_asked_again(desk: Any) -> None:
    """htmx's `once` counts a failed request, too."""
    for _ in range(60):
        make_item(desk.project, status="generated", generated_content={"name": "A name"}, confidence_score=0.9)
    page = desk.owner.get(f"{root(desk)}/review")
    assert "once" not in re.sub(r'name="once"|at once', "", page)
    more = re.search(r'<li class="more"[^>]*><a href="([^"]+)"', page)
    assert more
    assert names(desk.owner.get(more[1].replace("&amp;", "&"))) != names(page)  # without a script, a page of its own


def test_a_queue_of_one_language_counts_approves_and_replaces_its_texts_alone(desk: Any) -> None:
    text = {"generated_content": {"name": "Gourde froide"}, "confidence_score": 0.9}
    texts = [make_language_text(item, "fr", status="generated", **text) for item in desk.clean[:3]]
    for item in desk.clean:
        ContentItem.objects.filter(pk=item.pk).update(status="approved")
    page = desk.owner.get(f"{root(desk)}/review?language=fr")
    assert "To review (3)" in page
    assert "To review (2)" in desk.owner.get(f"{root(desk)}/review")  # the flagged ones
    assert {str(one.pk) for one in texts} == set(
        re.findall(r'data-item="([^"]+)"', page[page.index('id="rows"') :].partition("</ol>")[0])
    )

    replacing, wanted = f"{root(desk)}/review/replacement", {"find": "froide", "into": "fraîche"}
    preview = desk.owner.get(f"{replacing}?find=froide&into=fra%C3%AEche&language=fr")
    assert "Replace in 3 items" in preview
    named = re.search(r'name="items" value="([^"]+)"', preview)
    assert named
    answer = desk.owner.send(f"{replacing}/step", {**wanted, "words": "1", "items": named[1]})
    assert "3 items changed." in answer
    undo = re.search(r'name="items" value="([^"]+)"', answer)
    assert undo
    assert "3 items were restored." in desk.owner.send(f"{replacing}/undo", {"items": undo[1]})
    assert set(ContentItem.rows.filter(language="fr").values_list("generated_content__name", flat=True)) == {
        "Gourde froide"
    }

    desk.owner.post(f"projects/{desk.project.pk}/bulk", {"action": "approve", "waiting": "1", "language": "fr"})
    run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert set(ContentItem.rows.filter(language="fr").values_list("status", flat=True)) == {"approved"}
    assert "To review (0)" in desk.owner.get(f"{root(desk)}/review?language=fr")
    assert ContentItem.objects.filter(project=desk.project, status="approved").count() == 4  # their own texts stay


def test_an_edit_is_saved_checked_and_kept_as_a_version(desk: Any) -> None:
    item = desk.written
    url = f"{root(desk)}/items/{item.pk}"
    text = {"field": "seo.title", "text": "A title of mine", "version": item.version}
    page = desk.owner.send(f"{url}/text", text)
    assert 'data-saved="seo.title"' in page
    item.refresh_from_db()
    assert item.generated_content["seo"]["title"] == "A title of mine"
    assert item.generated_content["seo"]["description"]
    desk.owner.send(f"{url}/text", {"field": "tags", "text": "one\ntwo\r\n\r\nthree"})
    item.refresh_from_db()
    assert item.generated_content["tags"] == ["one", "two", "three"]
    desk.owner.send(f"{url}/text", {"field": "attributes", "text": "Material: steel: fine\nno colon"})
    item.refresh_from_db()
    assert item.generated_content["attributes"] == {"Material": "steel: fine\nno colon"}  # nobody's words are lost
    assert item.versions.count() == 3
    last = re.search(r'data-undo="([^"]+)"', page)
    assert last
    assert str(item.versions.last().pk) == last[1]  # the first edit is undone by the text before it
    page = desk.owner.part(f"{url}/versions")
    assert "Restore" in page
    first = ItemVersion.objects.filter(item=item).last()
    assert first is not None
    desk.owner.send(f"{url}/versions/{first.pk}")
    item.refresh_from_db()
    assert item.generated_content["seo"]["title"] != "A title of mine"


def test_the_sentence_of_a_claim_without_a_source_goes_by_one_button(desk: Any) -> None:
    item, url = desk.written, f"{root(desk)}/items/{desk.written.pk}"
    text = "<p>A steel bottle. It holds 900 litres. Keep it dry.</p>"
    page = desk.owner.send(f"{url}/text", {"field": "description", "text": text, "version": item.version})
    form = page[page.index('id="claim-') :]
    left = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', form, re.S)
    assert left
    assert unescape(left[1]) == "<p>A steel bottle. Keep it dry.</p>"
    item.refresh_from_db()
    page = desk.owner.send(f"{url}/text", {"field": "description", "text": unescape(left[1]), "version": item.version})
    assert "900 litres" not in page
    assert 'data-undo="' in page  # and comes back by the undo of any edit


def test_two_reviewers_on_one_item_lose_nothing(desk: Any) -> None:
    item = desk.written
    url = f"{root(desk)}/items/{item.pk}/text"
    desk.owner.send(url, {"field": "name", "text": "The first one's name", "version": item.version})
    page = desk.owner.send(url, {"field": "name", "text": "The second one's name", "version": item.version}, 412)
    assert "Someone else changed this item while you were editing." in page
    assert "The first one&#x27;s name" in page
    assert re.search(r"<textarea[^>]*>The second one&#x27;s name</textarea>", page)
    item.refresh_from_db()
    assert f'name="version" value="{item.version}"' in page  # saving it again is a decision, not an accident
    desk.owner.send(url, {"field": "name", "text": "The second one's name", "version": item.version})


def test_an_edit_is_checked_while_one_types(desk: Any) -> None:
    item = make_item(desk.project, status="generated", generated_content={"name": "Trail Bottle"})
    url = f"{root(desk)}/items/{item.pk}/text/check"
    page = desk.owner.send(url, {"field": "short_description", "text": "Holds 900 litres."})
    assert "1 claim without a source" in page
    item.refresh_from_db()
    assert item.generated_content == {"name": "Trail Bottle"}
    assert "151/150" in desk.owner.send(url, {"field": "name", "text": "x" * 151})
    desk.owner.send(url, {"field": "structured_data", "text": "{}"}, 400)
    assert "100 KB" in desk.owner.send(url, {"field": "description", "text": "x" * 200_000}, 400)


def test_an_item_is_written_anew_as_before_with_a_hint(desk: Any) -> None:
    item = desk.written
    before = {
        **item.generation_metadata["settings"],
        "language": "de",
        "tone": "luxury",
        "generate_bullet_points": True,
    }
    ContentItem.objects.filter(pk=item.pk).update(generation_metadata={**item.generation_metadata, "settings": before})
    item.refresh_from_db()
    page = desk.owner.send(
        f"{root(desk)}/items/{item.pk}/regeneration", {"hint": "Shorter, please", "version": item.version}
    )
    assert "data-events" in page
    job = Job.objects.exclude(pk=desk.job.pk).get(project=desk.project)
    assert job.payload["settings"]["custom_instructions"] == "Shorter, please"
    same = ("provider", "model", "language", "tone", "generate_bullet_points", "max_long_chars", "use_html")
    assert {key: job.payload["settings"][key] for key in same} == {key: before[key] for key in same}


def test_who_runs_out_of_xct_is_led_to_a_top_up_and_back(desk: Any, settings: Any) -> None:
    settings.OPENAI_API_KEY = "sk-test"
    item = desk.written
    dear = {**item.generation_metadata["settings"], "provider": "openai", "model": ""}
    ContentItem.objects.filter(pk=item.pk).update(generation_metadata={**item.generation_metadata, "settings": dear})
    Wallet.objects.filter(organization=desk.cast.organization).update(subscription_balance=0, topup_balance=0)
    page = desk.owner.send(f"{root(desk)}/items/{item.pk}/regeneration", {"hint": "Shorter"}, 402)
    assert 'href="/app/account/plans" data-go-on' in page
    assert "data-resume" in desk.owner.part(f"{root(desk)}/items/{item.pk}")


def test_an_address_of_an_item_opens_it_in_the_review(desk: Any) -> None:
    desk.owner.get(f"{root(desk)}/items/{desk.written.pk}", 303)
    assert f"review?item={desk.written.pk}" in desk.owner.last["Location"]


def test_without_a_script_the_decision_is_a_plain_form(desk: Any) -> None:
    desk.owner.post(f"{root(desk)}/items/{desk.written.pk}/decision", {"status": "approved"})
    assert desk.owner.last["Location"].endswith("/review")


def test_languages_are_tabs_with_their_state_beside_the_original(desk: Any) -> None:
    item = desk.written
    assert "languages" not in desk.owner.part(f"{root(desk)}/items/{item.pk}")
    metadata = {"way": "translation", "translated_from": "en", "checks": []}
    arabic, french = (
        make_language_text(
            item,
            code,
            status="generated",
            generated_content={"name": said},
            made_from=item.generated_content,
            generation_metadata=metadata,
        )
        for code, said in (("ar", "قارورة"), ("fr", "Gourde"))
    )
    page = desk.owner.get(f"{root(desk)}/review?item={french.pk}")
    tabs = page[page.index('<nav class="tabs languages"') :].partition("</nav>")[0]
    assert re.findall(r"<span lang=\"(\w+)\"", tabs) == ["ar", "fr"]
    assert tabs.index("Main language") < tabs.index("العربية") < tabs.index("Français")
    assert re.search(rf'item={french.pk}" hreflang="fr" aria-current="page"', tabs)
    assert "outdated" not in tabs
    assert f'data-item="{french.pk}"' in page
    assert "Original" in page
    assert item.generated_content["name"] in page.partition('<article class="reading"')[2]
    assert "Keep current" not in page.partition('<article class="reading"')[2]
    desk.owner.send(f"{root(desk)}/items/{item.pk}/text", {"field": "name", "text": "Another bottle"})
    part = desk.owner.part(f"{root(desk)}/items/{arabic.pk}")
    assert "has changed since this translation" in part
    assert '<div class="prose" dir="auto" lang="ar">' in part
    desk.owner.send(f"{root(desk)}/items/{arabic.pk}/decision", {"status": "rejected"})
    arabic.refresh_from_db()
    item.refresh_from_db()
    assert (arabic.status, item.status) == ("rejected", "generated")


@pytest.mark.parametrize(
    ("reads", "title"),
    [
        ("en", "Store's text"),
        ("de", "Text im Shop"),
        ("sr-latn", "Tekst u prodavnici"),
    ],
)
def test_the_merchants_own_translation_is_read_beside_ours(desk: Any, reads: str, title: str) -> None:
    """What he has is shown, and so long nothing says that the text lacks; what we have written stands in its place."""
    item = desk.written
    view = {
        **item.source_data,
        "name": "Gourde",
        "description": "<p>Une gourde <b>verte</b>.</p>",
        "seo": {"title": "La gourde"},
    }
    text = make_language_text(item, "fr", view_data=view)
    desk.owner.post("appearance", {"language": reads})
    part = desk.owner.part(f"{root(desk)}/items/{text.pk}")
    assert title in part
    for said in ("Gourde", "Une gourde verte.", "La gourde"):
        assert f'<dd class="prose" lang="fr" dir="auto">{said}</dd>' in part
    assert 'class="empty"' not in part
    assert "state pending" not in part.partition('class="actions"')[0]  # the chip of its head
    assert 'class="state pending"' not in part.partition('<nav class="tabs languages"')[2].partition("</nav>")[0]
    ContentItem.rows.filter(pk=text.pk).update(
        generated_content={"name": "La nôtre", "description": "<p>La nôtre.</p>"}
    )
    part = desk.owner.part(f"{root(desk)}/items/{text.pk}")
    assert "Une gourde" not in part
    assert '<dd class="prose" lang="fr" dir="auto">La gourde</dd>' in part
    own = desk.owner.part(f"{root(desk)}/items/{item.pk}")
    assert title not in own


def test_a_flagged_text_has_the_word_of_its_own_page_beside_the_other_languages(desk: Any) -> None:
    item = desk.written
    texts = {
        code: make_language_text(item, code, status="flagged", generated_content={"name": code}, **claims)
        for code, claims in (("de", {"has_unsupported_claims": True}), ("fr", {}))
    }
    for at in (item, texts["fr"]):
        part = desk.owner.part(f"{root(desk)}/items/{at.pk}")
        tabs = part.partition('<nav class="tabs languages"')[2].partition("</nav>")[0]
        assert '<span class="state needs_facts">Needs facts</span>' in tabs
        assert "Flagged" not in tabs
        assert ("Needs a decision" in tabs) is (at == item)


def test_a_queue_of_no_language_of_ours_is_refused_and_of_each_check_is_found(desk: Any) -> None:
    for page in ("review?", "review/queue?", "review/replacement?find=a&into=b&"):
        assert "xx" in desk.owner.get(f"{root(desk)}/{page}language=xx", 400)
    page = desk.owner.get(f"{root(desk)}/review")
    for check in ("translation", "glossary"):
        assert f'<option value="{check}"' in page


def test_who_was_faster_is_named(desk: Any) -> None:
    item, mate = desk.written, Visitor(desk.cast.teammate)
    url = f"{root(desk)}/items/{item.pk}"
    seen = item.version
    mate.send(f"{url}/decision", {"status": "approved", "version": seen})
    told = desk.owner.send(f"{url}/decision", {"status": "rejected", "version": seen}, 412)
    assert f"{desk.cast.teammate.name} approved it a moment ago." in told
    assert "`current`" not in told
    item.refresh_from_db()
    mate.send(f"{url}/text", {"field": "name", "text": "Steel bottle", "version": item.version})
    told = desk.owner.send(f"{url}/text", {"field": "name", "text": "Bottle", "version": item.version}, 412)
    assert f"{desk.cast.teammate.name} changed it a moment ago." in told


def test_a_fault_of_ours_says_the_number_for_support(desk: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading, "read", lambda *_args, **_more: 1 / 0)
    told = desk.owner.part(f"{root(desk)}/items/{desk.written.pk}", 500)
    number = desk.owner.last["X-Request-ID"]
    assert f"Reference for support: <code>{number}</code>" in told


def test_all_that_a_filter_finds_is_changed_at_once(desk: Any) -> None:
    where = f"projects/{desk.project.pk}/bulk"
    assert "4 items" in desk.owner.get(f"{where}?status=generated")
    assert '/bulk?waiting=1&amp;kind=warranty"' in desk.owner.get(f"{root(desk)}/review?kind=warranty")
    desk.owner.post(where, {"action": "approve", "status": "generated", "q": "Trail"})
    job = desk.owner.last["Location"]
    run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert "4 changed" in desk.owner.get(job)
    assert ContentItem.objects.filter(project=desk.project, status="approved").count() == 4
    desk.owner.post(re.search(r'action="([^"]+/undo)"', desk.owner.get(job))[1])  # type: ignore[index]
    run_jobs(job_type=Job.Type.BULK_CHANGE)
    assert ContentItem.objects.filter(project=desk.project, status="approved").count() == 0
    marked = f"item={desk.clean[0].pk}&item={desk.clean[1].pk}"
    assert "2 items" in desk.owner.get(f"{where}?{marked}")
    page = desk.owner.get(f"projects/{desk.project.pk}/write?found=1&status=generated")
    assert 'name="found" value="1"' in page
    assert "(4)" in page
    assert 'name="item"' not in page


def test_items_are_sorted_and_leafed_through_both_ways(desk: Any) -> None:
    for number in range(60):
        make_item(desk.project, source_data={"name": f"Zelt {number:02}"})
    where = f"projects/{desk.project.pk}/items"
    shown = re.compile(r"Zelt (\d\d)</bdi></a></td>")
    first = desk.owner.get(f"{where}?q=Zelt&sort=name")
    assert shown.findall(first) == [f"{number:02}" for number in range(50)]
    onwards = unescape(re.search(r'href="(\?after=[^"]+)"', first)[1])  # type: ignore[index]
    second = desk.owner.get(where + onwards)
    assert shown.findall(second) == [f"{number:02}" for number in range(50, 60)]
    back = unescape(re.search(r'href="(\?before=[^"]+)"', second)[1])  # type: ignore[index]
    assert shown.findall(desk.owner.get(where + back)) == shown.findall(first)


def test_lists_show_pictures_through_our_own_cache(desk: Any) -> None:
    item = desk.written
    shop = {**item.source_data, "images": [{"src": "https://shop.example.com/a.jpg"}]}
    ContentItem.objects.filter(pk=item.pk).update(source_data=shop)
    ours = pictures.address("https://shop.example.com/a.jpg", desk.cast.organization.pk).replace("&", "&amp;")
    for path in ("review", "items"):
        page = desk.owner.get(f"{root(desk)}/{path}")
        assert f'<img src="{ours}"' in page
        assert 'src="https://shop' not in page


@pytest.mark.parametrize(("before", "after", "kept"), [
    ("", "", {}),
    ("42", "43", {"Size: EU": "43"}),
    ("hand wash", "hand or machine wash", {"Care": "Wash: cold\nhand or machine wash"}),
    ("Colour: blue\n", "", {"Colour": None}),
])  # fmt: skip
def test_attributes_come_back_from_the_form_as_they_were(before: str, after: str, kept: dict[str, Any]) -> None:
    """Names may hold a colon, and values several lines, also ones that look like another attribute."""
    present = {
        "Colour": "blue",
        "Size: EU": "42",
        "Size": "M",
        "Care": "Wash: cold\nhand wash",
        "Note": "see:\nSize: M",
    }
    item = ContentItem(generated_content={"attributes": present})
    [shown] = reading.read(item, WritingSettings())
    changed = edited_texts.patch(BY_NAME["attributes"], shown.raw.replace(before, after), present)["attributes"]
    assert changed == {name: text for name, text in {**present, **kept}.items() if text is not None}


def test_a_text_that_was_emptied_can_be_filled_again(cast: Any) -> None:
    project = make_project(cast.organization)
    seo = {"title": "Mug", "description": "A red mug."}
    content = {"short_description": "A red mug.", "tags": ["mug"], "seo": seo}
    item, visitor = make_item(project, status="generated", generated_content=content), Visitor(cast.owner)
    root = f"projects/{project.pk}/items/{item.pk}"

    def save(name: str, text: str) -> str:
        item.refresh_from_db()
        return visitor.send(f"{root}/text", {"field": name, "text": text, "version": item.version})

    for name in ("short_description", "tags", "seo.title"):
        page = save(name, "")
        assert f'data-field="{name}"' in page
        assert '<span class="tag">empty</span>' in page
    assert "This field is empty." in page
    assert "A text was emptied." in visitor.part(f"{root}/provenance")
    for name, text in (("short_description", "Red."), ("tags", "mug"), ("seo.title", "Red mug")):
        page = save(name, text)
    assert "1 empty text: Focus keyphrase" in page
    item.refresh_from_db()
    assert item.generated_content["short_description"] == "Red."
    assert item.generated_content["seo"]["title"] == "Red mug"
    assert 'data-field="attributes"' not in page  # nobody wrote any


def test_of_a_translation_the_merchants_own_fields_are_not_shown_as_empty(cast: Any) -> None:
    project = make_project(cast.organization)
    item = make_item(project, status="approved", generated_content={"name": "Mug"})
    content = {"name": "Becher", "seo": {"description": "Rot."}}
    text = make_language_text(
        item, "de", status="generated", generated_content=content, view_data={"seo": {"title": "Mein Becher"}}
    )
    page = Visitor(cast.owner).get(f"projects/{project.pk}/review?item={text.pk}")
    assert 'data-field="seo.title"' not in page
    assert 'data-field="seo.focus_keyword"' in page


def test_only_what_can_be_done_is_offered(cast: Any) -> None:
    project, visitor = make_project(cast.organization), Visitor(cast.owner)

    def offered(**of_item: Any) -> tuple[bool, bool]:
        page = visitor.part(f"projects/{project.pk}/items/{make_item(project, **of_item).pk}")
        return 'data-decision="approved"' in page, 'class="anew"' in page

    text = {"generated_content": {"name": "Mug"}}
    assert offered(status="generated", **text) == (True, True)
    assert offered() == (False, False)  # never written: it is generated first
    assert offered(status="synced", **text) == (False, True)
    assert offered(status="generated", **text, excluded_at=timezone.now()) == (True, False)
    assert offered(status="generated", **text, item_type="variant") == (False, False)
