"""Schemathesis over the whole OpenAPI document, in process: no 5xx but a documented one, no reply outside its documented
status, type and schema, whoever calls.

`SCHEMA_EXAMPLES` is how many examples each operation gets (2 here; 100 for a long run by hand), `SCHEMA_SEED=random` draws
others each time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as tries
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure

from scribe.api.schema import TAGS
from tests.documents import document
from tests.proof import callers, in_process
from tests.sizes import size, some

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", size(1, 2)))
REPORT_AT_MOST = 40
OWN_TYPE = {"/api/v1/files/{s3_key}"}  # documented as bytes, sent in the type of the file
FRAME = re.compile(
    rb"id: \d+\nevent: (start|progress|item|item_failed|complete|failed|cancelled)\ndata: \{.*\}|: still here"
)
load_all_checks()
CONFORMANCE = CHECKS.get_by_names(
    ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
drawn = tries(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=os.environ.get("SCHEMA_SEED") != "random",
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def described() -> Any:
    schema = schemathesis.openapi.from_dict(deepcopy(document()))
    schema.location = "/api/v1/schema"
    return schema


def operations(tag: str) -> Iterator[Any]:
    for found in described().get_all_operations():
        operation = found.ok()
        if tag in operation.tags:
            yield operation


class Findings:
    """What is wrong, once per operation, caller and kind, with the request that shows it."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, ...], str] = {}
        self.replies = 0

    def check(self, who: str, case: Any, response: Any) -> None:
        self.replies += 1
        label = f"{case.operation.method.upper()} {case.operation.path}"
        if response.status_code == 500:
            self.add(label, "500", who, case, response, "An internal error.")
        checks = CONFORMANCE
        if case.operation.path in OWN_TYPE and response.status_code == 200:
            checks = CONFORMANCE[:1]
        if response.headers.get("content-type", [""])[0].startswith("text/event-stream"):
            checks = CONFORMANCE[:2]  # the document calls a stream a string; its frames are checked here
            if not all(FRAME.fullmatch(frame) for frame in response.content.split(b"\n\n")[:-1]):
                self.add(label, "frames", who, case, response, "A frame that is no event of a job.")
        try:
            case.validate_response(response, checks=checks)
        except* Failure as group:
            for failure in group.exceptions:
                text = f"{failure.title}: {failure.message}"
                self.add(label, f"{response.status_code} {failure.title}", who, case, response, text)

    def add(self, label: str, kind: str, who: str, case: Any, response: Any, text: str) -> None:
        sent = f"query={case.query!r} body={case.body!r}"[:400]
        answer = response.content[:300]
        self.seen.setdefault(
            (label, kind), f"{label} as {who}: {response.status_code} {text[:400]}\n  {sent}\n  {answer!r}"
        )


SELLER = {
    "SELLER_NAME": "Primer Studio d.o.o.",
    "SELLER_ADDRESS": "Kneza Miloša 10",
    "SELLER_CITY": "Beograd",
    "SELLER_PIB": "101134702",
    "SELLER_MB": "17335600",
    "SELLER_ACCOUNT": "310-1234567891211-86",
}


@pytest.fixture
def ours(cast: Any, settings: Any) -> Iterator[callers.Callers]:
    for name, value in SELLER.items():
        setattr(settings, name, value)
    logging.disable(logging.CRITICAL)
    yield callers.make(cast)
    logging.disable(logging.NOTSET)


def explore(operation: Any, ours: callers.Callers, found: Findings) -> None:
    """Valid bodies and hostile ones on our own ids by everyone; ids that are none; nobody needs one try."""
    names = [parameter.name for parameter in operation.path_parameters]
    ids = ours.ids(operation.path, names)
    own = {"path_parameters": ids} if names else {}

    session = in_process.session()

    def send(case: Any, people: tuple[str, ...]) -> None:
        for who in people:
            with transaction.atomic():
                response = case.call(base_url=in_process.URL, session=session, headers=ours.headers[who])
                transaction.set_rollback(True)
            found.check(who, case, response)

    @drawn
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE, **own))
    def valid(case: Any) -> None:
        send(case, ("admin", "member", "staff", "key"))

    @tries(drawn, max_examples=max(1, EXAMPLES // 2))
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, **own))
    def hostile(case: Any) -> None:
        send(case, ("admin", "staff", "key"))

    @tries(drawn, max_examples=1)
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def astray(case: Any) -> None:
        send(case, ("admin", "nobody"))

    valid()
    with contextlib.suppress(Unsatisfiable):  # where every input is a valid one
        if names or operation.query or operation.body:
            hostile()
    astray()


@pytest.mark.parametrize("tag", some(sorted(TAGS), 4))
def test_every_reply_is_as_documented(tag: str, ours: callers.Callers) -> None:
    found = Findings()
    for operation in operations(tag):
        explore(operation, ours, found)
    assert found.replies, f"no operation of {tag} was called"
    assert not found.seen, f"{len(found.seen)} of {tag}:\n" + "\n".join(list(found.seen.values())[:REPORT_AT_MOST])


def test_every_operation_belongs_to_a_walked_tag() -> None:
    strays = [o.ok().label for o in described().get_all_operations() if not set(o.ok().tags) & set(TAGS)]
    assert not strays
