"""Each provider through its official SDK against a fake at the socket."""

from __future__ import annotations

import json
import zlib

import pytest

from integrations.ai.caller import Caller
from integrations.ai.errors import AIPermanentError, AITransientError
from integrations.ai.types import EndReason, Image
from tests.fakes.anthropic import Anthropic
from tests.fakes.models import Behaviour
from tests.fakes.openai import OpenAI
from tests.fakes.server import Reply, Server
from tests.integrations.ai.helpers import FACTS, SCHEMA, ask, fresh, prompt
from tests.sizes import size

pytestmark = pytest.mark.each_value

PROVIDERS = {
    "anthropic": (Anthropic, "claude-haiku-5-5", ""),
    "openai": (OpenAI, "gpt-6-luna", "/v1"),
    "deepseek": (OpenAI, "deepseek-flash", ""),
    "google": (OpenAI, "gemini-3.5-flash-lite", "/v1beta/openai/"),
    "local": (OpenAI, "qwen", "/v1"),
}


@pytest.fixture(params=list(PROVIDERS))
def provider(request):
    fresh()
    kind, model, path = PROVIDERS[request.param]
    with kind(require_key="the-key") as fake:
        fake.provider = request.param
        fake.caller = lambda key="the-key": Caller(request.param, model, key, fake.url + path)
        yield fake


def test_a_good_answer_comes_as_data_with_its_usage(provider):
    answer = ask(provider.caller())
    assert answer.end is EndReason.OK
    assert answer.data["name"] == "Wollsocken Nord"
    assert "Wool" in answer.data["description"]
    assert answer.input_tokens > 20
    assert answer.output_tokens > 20
    assert not answer.estimated
    assert answer.request_id.startswith("req_fake")
    assert answer.provider == provider.provider
    assert answer.tries == 1


NONE = object()


@pytest.mark.parametrize(
    "count",
    [NONE, None, 0, -5, 10**12, 99_000_000, "many", 1],
    ids=lambda count: "none given" if count is NONE else str(count),
)
def test_a_call_without_a_usable_count_is_estimated(provider, count):
    """No usage, zeros and impossible counts made the text free."""

    def miscount(body):
        usage = body.pop("usage")
        return body if count is NONE else {**body, "usage": dict.fromkeys(usage, count)}

    given = prompt({**FACTS, "attributes": {f"Size {n}": f"{n} cm, measured lying flat" for n in range(40)}})
    right = ask(provider.caller(), given)
    provider.reshape = miscount
    answer = ask(provider.caller(), given)
    assert answer.estimated
    assert answer.data["name"] == "Wollsocken Nord"
    assert 0.3 < answer.input_tokens / right.input_tokens < 3
    assert 0.3 < answer.output_tokens / right.output_tokens < 3
    assert answer.cached_tokens == answer.cache_write_tokens == 0


@pytest.mark.parametrize(
    ("behaviour", "end"),
    [("truncated", "truncated"), ("refused", "refused"), ("garbled", "error"), ("empty", "error")],
)
def test_an_end_that_is_not_ok_brings_no_data(provider, behaviour, end):
    provider.default = behaviour
    answer = ask(provider.caller())
    assert answer.end == end
    assert answer.data is None


def test_the_content_filter_is_told_apart_from_a_refusal(provider):
    provider.default = "filtered"
    expected = EndReason.REFUSED if provider.provider == "anthropic" else EndReason.FILTERED
    assert ask(provider.caller()).end is expected


@pytest.mark.parametrize(
    ("status", "code"),
    [("401", "provider_key_rejected"), ("402", "provider_credit_exhausted"), ("404", "provider_model_unknown")],
)
def test_what_no_item_can_get_around_stops_the_job(provider, status, code):
    provider.default = status
    with pytest.raises(AIPermanentError) as caught:
        ask(provider.caller())
    assert caught.value.code == code
    assert caught.value.stops_job
    assert len(provider.seen) == 1


def test_a_wrong_key_is_said_without_the_key(provider):
    with pytest.raises(AIPermanentError) as caught:
        ask(provider.caller("sk-secret-wrong"))
    assert "sk-secret" not in str(caught.value)
    assert caught.value.stops_job


def test_a_bad_request_fails_this_item_alone(provider):
    provider.default = "413"
    with pytest.raises(AIPermanentError) as caught:
        ask(provider.caller())
    assert caught.value.code == "prompt_too_long"
    assert not caught.value.stops_job


def test_credit_that_ran_out_at_openai_is_not_a_rate_limit():
    fresh()
    with OpenAI() as fake:
        fake.default = Behaviour("429", code="insufficient_quota")
        with pytest.raises(AIPermanentError) as caught:
            ask(Caller("openai", "gpt-6-luna", "k", fake.url + "/v1"))
    assert caught.value.stops_job


def test_a_wrong_key_that_gemini_calls_a_bad_request_stops_the_job():
    fresh()
    answer = [
        {
            "error": {
                "code": 400,
                "message": "API key not valid. Please pass a valid API key.",
                "status": "INVALID_ARGUMENT",
            }
        }
    ]
    with OpenAI() as fake:
        fake.failure = lambda status, behaviour: Reply(status, answer)
        fake.default = "400"
        with pytest.raises(AIPermanentError) as caught:
            ask(Caller("google", "gemini-3.5-flash-lite", "k", fake.url + "/v1beta/openai/"))
    assert (caught.value.code, caught.value.stops_job) == ("provider_key_rejected", True)


def test_a_cut_connection_is_tried_again(provider):
    provider.script("cut", "ok")
    answer = ask(provider.caller())
    assert answer.end is EndReason.OK
    assert answer.tries == 2


@pytest.mark.parametrize("answer", [[1, 2], 5, None, "text"])
def test_json_that_is_no_object_is_an_answer_that_cannot_be_read(provider, answer):
    provider.reshape = lambda body: answer
    with pytest.raises(AITransientError, match="could not be read"):
        ask(provider.caller(), attempts=1)


def places(value, path=()):
    """The path of every value in a JSON body."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(child, (*path, key))


def replaced(body, path, odd):
    copy = json.loads(json.dumps(body))
    parent = copy
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = odd
    return copy


def test_a_body_of_another_shape_is_no_error_of_ours(provider):
    bodies = []
    provider.reshape = lambda body: bodies.append(body) or body
    ask(provider.caller())
    odd = [None, 5, -7, 10**18, 1e300, True, "many", [], [1], {}, {"a": 1}, [[]], [{"type": "message", "content": 5}]]
    step = size(4, 1)  # each path and each value comes in both
    for number, path in enumerate(places(bodies[0])):
        for value in odd[number % step :: step]:
            provider.reshape = lambda body, path=path, value=value: replaced(body, path, value)
            answer = ask(provider.caller(), attempts=1)
            assert answer.end in EndReason
            assert (answer.data is None) == (answer.end is not EndReason.OK)
            assert all(isinstance(n, int) and 0 <= n <= 10**9 for n in answer.counted.values())
            assert {type(answer.text), type(answer.model), type(answer.request_id)} == {str}


def test_a_text_in_parts_is_one_text():
    fresh()
    with OpenAI() as fake:

        def in_parts(body):
            message = body["choices"][0]["message"]
            head, tail = message["content"][:10], message["content"][10:]
            message["content"] = [{"type": "text", "text": head}, {"type": "text", "text": tail}]
            return body

        fake.reshape = in_parts
        assert ask(Caller("local", "qwen", "k", fake.url + "/v1")).data["name"] == "Wollsocken Nord"


@pytest.mark.thorough
@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_an_end_breaks_off(provider, packed):
    size = 300_000_000 if packed else 9 * 1024 * 1024
    content = zlib.compress(b" " * size) if packed else b" " * size
    headers = {"content-encoding": "deflate"} if packed else {}
    provider.reshape = lambda body: Reply(200, content, headers)
    with pytest.raises(AITransientError) as caught:
        ask(provider.caller(), attempts=1)
    assert caught.value.code == "provider_answer_too_long"


def test_a_redirect_does_not_take_the_key_elsewhere(provider):
    with Server() as other:
        provider.reshape = lambda body: Reply(307, b"", {"location": other.url})
        with pytest.raises(AIPermanentError, match="status 307"):
            ask(provider.caller(), attempts=1)
        assert other.requests == []


def test_a_drip_is_cut_off():
    fresh()
    with Anthropic() as fake:
        fake.default = Behaviour("slow", seconds=20)
        with pytest.raises(AITransientError) as caught:
            ask(Caller("anthropic", "claude-haiku-5-5", "k", fake.url, timeout=0.3), attempts=1)
    assert caught.value.code == "provider_timeout"


def test_anthropic_gets_the_schema_strictly_and_a_cached_prefix():
    fresh()
    with Anthropic() as fake:
        ask(Caller("anthropic", "claude-sonnet-5-5", "k", fake.url))
        body = fake.seen[0].raw
    schema = body["output_config"]["format"]["schema"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(SCHEMA["properties"])
    assert body["output_config"]["effort"] == "low"
    assert body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert "temperature" not in body


def test_openai_keeps_nothing():
    fresh()
    with OpenAI() as fake:
        ask(Caller("openai", "gpt-6.2-sol", "k", fake.url + "/v1"))
        body = fake.seen[0].raw
    assert body["store"] is False
    assert body["reasoning"] == {"effort": "low"}
    assert body["text"]["format"]["strict"] is True


def test_deepseek_is_asked_for_json_in_words_and_does_not_think():
    fresh()
    with OpenAI() as fake:
        ask(Caller("deepseek", "deepseek-v4-pro", "k", fake.url), prompt(images=(Image(b"x"),)))
        body = fake.seen[0].raw
    assert body["response_format"] == {"type": "json_object"}
    assert "JSON schema" in body["messages"][0]["content"]
    assert body["thinking"] == {"type": "disabled"}
    assert fake.seen[0].images == 0  # v4-pro takes none: they are left out


@pytest.mark.parametrize("name", ["anthropic", "openai", "google", "deepseek"])
def test_pictures_are_sent_where_the_model_can_see(name):
    fresh()
    kind, model, path = PROVIDERS[name]
    with kind() as fake:
        ask(Caller(name, model, "k", fake.url + path), prompt(images=(Image(b"\xff\xd8\xff"), Image(b"\xff\xd8\xff"))))
        assert fake.seen[0].images == 2


@pytest.mark.parametrize("modes", [("json_object", "text"), ("text",)])
def test_a_local_server_is_asked_in_the_way_it_knows(modes):
    fresh()
    with OpenAI(json_modes=modes) as fake:
        fake.usage = False
        first = ask(Caller("local", "small", "none", fake.url + "/v1"))
        sent = len(fake.requests)
        second = ask(Caller("local", "small", "none", fake.url + "/v1"))
        assert len(fake.requests) == sent + 1  # it remembers
    assert first.data["name"] == second.data["name"] == "Wollsocken Nord"
    assert first.estimated
    assert first.input_tokens > 10


def test_the_sdks_own_clients_read_the_fakes():
    """The fakes are held against the official SDKs' typed answers."""
    import anthropic
    import openai

    with Anthropic() as fake:
        client = anthropic.Anthropic(api_key="k", base_url=fake.url)
        message = client.messages.create(
            model="claude-haiku-5-5", max_tokens=50, messages=[{"role": "user", "content": "Hi."}]
        )
        assert message.stop_reason == "end_turn"
        assert message.usage.output_tokens > 0
    with OpenAI() as fake:
        typed = openai.OpenAI(api_key="k", base_url=fake.url + "/v1")
        assert typed.responses.create(model="gpt-6-luna", input="Hi.").output_text
        chat = typed.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi."}])
        assert chat.choices[0].message.content


def test_what_the_vendor_cached_is_told(provider):
    """Anthropic counts reads and writes beside the input; OpenAI and those that speak like it as a part of it."""
    told = {
        "anthropic": {
            "input_tokens": 40,
            "output_tokens": 7,
            "cache_read_input_tokens": 600,
            "cache_creation_input_tokens": 360,
        },
        "openai": {
            "input_tokens": 1000,
            "output_tokens": 7,
            "input_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 360},
        },
    }.get(
        provider.provider,
        {
            "prompt_tokens": 1000,
            "completion_tokens": 7,
            "prompt_tokens_details": {"cached_tokens": 600, "cache_write_tokens": 360},
        },
    )
    good = provider.success

    def success(*args):
        reply = good(*args)
        reply.body["usage"] = told
        return reply

    provider.success = success
    answer = ask(provider.caller())
    assert answer.counted == {"input_tokens": 1000, "output_tokens": 7, "cached_tokens": 600, "cache_write_tokens": 360}


def test_a_long_prompt_to_openai_is_not_written_into_a_cache_that_nobody_reads():
    fresh()
    with OpenAI() as fake:
        caller = Caller("openai", "gpt-6-luna", "k", fake.url + "/v1")
        answer = ask(caller, prompt({"name": "Socks", "description": "wool " * 2000}))
        assert answer.input_tokens > 1024
        assert answer.cache_write_tokens == 0
        assert fake.seen[0].raw["prompt_cache_options"] == {"mode": "explicit"}
        ask(Caller("openai", "gpt-5-old", "k", fake.url + "/v1"))
        assert "prompt_cache_options" not in fake.seen[1].raw, "older models don't take it"
