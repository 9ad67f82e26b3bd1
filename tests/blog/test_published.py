"""A published page and the shop's own answer, held against the record of their texts."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import api_keys
from blog.models import BlogPost
from blog.published_page import compare
from integrations.models import BlogConnection, StoreConnection
from projects.models import ContentItem
from tests.blog.sites import BlogSite
from tests.factories import make_project
from tests.fakes import woocommerce
from tests.fakes.server import Reply, Request, Server
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "python" / "src"
OURS = '<p>A kettle of steel, "1.7 l" - 5x3 cm... Don\'t boil it dry.</p>'
#: What wptexturize makes of it.
TEXTURED = "<p>A kettle of steel, &#8220;1.7 l&#8221; &#8211; 5&#215;3 cm&#8230; Don&#8217;t boil it&nbsp;dry.</p>"


class Pages(Server):
    """What visitors see: one page, whatever the address."""

    page: str | bytes = ""
    kind = "text/html; charset=utf-8"

    async def answer(self, request: Request) -> Reply:
        page = self.page if isinstance(self.page, bytes) else self.page.encode()
        return Reply(200, page, {"content-type": self.kind})


def around(text: str, name: str = "Kettle") -> str:
    return (
        f"<!doctype html><html><head><title>{name} – Corner</title><script>var steel = 'iron'</script></head><body>"
        f"<nav>Home Shop Cart</nav><h1>{name}</h1><span>€ 30</span>{text}<footer>Imprint of steel</footer>"
    )


# --- a page's words


def states(page: str, **texts: str) -> dict[str, str]:
    return {one["field"]: one["state"] for one in compare(page, {name: [text] for name, text in texts.items()})}


def test_what_wordpress_does_to_typography_is_no_change() -> None:
    assert states(around(TEXTURED), name="Kettle", description=OURS) == {"name": "same", "description": "same"}


@pytest.mark.parametrize(
    ("there", "ours", "page"),
    [
        (TEXTURED.replace("steel", "iron"), "steel", "iron"),
        (TEXTURED.replace("1.7", "1,7"), "1.7", "1,7"),
        (TEXTURED.replace("1.7", "17"), "1.7", "17"),
        (TEXTURED.replace("of steel", "of fine steel"), "", "fine"),
        (TEXTURED.replace("boil it", "boil"), "it", ""),
        (TEXTURED.replace("kettle", "Kettle"), "kettle", "Kettle"),
    ],
)
def test_a_changed_word_is_told_with_both_sides(there: str, ours: str, page: str) -> None:
    (found,) = compare(around(there), {"description": [OURS]})
    assert found["state"] == "changed"
    assert found["changes"] == [{"ours": ours, "page": page}]


def test_a_text_that_the_page_does_not_show_is_missing() -> None:
    assert states(around("<p>Quite another product.</p>"), description=OURS) == {"description": "missing"}


def test_markup_within_a_word_is_no_change_and_scripts_say_nothing() -> None:
    assert states(around(TEXTURED.replace("steel", "st<b>ee</b>l")), description=OURS) == {"description": "same"}
    assert states(around("<p>x</p>"), description="<p>var steel iron here today</p>") == {"description": "missing"}


def test_search_texts_are_looked_for_in_the_head() -> None:
    page = around("").replace("<script>", '<meta name="description" content="A kettle &amp; more"><script>')
    found = compare(page, {"seo.title": ["Kettle"], "seo.description": ["A kettle & more"]})
    assert [one["state"] for one in found] == ["same", "same"]


@pytest.mark.parametrize(
    "before", ['<?xml version="1.0" encoding="UTF-8"?>', '\ufeff <?xml version="1.0" encoding="a"?>\n']
)
@pytest.mark.parametrize("mark", ["\x08", "&#8;", "&#x1F;", "<script>\x08</script>", "<!-- \x08 -->&#8;"])
def test_declarations_and_control_characters_of_a_page_are_no_words_of_it(before: str, mark: str) -> None:
    page = before + around(f"{mark}<p>{mark} {TEXTURED} {mark}</p>{mark}")
    assert states(page, description=OURS, name="Kettle") == {"description": "same", "name": "same"}


@pytest.mark.parametrize(
    "page", ["", "<!doctype html>", "<!-- nothing -->", "\x08", "<?xml version='1.0' encoding='x'?>"]
)
def test_a_page_without_words_shows_none_of_ours(page: str) -> None:
    assert states(page, description=OURS) == {"description": "missing"}


def test_a_page_of_nothing_but_one_word_is_compared_at_once() -> None:
    many = "the " * 20_000
    assert states(f"<body><p>{many}</p></body>", description=f"<p>{'the ' * 9_000}end</p>")["description"] != "same"


# --- an address


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["text/html; charset=windows-1250", "text/html", "text/html; charset=none-such"])
def test_a_page_is_read_in_the_encoding_that_it_names(owner: Any, pushed: Any, pages: Pages, kind: str) -> None:
    about = "<p>Kuvaj kafu u džezvi, čašu po čašu.</p>"
    item = pushed[2]
    ContentItem.objects.update(generated_content={"name": "Džezva", "description": about}, status="generated")
    owner.patch(f"projects/{item.project_id}/items/{item.pk}", {"status": "approved"})
    named = "" if "1250" in kind else '<meta charset="Windows-1250">'
    pages.kind, pages.page = kind, f"<html><head>{named}</head><h1>Džezva</h1>{about}".encode("windows-1250")
    found = owner.post("provenance/verify", {"url": pushed[3]})
    assert [one["state"] for one in found["page"]] == ["same", "same"]


@pytest.mark.django_db(transaction=True)
def test_a_page_in_an_encoding_that_no_browser_knows_is_read_at_once(owner: Any, pushed: Any, pages: Pages) -> None:
    pages.kind, pages.page = "text/html; charset=punycode", b"<p>" + b"a-b" * 1_000_000
    assert owner.post("provenance/verify", {"url": pushed[3]})["page"]


@pytest.fixture
def pages(settings: Any) -> Any:
    with Pages() as server:
        settings.OUTBOUND_ALLOWED_HOSTS = [server.hostport]
        yield server


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


@pytest.fixture
def pushed(owner: Any, cast: Any, pages: Pages, settings: Any) -> Any:
    """A product of a WooCommerce shop with our approved text in it, whose page is `pages`."""
    with woocommerce.FakeWooCommerce() as shop:
        settings.OUTBOUND_ALLOWED_HOSTS = [pages.hostport, shop.hostport]
        connection = StoreConnection.objects.create(
            organization=cast.organization,
            name="Shop",
            platform="woocommerce",
            base_url=shop.url,
            status="active",
            consumer_key=woocommerce.KEY,
            consumer_secret=woocommerce.SECRET,
        )
        project = make_project(cast.organization, store_connection=connection)
        row = shop.add(permalink=f"{pages.url}/product/kettle/")
        owner.post(f"projects/{project.pk}/import/execute", {}, status=202)
        run_jobs()
        item = ContentItem.objects.get()
        ContentItem.objects.filter(pk=item.pk).update(
            generated_content={"name": "Kettle", "description": OURS}, status="generated"
        )
        owner.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "approved"})
        owner.post(f"projects/{project.pk}/sync", {}, status=202)
        run_jobs()
        pages.page = around(TEXTURED)
        yield shop, row, item, f"{pages.url}/product/kettle"


@pytest.mark.django_db(transaction=True)
def test_a_page_that_shows_our_approved_texts_matches(owner: Any, pushed: Any) -> None:
    _, _, item, url = pushed
    found = owner.post("provenance/verify", {"url": f"{url}?utm_source=mail#top"})
    assert (found["kind"], found["id"]) == ("item", str(item.pk))
    assert (found["matches"], found["approved"]) == (True, True)
    assert {one["field"]: one["state"] for one in found["page"]} == {"name": "same", "description": "same"}
    assert {one["field"]: one["state"] for one in found["shop"]} == {"name": "same", "description": "same"}


@pytest.mark.django_db(transaction=True)
def test_a_changed_word_on_the_page_is_told(owner: Any, pushed: Any, pages: Pages) -> None:
    pages.page = around(TEXTURED.replace("steel", "iron"))
    found = owner.post("provenance/verify", {"url": pushed[3]})
    assert found["matches"] is False
    assert [one["changes"] for one in found["page"] if one["state"] == "changed"] == [
        [{"ours": "steel", "page": "iron"}]
    ]


@pytest.mark.django_db(transaction=True)
def test_a_changed_byte_in_the_shop_is_told_though_the_page_reads_the_same(owner: Any, pushed: Any) -> None:
    shop, row, _, url = pushed
    shop.edit(row, description=row["description"].replace('"1.7 l"', "“1.7 l”"))
    found = owner.post("provenance/verify", {"url": url})
    assert {one["field"]: one["state"] for one in found["shop"]} == {"name": "same", "description": "changed"}
    assert {one["state"] for one in found["page"]} == {"same"}
    assert found["matches"] is False


@pytest.mark.django_db(transaction=True)
def test_a_shop_that_does_not_answer_is_said_and_the_page_is_compared_all_the_same(owner: Any, pushed: Any) -> None:
    _, _, _, url = pushed
    StoreConnection.objects.update(consumer_secret="cs_other")
    found = owner.post("provenance/verify", {"url": url})
    assert (found["shop"], bool(found["shop_refused"])) == ([], True)
    assert {one["state"] for one in found["page"]} == {"same"}


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_not_ours_is_never_fetched(
    owner: Any, api: Any, cast: Any, pushed: Any, pages: Pages
) -> None:
    pages.requests.clear()
    assert (
        owner.post("provenance/verify", {"url": f"{pages.url}/other"}, status=404)["code"] == "nothing_published_there"
    )
    api.as_(cast.stranger).post("provenance/verify", {"url": pushed[3]}, status=404)
    assert pages.requests == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.django_db
def test_an_address_is_looked_up_in_indexes(owner: Any, cast: Any) -> None:
    """However many items and posts there are."""
    project = make_project(cast.organization)
    its: dict[str, Any] = {"organization_id": project.organization_id, "project": project}
    for number in range(500):
        address = f"https://corner.example/{number}"
        facts = {"seo": {"slug": str(number)}, "raw": {"permalink": address}}
        ContentItem.objects.create(**its, source_data=facts, status="approved")
        BlogPost.objects.create(**its, published_url=address)
    with CaptureQueriesContext(connection) as caught:
        owner.post("provenance/verify", {"url": "https://corner.example/product/kettle/"}, 404)
    told = [query["sql"] or "" for query in caught.captured_queries]
    looked = [sql for table in ("blog_blogpost", "projects_contentitem") for sql in told if f'FROM "{table}"' in sql]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_contentitem, blog_blogpost")
        for sql, index in zip(looked, ("blog_post_by_address", "item_by_address", "item_by_slug"), strict=True):
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, plan


@pytest.mark.django_db(transaction=True)
def test_addresses_longer_than_the_index_are_told_apart(owner: Any, pushed: Any) -> None:
    item = ContentItem.objects.get()
    long = f"https://corner.example/{'a' * 400}"
    ContentItem.objects.update(source_data={**item.source_data, "seo": {}, "raw": {"permalink": long}})
    owner.post("provenance/verify", {"url": f"{long}b"}, 404)


def test_a_published_post_is_held_against_its_record(
    owner: Any, cast: Any, make_post: Any, pages: Pages, settings: Any
) -> None:
    with BlogSite() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [pages.hostport, site.hostport]
        connection = BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=site.url, username=USER, app_password=PASSWORD
        )
        post = make_post(title="Kettles", content=OURS)
        path = f"projects/{post.project_id}/blog-posts/{post.pk}"
        owner.post(f"{path}/publish", {"connection_id": str(connection.pk)}, status=202)
        run_jobs()
        post.refresh_from_db()
        post.published_url = f"{pages.url}/kettles/"
        post.save(update_fields=["published_url"])
        pages.page = around(TEXTURED, "Kettles")
        found = owner.post("provenance/verify", {"url": f"{pages.url}/kettles/"})
        assert (found["kind"], found["matches"], found["approved"]) == ("post", True, True)
        assert {one["field"] for one in found["page"]} == {"name", "content"}
        pages.page = around(TEXTURED.replace("steel", "tin"), "Kettles")
        assert owner.post("provenance/verify", {"url": f"{pages.url}/kettles/"})["matches"] is False


# --- the command line


@pytest.fixture
def verify(cast: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """`xcscribe verify URL` with a key of the organization: its exit code, what it prints, and what it says."""
    _, key = api_keys.create(organization=cast.organization, name="CLI", by=cast.owner, scopes=["items:read"])
    monkeypatch.setenv("XCSCRIBE_URL", live_server.url)
    monkeypatch.setenv("XCSCRIBE_KEY", key)
    monkeypatch.syspath_prepend(str(CLIENT))
    cli = importlib.import_module("xcscribe.cli")

    def run(url: str) -> tuple[int, Any, str]:
        capsys.readouterr()
        code = cli.main(["verify", url])
        printed = capsys.readouterr()
        return code, json.loads(printed.out) if printed.out else None, printed.err

    return run


@pytest.mark.django_db(transaction=True)
def test_the_command_line_says_what_differs_and_ends_with_one(verify: Any, pushed: Any, pages: Pages) -> None:
    shop, row, item, url = pushed
    code, found, said = verify(url)
    assert (code, found["id"], found["matches"], said) == (0, str(item.pk), True, "")
    pages.page = around(TEXTURED.replace("steel", "iron"), "Pot")
    shop.edit(row, description=row["description"].replace("steel", "iron"))
    code, found, said = verify(url)
    assert (code, found["matches"]) == (1, False)
    assert said.splitlines() == [
        "name: the page does not show it",
        "description: we wrote “steel”, the page says “iron”",
        "description: the shop keeps another text than we left there",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_command_line_refuses_an_address_that_is_not_ours(verify: Any, pushed: Any, pages: Pages) -> None:
    code, found, said = verify(f"{pages.url}/other")
    assert (code, found) == (4, None)
    assert "nothing_published_there" in said
