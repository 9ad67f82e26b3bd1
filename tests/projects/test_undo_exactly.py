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
        assert "spells it otherwise than before: description" in record.error_message


def test_nothing_is_escaped_inside_scripts_styles_comments_and_what_is_preformatted() -> None:
    closed = texts.closed(SCRIPTED)
    assert closed == SCRIPTED.replace("5 < 6", "5 &lt; 6")
    assert texts.closed("<script>a < 1") == "<script>a < 1"
    assert texts.closed("a < b <!-- never closed < 3") == "a &lt; b <!-- never closed &lt; 3"


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


def test_a_filter_that_eats_what_is_preformatted_is_known_before() -> None:
    assert "<pre>" in kses.lost("<pre>a < b > c</pre>")
    assert not kses.lost("<pre>a &lt; b &gt; c</pre>")
