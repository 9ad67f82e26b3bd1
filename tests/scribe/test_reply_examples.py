"""The examples of replies in the OpenAPI document fit it, and what no longer does is named."""

from __future__ import annotations

from typing import Any

import pytest

from scribe.api.examples import REPLIES
from tests.documents import document
from tests.scribe import reply_examples

DOCUMENT = document("3.1")


def test_each_kept_example_fits_the_document() -> None:
    assert reply_examples.stale(REPLIES, DOCUMENT) == [], "see tests/scribe/reply_examples.py"


def test_most_replies_have_an_example() -> None:
    replies = [
        (operation["operationId"], media)
        for _, _, operation in reply_examples.operations(DOCUMENT)
        for status, reply in operation["responses"].items()
        if status[0] == "2" and (media := reply.get("content", {}).get("application/json"))
    ]
    lacking = [name for name, media in replies if not {"example", "examples"} & media.keys()]
    assert len(lacking) < len(replies) / 4, lacking


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("api_keys_retrieve", {"surplus": 1}),
        ("api_keys_retrieve", {"is_active": "yes"}),
        ("api_keys_vanish", {}),
    ],
)
def test_a_field_that_is_gone_or_of_another_type_and_an_operation_that_is_gone_are_named(
    name: str, change: Any
) -> None:
    example = REPLIES["api_keys_retrieve"]["200"]
    assert reply_examples.stale({"api_keys_retrieve": {"200": example}}, DOCUMENT) == []
    [line] = reply_examples.stale({name: {"200": {**example, **change}}}, DOCUMENT)
    assert line.startswith(f"{name} 200: ")


def test_a_reply_is_kept_small_and_without_secrets() -> None:
    reply = {
        "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTkifQ.c2lnbmF0dXJl",
        "rows": [{"key": "xcs_live_000000000000000000000000000000000000AbCdEf"}, {"key": "b"}],
        "project_id": "01920000-0000-7000-8000-000000000001",
    }
    assert reply_examples.small(reply) == {
        "access_token": "eyJhbGci…",
        "rows": [{"key": "xcs_live…"}],
        "project_id": "01920000-0000-7000-8000-000000000001",
    }
