"""Every form of the workbench, sent with the values that its own page offers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from lxml import html

from scribe.api.access import PUBLIC
from tests.sizes import size
from tests.workbench.routes import NO_PAGES, PARTS, ROUTES, STEPS, address
from tests.workbench.visiting import FRAGMENT, Visitor, plain

TRIES = size(2, 4)  # of a select's options: the first, the last and two between
#: What a person types into an empty field of this kind.
TYPED = {"email": "someone@example.com", "url": "https://shop.example.com", "number": "1", "month": "2027-01",
         "datetime-local": "2027-01-31T10:00", "hidden": "", "checkbox": "on", "radio": "on"}  # fmt: skip
WORD = "Bottle"


class Undone(Exception):
    """Raised to put back what a form did."""


def pages_with_forms(desk: Any, ids: dict[str, Any]) -> Iterator[tuple[str, Visitor, Any]]:
    """Each form of each page once: the page's address, who looks at it, and the form."""
    known = set()
    for route in ROUTES:
        if "get" not in route.methods or route.name in NO_PAGES or route.name in STEPS:
            continue
        path, visitor = address(route, ids), Visitor() if route.view.who is PUBLIC else desk.owner
        page = visitor.client.get(path, headers=FRAGMENT if route.name in PARTS else {})
        if page.status_code != 200 or not page.content.strip():
            continue  # sent on to another page
        for form in html.fromstring(page.content.decode()).iter("form"):
            names = tuple(field.get("name") for field in form.iter("input", "select", "textarea", "button"))
            key = (target_of(form, path), names)
            if form.get("method") != "dialog" and key not in known:
                known.add(key)
                yield path, visitor, form


def target_of(form: Any, path: str) -> str:
    return str(form.get("hx-post") or form.get("action") or path)


def options_of(select: Any) -> list[str]:
    return [option.get("value", option.text_content()) for option in select.iter("option")]


def sendings(form: Any) -> Iterator[dict[str, list[Any]]]:
    """What browsers send for the form, each once: as the page has it, then with other options, with every tick, by each
    button."""
    told = set()
    for sent in tries(form):
        values = repr([(name, [str(value) for value in values]) for name, values in sent.items()])
        if values not in told:
            told.add(values)
            yield sent


def tries(form: Any) -> Iterator[dict[str, list[Any]]]:
    buttons = [(b.get("name"), b.get("value", "")) for b in form.iter("button") if b.get("type", "submit") == "submit"]
    for at in range(TRIES):
        sent: dict[str, list[Any]] = {}
        for field in form.iter("input", "select", "textarea"):
            name, kind = field.get("name"), field.get("type", "text")
            if not name or "disabled" in field.attrib:
                continue
            values = sent.setdefault(name, [])
            if field.tag == "select":
                chosen = [o.get("value", o.text_content()) for o in field.iter("option") if "selected" in o.attrib]
                options = options_of(field)
                spread = options[at * (len(options) - 1) // (TRIES - 1) :][:1]
                values += spread if at else chosen or options[: "multiple" not in field.attrib]
            elif kind == "radio":
                if {"checked", "required"} & set(field.attrib) if at == 0 else len(values) < at:
                    sent[name] = [field.get("value", "on")]
            elif kind == "checkbox":
                if ("checked" in field.attrib) == (at % 2 == 0):
                    values.append(field.get("value", "on"))
            elif kind == "file":
                values.append(SimpleUploadedFile("words.csv", b"name,sku\nBottle,B-1\n", "text/csv"))
            else:
                text = field.text_content() if field.tag == "textarea" else field.get("value")
                values.append(text or TYPED.get(kind, WORD))
        if at == 0 and all(name for name, _ in buttons) and buttons:
            for name, value in buttons:
                yield {**sent, name: [value]}
        else:
            yield {**sent, **({buttons[0][0]: [buttons[0][1]]} if buttons and buttons[0][0] else {})}


@pytest.mark.thorough
def test_every_select_offers_something_that_has_a_name(desk: Any, ids: dict[str, Any]) -> None:
    dead = []
    for path, _, form in pages_with_forms(desk, ids):
        for select in form.iter("select"):
            nameless = [option for option in select.iter("option") if not option.text_content().strip()]
            empty = "required" in select.attrib and not any(options_of(select))
            if nameless or empty or not options_of(select):
                dead.append((path, select.get("name")))
    assert not dead


@pytest.mark.thorough
def test_every_form_is_answered_with_what_its_own_page_offers(desk: Any, ids: dict[str, Any]) -> None:
    """No failure of ours, and no choice refused that was offered. What is typed may be refused, which it says by 422; a
    file that is none of its form's by 400."""
    wrong, forms = [], list(pages_with_forms(desk, ids))
    for path, visitor, form in forms:
        target, has_file = target_of(form, path), bool(form.xpath(".//input[@type='file']"))
        method = "post" if form.get("hx-post") else form.get("method", "get").lower()
        for data in sendings(form):
            client = Client(raise_request_exception=False)
            client.cookies = visitor.client.cookies.copy()  # type: ignore[assignment]
            with suppress(Undone), transaction.atomic():
                answer = getattr(client, method)(target, data, headers=FRAGMENT if form.get("hx-post") else {})
                text = "" if answer.streaming else answer.content.decode()
                raise Undone
            refused = "Select a valid choice" in text or (answer.status_code == 400 and not has_file)
            if answer.status_code >= 500 or refused:
                wrong.append(
                    (
                        path,
                        target,
                        answer.status_code,
                        {n: v for n, v in data.items() if n != "once"},
                        plain(text)[:300],
                    )
                )
    assert not wrong
    assert len(forms) > 75
