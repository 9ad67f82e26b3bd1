"""The window of a self-hosted model is asked of its server, and known without it."""

from __future__ import annotations

from typing import Any

import pytest

from billing.models import AIModel
from integrations.ai import windows
from tests.fakes.server import Reply, Request, Server
from writing.verifier import choice


class Models(Server):
    def __init__(self, body: Any, status: int = 200) -> None:
        super().__init__(0)
        self.body, self.status = body, status

    async def answer(self, request: Request) -> Reply:
        return Reply(self.status, self.body)


@pytest.mark.parametrize(
    ("body", "status", "window"),
    [
        ({"data": [{"id": "other", "max_model_len": 1}, {"id": "mine", "max_model_len": 32_768}]}, 200, 32_768),
        ({"data": [{"id": "/models/mine.gguf", "meta": {"n_ctx": 8_192}}]}, 200, 8_192),
        ({"data": [{"id": "mine", "context_length": 16_384}]}, 200, 16_384),
        ({"data": [{"id": "mine"}]}, 200, choice.LOCAL_CONTEXT),
        ({"data": "nothing"}, 200, choice.LOCAL_CONTEXT),
        ({"error": "no such page"}, 404, choice.LOCAL_CONTEXT),
        ([], 200, choice.LOCAL_CONTEXT),
    ],
)
def test_the_window_is_what_the_server_says(body: Any, status: int, window: int, settings: Any) -> None:
    with Models(body, status) as server:
        settings.LOCAL_AI_BASE_URL = server.url + "/v1"
        row = AIModel(provider="local", model_id="mine", context_window=0)
        assert choice.window(row) == window
        assert choice.window(row) == window
        assert len(server.requests) == 1


def test_a_row_counts_where_the_server_tells_nothing(settings: Any) -> None:
    with Models({"data": []}) as server:
        settings.LOCAL_AI_BASE_URL = server.url + "/v1"
        assert choice.window(AIModel(provider="local", model_id="mine", context_window=2_048)) == 2_048


def test_a_server_that_is_away_leaves_the_default(settings: Any) -> None:
    settings.LOCAL_AI_BASE_URL = "http://127.0.0.1:9/v1"
    assert windows.context_window("local", "mine") is None
