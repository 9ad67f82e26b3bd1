"""The derived JSON-LD of a product."""

from __future__ import annotations

import pytest

from writing import facts, structured_data

SOURCE = {"name": "Shirt", "price": "9", "attributes": {"Size": "<M>", "Cut": "<b>slim</b>", "Girth": "5 < 6 cm"}}


@pytest.mark.parametrize(
    "text", ["Sizes <L> and <M>, 5 < 6.", "<p>Sizes &lt;L&gt; and <strong>&lt;M&gt;</strong>, 5 &lt; 6.</p>"]
)
def test_signs_that_stand_for_themselves_stay_text(text: str) -> None:
    source = facts.read(SOURCE, "product")
    data = structured_data.build({"name": "Shirt <M>", "short_description": text}, source)
    assert (data["name"], data["description"], data["size"]) == ("Shirt <M>", "Sizes <L> and <M>, 5 < 6.", "<M>")
    told = {one["name"]: one["value"] for one in data["additionalProperty"]}
    assert told == {"Cut": "slim", "Girth": "5 < 6 cm"}
    assert "<" not in structured_data.as_text(data)


def test_an_edit_keeps_them_and_no_element() -> None:
    given = {"description": "In <M>.<script>x()</script>", "slogan": "&lt;/script&gt; <M>"}
    data = structured_data.apply_edit(given, {"name": "Shirt"}, facts.read(SOURCE, "product"))
    assert (data["description"], data["slogan"]) == ("In <M>.x()", "/script> M>")
