"""The marks by which programs see that a model wrote a text: what they say, and that readers see nothing of them."""

from __future__ import annotations

import json

import pytest

from writing.disclosure import Disclosure
from writing.text import strip_html

WRITTEN = {"ai_provider": "anthropic", "ai_model": "claude-haiku-5-5", "generated_at": "2026-11-30T09:02:10Z"}
TEXTS = [
    "<p>One</p>\n<p>Two <b>bold</b><br>line</p>",
    '<h2 class="a > b">Head</h2><ul><li>x</li><li>y</li></ul>',
    '<figure><img src="/a.png" alt="1 < 2"><figcaption>F</figcaption></figure><hr><p>5 &lt; 6</p>',
    "no markup at all",
]


def told(**more: bool) -> Disclosure:
    found = Disclosure.of(WRITTEN, **{"reviewed": True, "edited": False, **more})
    assert found is not None
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_readers_see_the_same_text_and_only_the_outermost_elements_are_marked(text: str) -> None:
    marked = told().in_html(text)
    assert strip_html(marked) == strip_html(text)
    assert marked.replace(' data-ai-disclosure="ai-assisted"', "") == text
    assert marked.count("data-ai-disclosure") == {0: 2, 1: 2, 2: 3, 3: 0}[TEXTS.index(text)]


def test_it_says_who_edited_and_who_reviewed() -> None:
    assert (told().value, told().source_type) == ("ai-assisted", "trainedAlgorithmicMedia")
    assert told(reviewed=False).value == "ai-autonomous"
    assert told(edited=True).source_type == "compositeWithTrainedAlgorithmicMedia"
    assert json.loads(told().as_text()) == told().as_dict()


@pytest.mark.parametrize("provider", ["", "offline", None])
def test_what_no_model_wrote_is_not_marked(provider: str | None) -> None:
    assert Disclosure.of({**WRITTEN, "ai_provider": provider}, reviewed=True, edited=False) is None
    assert Disclosure.of({}, reviewed=True, edited=False) is None


def test_structured_data_of_a_product_say_it_of_a_work_about_it() -> None:
    data = {"@type": "Product", "name": "Kettle"}
    assert told().in_json_ld(data) == {
        **data,
        "subjectOf": {
            "@type": "CreativeWork",
            "digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
        },
    }
