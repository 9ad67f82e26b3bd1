"""The context window of a self-hosted model, as its server tells it among its models.

vLLM names it `max_model_len`, llama.cpp `meta.n_ctx`, LM Studio and others `context_length`:
https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
"""

import time
from collections.abc import Mapping

import requests

from integrations.ai import registry

SECONDS = 2.0  # that the server has to answer
KEPT = 600.0  # seconds for which its answer is used, also one that tells nothing
_known: dict[tuple[str, str], tuple[float, int | None]] = {}


def context_window(provider: str, model: str) -> int | None:
    """The window of `model` in tokens, or None when its server doesn't tell."""
    access = registry.access(provider)
    if access is None or not access.base_url:
        return None
    known = _known.get((access.base_url, model))
    if known is None or time.monotonic() - known[0] > KEPT:
        known = _known[access.base_url, model] = time.monotonic(), _ask_server(access.base_url, access.api_key, model)
    return known[1]


def _ask_server(address: str, key: str, model: str) -> int | None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        reply = requests.get(f"{address.rstrip('/')}/models", headers=headers, timeout=SECONDS, allow_redirects=False)
        rows = reply.json().get("data") if reply.status_code == 200 else None
    except (requests.RequestException, ValueError, AttributeError):
        return None
    named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    row = next((row for row in named if row.get("id") == model), named[0] if len(named) == 1 else {})
    return _window(row)


def _window(row: Mapping[str, object]) -> int | None:
    meta = row.get("meta")
    told = (row.get("max_model_len"), meta.get("n_ctx") if isinstance(meta, dict) else None, row.get("context_length"))
    return next((size for size in told if isinstance(size, int) and not isinstance(size, bool) and size > 0), None)
