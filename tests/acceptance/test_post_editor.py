"""The rich-text editor of posts, in a real browser: what nobody touched stays byte for byte, what it can't hold stays
HTML, and a post is written by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from blog import content, post_images
from blog.models import BlogImage, BlogPost
from tests.acceptance.accessibility import THEMES, faults_of, wide
from tests.acceptance.browser import browser, needs_chromium
from tests.acceptance.merchant import apart
from tests.blog.pictures import picture
from tests.factories import make_project
from tests.live import Live
from tests.workbench.conftest import make_post
from tests.workbench.visiting import Visitor
from tests.writing.hostile_html import HOSTILE
from writing.html import BLOG_TAGS

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

#: A page that is left while a part of it is loaded.
LEFT = ("htmx:sendAbort", "htmx:afterRequest")
#: Texts as people and models write them, each tag and attribute of the allow-list among them.
HELD = [
    "",
    "<p>Steel bottles keep drinks cold.</p>",
    "<p>One</p>\n<h2>Two &amp; three</h2>\n\n<p>A <strong>bold <em>and slanted</em></strong> word,<br>\na line.</p>\n",
    "<h3>List</h3><ul><li>one</li><li>two<ol><li>inner</li></ol></li><li><p>a paragraph</p></li></ul><h4>End</h4>",
    '<p><a href="https://other.example/a?b=1&amp;c=2" rel="nofollow noopener">x</a> <a href="/care#wash">y</a></p>',
    "<blockquote><p>Said</p><p>twice</p></blockquote><blockquote>bare <em>words</em></blockquote>",
    '<figure><img src="/api/v1/files/a.jpg" alt="" width="3" height="2"><figcaption>A <em>c</em></figcaption></figure>',
    '<p>In <a href="https://a.example/"><img src="https://images.example/a.jpg" alt="A &lt;b&gt; cup"></a> words</p>',
    "<table><thead><tr><th>a</th><th></th></tr></thead><tbody><tr><td>b</td><td><p>c</p><p>d</p></td></tr></tbody></table>",
    "<p>hard\n  wrapped   words&nbsp;here</p><ul>\n <li>one</li>\n</ul>",
    "<p>Љубав и ćevapi 日本語 <em><strong>other way round</strong></em></p>",
    '<p dir="auto">gone when it is sanitized</p>',
]
#: Texts that the allow-list has room for and the editor doesn't, and why.
NOT_HELD = {
    "Words alone": "loose",
    "<p>One</p>and more": "loose",
    '<blockquote><a href="https://a.example/"><p>A paragraph in a link</p></a></blockquote>': "nested",
    "<figure><figcaption><p>A paragraph in a caption</p></figcaption></figure>": "nested",
}
# What `open` says of each text: why it isn't held, or its HTML when opened, after a change, and with that undone.
OPEN = """async ([source, texts]) => {
  const { open } = await import(source);
  return texts.map((text) => {
    const place = document.createElement("div");
    document.body.append(place);
    const found = open(place, text, { attributes: {}, address: () => "", changed() {}, moved() {} });
    if (found.why) return [found.why];
    const opened = found.html();
    found.run("h2");
    const changed = found.html();
    found.run("undo");
    const undone = found.html();
    found.close();
    return ["", opened, changed, undone];
  });
}"""


@pytest.fixture(scope="module")
def parts() -> tuple[str, ...]:
    return ("web",)


@pytest.fixture
def writing(live: Live, cast: Any) -> Iterator[SimpleNamespace]:
    """The owner's browser on the editor of a post. `open` shows the post with this text; `save` answers its text."""
    project = make_project(cast.organization)
    post = make_post(project)
    post.images.all().delete()  # its files are not in storage
    visitor = Visitor(cast.owner)
    with browser(live.url) as opened:
        opened.forgiven = LEFT
        opened.sign_in("; ".join(f"{name}={morsel.value}" for name, morsel in visitor.client.cookies.items()))

        def show(text: str | None = None) -> None:
            if text is not None:
                apart(lambda: BlogPost.objects.filter(pk=post.pk).update(content=text))
            opened.open(f"/app/projects/{project.pk}/posts/{post.pk}")
            opened.page.wait_for_selector("[data-html]:not([hidden])")

        def save() -> str:
            opened.page.click("#editor button:has-text('Save')")
            opened.page.wait_for_selector("text=Saved.")
            return str(apart(lambda: BlogPost.objects.values_list("content", flat=True).get(pk=post.pk)))

        yield SimpleNamespace(browser=opened, page=opened.page, open=show, save=save, post=post)
        opened.check()


def clean(texts: list[str]) -> list[str]:
    return [content.sanitize(text) for text in texts]


def test_every_text_of_the_sanitizers_tests_is_held_byte_for_byte_or_stays_html(writing: Any) -> None:
    writing.open()
    source = writing.page.get_attribute("#text", "data-source")
    hostile = [f"{before}{text}{after}" for text in HOSTILE for before, after in WRAPPED]
    texts = clean([*HELD, *hostile])
    answers = writing.page.evaluate(OPEN, [source, texts])
    assert len(answers) == len(texts)
    wrong = [
        (text, found) for text, (why, *found) in zip(texts, answers, strict=True) if not why and not intact(text, found)
    ]
    assert wrong == []
    assert [text for text, (why, *_) in zip(texts, answers, strict=True) if why and text in clean(HELD)] == []
    assert sum(not why for why, *_ in answers) > len(texts) / 2
    assert [why for why, *_ in writing.page.evaluate(OPEN, [source, clean(list(NOT_HELD))])] == list(NOT_HELD.values())


WRAPPED = (("", ""), ("<p>before</p>", "<p>after</p>"), ("<ul><li>", "</li></ul>"))


def intact(text: str, found: list[str]) -> bool:
    """Opened and undone are the text itself, and the sanitizer leaves alone what the editor makes of a change."""
    opened, changed, undone = found
    return (opened, undone) == (text, text) and (
        content.sanitize(changed) == changed or "<h2></h2>" in changed  # nothing was written in the heading
    )


def test_the_editors_schema_is_the_allow_list(writing: Any) -> None:
    writing.open()
    source = writing.page.get_attribute("#text", "data-source")
    allowed = writing.page.evaluate("(source) => import(source).then((all) => all.allowed())", source)
    read_as_others = {"div", "b", "i", "h1"}
    assert {tag for tag in allowed if tag not in read_as_others} == set(BLOG_TAGS)
    kept = {tag: set(names) for tag, names in allowed.items() if names}
    assert kept == {tag: set(names) for tag, names in content.ATTRIBUTES.items()}


def test_a_post_saved_unchanged_is_the_same_and_an_edit_leaves_the_rest_alone(writing: Any) -> None:
    text = content.sanitize("\n".join(HELD))
    page = writing.page
    writing.browser.forgiven = (*LEFT, "status of 401")  # a picture of nowhere
    writing.open(text)
    assert page.is_visible("#rich-text")
    assert page.is_hidden("#id_content")
    page.fill("#id_title", "Another title")
    assert writing.save() == text

    page.click("#rich-text p >> nth=0")
    page.wait_for_timeout(300)  # until the click's selection is the editor's
    page.keyboard.press("Home")
    page.keyboard.type("Our ")
    assert writing.save() == text.replace("<p>Steel", "<p>Our Steel", 1)


def test_a_post_is_written_by_keyboard(writing: Any) -> None:
    page = writing.page
    writing.open("<p>First</p>")
    page.click("label[for=id_content]")
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Heading")
    page.keyboard.press("Shift+Tab")  # to the bar: one stop of Tab, arrows within
    assert page.evaluate("document.activeElement.dataset.do") == "p"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.get_attribute("[data-do=h2]", "aria-pressed") == "true"
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("bold")
    page.keyboard.press("Control+b")
    page.keyboard.type(" plain ")
    page.keyboard.type("link")
    for _ in "link":
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    page.keyboard.type("shop.example/a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rich-text a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.click("[data-do=ul]")
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # out of the list
    page.keyboard.type("After")
    page.click("[data-do=blockquote]")
    expected = (
        '<p>First</p>\n<h2>Heading</h2>\n<p><strong>bold</strong> plain <a href="https://shop.example/a">link</a></p>\n'
        "<ul><li>one</li><li>two</li></ul>\n<blockquote><p>After</p></blockquote>"
    )
    assert page.input_value("#id_content") == expected
    page.keyboard.press("Control+z")
    assert "blockquote" not in page.input_value("#id_content")
    page.click("[data-do=redo]")

    page.reload()  # the draft is kept in the browser until the server has it
    page.wait_for_selector("text=Your unsaved draft was restored.")
    page.wait_for_selector("#rich-text blockquote")
    assert writing.save() == expected


def test_the_next_key_after_a_button_of_the_bar_goes_to_the_text(writing: Any) -> None:
    page = writing.page
    writing.open("<p>First</p>")
    page.click("label[for=id_content]")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.querySelector('[data-do=h2]').click() ?? document.activeElement.id") == "rich-text"
    assert page.input_value("#id_content") == "<h2>First</h2>"


def test_html_is_behind_a_switch_and_what_the_editor_cant_hold_says_why(writing: Any) -> None:
    page = writing.page
    writing.open("<p>First</p>")
    page.click("[data-html]")
    page.fill("#id_content", "<p>First</p><p>Second</p>")
    page.click("[data-html]")
    page.wait_for_selector("#rich-text p >> nth=1")
    assert page.inner_text("#rich-text p >> nth=1") == "Second"
    assert page.input_value("#id_content") == "<p>First</p><p>Second</p>"
    page.click("[data-html]")
    for text, why in (("Words alone", "no paragraph"), (list(NOT_HELD)[2], "<p>")):
        page.fill("#id_content", text)
        page.click("[data-html]")
        page.wait_for_selector(f"[data-why]:has-text('{why}')")
        assert page.is_visible("#id_content")
    assert page.evaluate("document.activeElement.id") == "id_content"


def test_pictures_of_the_organization_are_chosen_for_the_text_and_as_the_posts_own(writing: Any) -> None:
    page, post = writing.page, writing.post

    def other_picture() -> str:
        other = make_post(post.project, title="Another")
        other.images.all().delete()
        return str(post_images.add(post=other, data=picture(), source="upload", alt_text="A blue cup").pk)

    apart(other_picture)
    writing.open("<p>First</p>")
    page.click("#rich-text p")
    page.click("[data-do=img]")
    page.fill("#picture-dialog [type=search]", "blue")
    page.click("#picture-dialog button:has-text('Search')")
    page.click("#pictures button:has-text('A blue cup')")
    page.wait_for_selector("#rich-text figure img[alt='A blue cup']")
    own = apart(lambda: BlogImage.objects.get(post=post))
    assert re.search(rf'<figure><img src="[^"]*{own.s3_key}" alt="A blue cup"', page.input_value("#id_content"))
    page.click("#rich-text img.picture")
    page.click("[data-do=img]")
    page.fill("#picture-alt", "A cup of blue steel")
    page.click("#picture-dialog [value=alt]")
    page.wait_for_selector("#rich-text img[alt='A cup of blue steel']")

    page.click("[data-choose]")
    page.click("#pictures button:has-text('A blue cup') >> nth=0")
    page.wait_for_function("() => document.querySelector('#id_featured_image_url').value")
    assert own.s3_key in page.input_value("#id_featured_image_url")
    assert 'alt="A cup of blue steel"' in writing.save()
    assert apart(lambda: BlogImage.objects.filter(post=post).count()) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_the_editor_can_be_used_by_everybody(writing: Any, theme: str) -> None:
    writing.browser.forgiven = (*LEFT, "status of 401")  # a picture of nowhere
    writing.open("\n".join(text for text in clean(HELD) if "images.example" not in text and "<th></th>" not in text))
    writing.page.emulate_media(color_scheme=theme)
    faults = faults_of(writing.browser, THEMES[0])
    for opens, dialog in (("[data-do=a]", "#link-dialog"), ("[data-do=img]", "#picture-dialog")):
        writing.page.click(opens)
        writing.page.wait_for_selector(f"{dialog}[open]")
        faults += faults_of(writing.browser, THEMES[0])
        writing.page.keyboard.press("Escape")
    assert [*faults, *wide(writing.browser)] == []


def test_without_a_script_a_post_is_html_in_a_textarea(writing: Any) -> None:
    context = writing.page.context
    plain = context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"{writing.browser.url}/app/projects/{writing.post.project_id}/posts/{writing.post.pk}")
    assert page.input_value("#id_content") == "<p>Steel bottles keep drinks cold.</p>"
    assert page.is_hidden(".rich-bar")
    page.fill("#id_content", "<p>Without a script</p>\n<p>at all</p>")
    page.click("#editor button:has-text('Save')")
    assert page.input_value("#id_content") == "<p>Without a script</p>\n<p>at all</p>"
