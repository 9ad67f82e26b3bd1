"""An undo gives a site back its texts letter by letter, with scripts, styles, blocks and what is preformatted in them."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.models import StoreConnection
from integrations.stores import texts
from integrations.stores.wordpress import kses
from projects.models import SyncRecord
from scribe.models import Job
from tests.factories import make_project, make_woocommerce_connection
from tests.fakes.woocommerce import FakeWooCommerce
from tests.fakes.wordpress import PASSWORD, USER, FakeWordPress
from tests.helpers import run_jobs
from tests.projects.pushes import imported, sync

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPTED = (
    "<!-- wp:paragraph {\"note\":\"1 < 2\"} -->\n<p>5 < 6 & 7 > 3, C:\\shop  two  spaces</p>\n<!-- /wp:paragraph -->\n"
    "<script>for (let i = 0; i < 3 && x; i++) { y = i <2; }</script><style>a > b { content: '<'; }</style>"
    "<pre>if (a < b)\n\n    return;</pre><p>Ünïcode &amp; &nbsp;entities</p>"
)  # fmt: skip


@pytest.fixture
def site(settings: Any) -> Any:
    with FakeWordPress() as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        yield fake


@pytest.fixture
def project(cast: Any, site: Any) -> Any:
    connection = StoreConnection.objects.create(
        organization=cast.organization,
        name="Blog",
        platform="wordpress",
        base_url=site.url,
        consumer_key=USER,
        consumer_secret=PASSWORD,
        status="active",
    )
    return make_project(cast.organization, platform="wordpress", store_connection=connection)


def undo(caller: Any, project: Any, job: Job) -> Job:
    back = caller.post(f"jobs/{job.pk}/undo", {}, status=202)
    run_jobs()
    return Job.objects.get(pk=back["id" if "id" in back else "job_id"])


@pytest.mark.parametrize("kind", ["post", "page"])
def test_scripts_and_blocks_come_back_letter_by_letter(api: Any, cast: Any, site: Any, project: Any, kind: str) -> None:
    caller = api.as_(cast.owner)
    [row] = imported(caller, project, site, kind=kind, content=SCRIPTED, title="5 < 6 & more")
    job = sync(caller, project)
    assert row["content"]["raw"] != SCRIPTED
    assert undo(caller, project, job).result["undone"] == 1
    assert (row["content"]["raw"], row["title"]["raw"]) == (SCRIPTED, "5 < 6 & more")
    record = SyncRecord.objects.get(kind="undo")
    assert (record.state, record.changed, record.error_message) == ("done", {}, "")


def test_a_spelling_that_the_shop_does_not_take_back_is_told(api: Any, cast: Any, settings: Any) -> None:
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        caller = api.as_(cast.owner)
        [row] = imported(caller, project, shop, description="<p>5 < 6</p>")
        undone = undo(caller, project, sync(caller, project))
        assert undone.result["undone"] == 1
        record = SyncRecord.objects.get(kind="undo")
        assert record.changed == {"description": {"sent": "<p>5 < 6</p>", "store": row["description"]}}
        assert "saved it in a different form: description" in record.error_message


def test_nothing_is_escaped_inside_scripts_styles_and_comments() -> None:
    closed = texts.escape_stray_brackets(SCRIPTED)
    assert closed == SCRIPTED.replace("5 < 6", "5 &lt; 6").replace("a < b)", "a &lt; b)")
    assert texts.escape_stray_brackets("<script>a < 1") == "<script>a < 1"
    assert texts.escape_stray_brackets("a < b <!-- never closed < 3") == "a &lt; b <!-- never closed &lt; 3"


def test_a_filter_takes_no_words_out_of_what_is_preformatted(api: Any, cast: Any, settings: Any) -> None:
    code = "<p>Before</p><pre>if (a < b && c > d) { x(); }</pre>"
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        caller = api.as_(cast.owner)
        [row] = imported(caller, project, shop, description=code)
        assert caller.get(f"projects/{project.pk}/sync/warnings")["warnings"] == []
        undone = undo(caller, project, sync(caller, project))
        assert undone.result["undone"] == 1
        assert texts.same("description", row["description"], code)
        assert list(SyncRecord.objects.get(kind="undo").changed) == ["description"]


@pytest.mark.each_value("comment")
@pytest.mark.parametrize(
    "comment",
    ["<!-- 5 < 6 -->", "<!-- a > b -->", "<!-- <b>x</b> -->", "<!-- a & b -->", "<!-- a -- b -->", "<!---->", "<!-- open", "<!DOCTYPE html>"],
)  # fmt: skip
def test_a_comment_that_a_product_would_not_get_back_is_named_before_a_push_and_left(
    api: Any, cast: Any, settings: Any, comment: str
) -> None:
    text = f"<p>Steel.</p>{comment}<p>Good.</p>"
    with FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [shop.hostport]
        project = make_project(
            cast.organization, store_connection=make_woocommerce_connection(cast.organization, shop.url)
        )
        caller = api.as_(cast.owner)
        [row] = imported(caller, project, shop, description=text)
        named = caller.get(f"projects/{project.pk}/sync/warnings")["warnings"]
        assert [(warning["field"], "comment" in warning["reason"]) for warning in named] == [("description", True)]
        sync(caller, project, leave_unrestorable=True)
        assert row["description"] == text


@pytest.mark.parametrize("comment", ["<!-- wp:html -->", '<!-- {"a": "b-c"} -->', "<!-- a &amp; b\n c -->"])
def test_a_comment_that_comes_back_as_it_was_is_no_warning(comment: str) -> None:
    assert not kses.first_removal(f"<p>x</p>{comment}<p>y</p>")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<script>i < 3</script>", "<script>i &lt; 3</script>", False),
        ("<script>a  b</script>", "<script>a b</script>", False),
        ("<style>a>b{}</style>", "<style>a &gt; b{}</style>", False),
        ("<pre>a  b</pre>", "<pre>a b</pre>", False),
        ("<pre>a < b</pre>", "<pre>a &lt; b</pre>", True),
        ("<p>a  < b</p>\n", "<P>a &lt; b</P>", True),
        ("<!-- a > b --><p>c</p>", "<!--  a > b  --> <p>c</p>", True),
    ],
)
def test_what_a_reader_or_a_browser_would_notice_counts(one: str, other: str, same: bool) -> None:
    assert texts.same("description", one, other) is same


def test_pieces_are_the_text_and_take_time_in_proportion_to_it() -> None:
    for text in ("<!-- " * 20_000, "<script>" * 20_000, "<" * 99_000, "<a " * 30_000, SCRIPTED * 20):
        assert "".join(piece for _, piece in texts.pieces(text)) == text
