"""Pictures by OpenAI's image model."""

from __future__ import annotations

import asyncio

import pytest

from integrations.ai import images
from integrations.ai.errors import AIPermanentError, AITransientError
from tests.fakes.models import Behaviour
from tests.fakes.openai import OpenAI


@pytest.fixture
def fake():
    with OpenAI() as running:
        yield running


def make(fake, **more):
    return images.generate_image("A wool sock on a wooden table", api_key="k", base_url=fake.url + "/v1", **more)


def test_what_older_clients_ask_for_is_mapped(fake):
    picture = make(fake, size="1792x1024", quality="hd", style="vivid")
    sent = fake.pictures[0]
    assert (sent["size"], sent["quality"]) == ("1536x1024", "high")
    assert "style" not in sent
    assert "vivid" in sent["prompt"]
    assert (picture.width, picture.height, picture.media_type) == (1536, 1024, "image/png")
    assert picture.data.startswith(b"\x89PNG")
    assert picture.output_tokens > 0


def test_a_declined_description_is_said_so(fake):
    fake.default = "refused"
    with pytest.raises(AIPermanentError) as caught:
        make(fake)
    assert caught.value.code == "image_refused"


@pytest.mark.parametrize(("behaviour", "code"), [("empty", "image_missing"), ("garbled", "image_unreadable")])
def test_an_answer_without_a_picture_fails(fake, behaviour, code):
    fake.default = behaviour
    with pytest.raises(AITransientError) as caught:
        make(fake)
    assert caught.value.code == code
    assert len(fake.pictures) == 1  # it may have been billed: not again


def test_a_rate_limit_is_tried_once_more(fake):
    fake.script(Behaviour("429", retry_after=0.05), "ok")
    assert make(fake).width == 1024
    assert len(fake.pictures) == 2


def test_it_runs_inside_a_loop_too(fake):
    picture = asyncio.run(images.generate("x", api_key="k", base_url=fake.url + "/v1", size="1024x1536"))
    assert picture.height == 1536
