"""A second model reads each text. It is chosen, quoted, held, billed and seen to fail, and its findings reach the
writer."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Organization
from billing.models import Entry, Hold, Plan, UsageRecord
from integrations.ai.caller import Caller
from projects.models import ContentItem, GenerationItem
from tests.factories import make_item, make_own_key, make_project
from tests.fakes import verifying
from tests.fakes.anthropic import Anthropic
from tests.fakes.models import Behaviour, tokens
from tests.helpers import run_jobs
from tests.projects.generation.cancelling import cancel_when
from tests.projects.generation.conftest import make_items
from writing import checks, facts, templates
from writing.models import PromptTemplate, VerifierRate
from writing.settings import WritingSettings
from writing.verifier import batches
from writing.verifier.batches import ReadingCalls
from writing.verifier.choice import Verifier
from writing.verifier.second import ReadingBudget, SecondReading

STRICT = {"grounding": "strict"}
READ = {"grounding": "read"}
SILLY = "It giggles at night."


@pytest.fixture(autouse=True)
def fresh_terms() -> Any:
    templates.forget()
    yield
    templates.forget()


def verifier_does(fake: Any, behaviour: str) -> None:
    """From now on the model behaves so when it is asked to verify, and writes as ever."""
    fake.choose = lambda seen: behaviour if verifying.is_asked(seen.schema) else None


def generate(caller: Any, project: Any, count: int = 1, **asked: Any) -> ContentItem:
    make_items(project, count)
    caller.post(f"projects/{project.pk}/generate", {**STRICT, **asked}, status=202)
    run_jobs()
    return ContentItem.objects.filter(project=project).latest("updated_at")


def verification(item: ContentItem) -> dict[str, Any]:
    return next(check for check in item.generation_metadata["checks"] if check["id"] == "verification")


def readings() -> Any:
    return UsageRecord.objects.filter(content_type="verification")


def check_books() -> None:
    """What was recorded was captured, within what was quoted, and no hold is open."""
    spent = -sum(Entry.objects.filter(transaction_type="usage").values_list("amount", flat=True))
    assert spent == sum(UsageRecord.objects.values_list("xct", flat=True))
    for row in GenerationItem.objects.all():
        assert row.xct_used <= row.quoted_max
    assert not Hold.objects.open().exists()


def test_each_text_is_read_and_both_models_are_billed_within_the_quote(
    api: Any, cast: Any, project: Any, openai: Any
) -> None:
    caller = api.as_(cast.owner)
    make_items(project, 1)
    plain = caller.post(f"projects/{project.pk}/generate/estimate", {"ai_model": "gpt-6.1-terra"})
    strict = caller.post(f"projects/{project.pk}/generate/estimate", {"ai_model": "gpt-6.1-terra", **STRICT})
    assert (plain["grounding"], plain["verifier_model"]) == ("tables", None)
    assert (strict["grounding"], strict["verifier_provider"], strict["verifier_model"]) == (
        "strict",
        "openai",
        "gpt-6-luna",
    )
    assert Decimal(strict["xct_max"]) > Decimal(plain["xct_max"])
    caller.post(f"projects/{project.pk}/generate", {"ai_model": "gpt-6.1-terra", **STRICT}, status=202)
    assert str(Hold.objects.get().amount) == strict["xct_max"]
    run_jobs()
    item = ContentItem.objects.get()
    check = verification(item)
    assert (check["model"], check["version"], check["passed"]) == ("openai/gpt-6-luna", 1, True)
    assert {finding["code"] for finding in check["findings"]} <= {"literal", "traced", "harmless", "states_something"}
    assert item.generation_metadata["signals"]["read"] == 1.0
    [reading] = readings()
    written = UsageRecord.objects.get(outcome="ok", content_type="product")
    assert (written.model, reading.model, reading.tier) == ("gpt-6.1-terra", "gpt-6-luna", "economy")
    assert written.xct > reading.xct > 0
    assert Decimal(item.generation_metadata["xct_used"]) == written.xct + reading.xct
    check_books()


def test_a_sentence_without_a_source_needs_an_override(api: Any, cast: Any, project: Any, openai: Any) -> None:
    verifier_does(openai, "denying")
    caller = api.as_(cast.owner)
    item = generate(caller, project)
    assert (item.status, item.has_unsupported_claims) == ("flagged", True)
    assert item.confidence_score is not None
    assert item.confidence_score <= 0.59
    assert "have no source" in " ".join(item.generation_metadata["reasons"])
    path = f"projects/{project.pk}/items/{item.pk}"
    assert caller.patch(path, {"status": "approved"}, status=409)["code"] == "unsupported_claims"
    # A person writes what the source says: the sentences that were accused are gone.
    texts = dict.fromkeys(("name", "short_description", "description"), "It keeps drinks cold for 12 hours.")
    edited = caller.patch(path, {"generated_content": {**texts, "seo": None}})
    assert edited["has_unsupported_claims"] is False
    # The accused text brought back is still accused.
    version = caller.get(f"{path}/versions")[0]
    restored = caller.post(f"{path}/versions/{version['id']}/restore", {})
    assert restored["has_unsupported_claims"] is True
    edited = caller.patch(path, {"generated_content": {**texts, "seo": None}})
    assert caller.patch(path, {"status": "approved"})["status"] == "approved"


@pytest.mark.each_value
@pytest.mark.parametrize(
    ("behaviour", "code", "recorded"),
    [
        ("garbled", "error", True),
        ("lazy", "verifier_unreliable", True),
        ("nearest", "verifier_unreliable", True),
        ("refused", "refused", True),
        ("404", "model_not_found", False),
    ],
)
@pytest.mark.parametrize("grounding", ["read", "strict"])
def test_a_reading_that_fails_is_seen_and_costs_nothing(
    grounding: str, behaviour: str, code: str, recorded: bool, api: Any, cast: Any, project: Any, openai: Any
) -> None:
    verifier_does(openai, behaviour)
    caller = api.as_(cast.owner)
    item = generate(caller, project, grounding=grounding)
    check = verification(item)
    assert (check["passed"], check["findings"]) == ("na", [])
    assert check["code"] == code or not recorded
    assert check["detail"].startswith("The settings ask for a check by a second AI model")
    status = "flagged" if grounding == "strict" else "generated"
    assert (item.status, item.has_unsupported_claims) == (status, False)
    assert item.confidence_score is not None
    assert item.confidence_score <= 0.9
    assert [row.xct for row in readings()] == ([0] if recorded else [])
    assert UsageRecord.objects.get(outcome="ok").xct > 0
    check_books()
    # The text is there, and paid: a person may take it.
    assert caller.patch(f"projects/{project.pk}/items/{item.pk}", {"status": "approved"})["status"] == "approved"
    lazy = behaviour in ("lazy", "nearest")
    rate = VerifierRate.objects.values_list("texts", "failed", "disbelieved", "sentences").get()
    assert rate == (1, 1, int(lazy), 0)


# What it finds reaches the writer


def silly_until_told(openai: Any) -> None:
    """The writer adds a silly sentence until a repair tells it not to, and the reader finds no source for it."""

    def choose(seen: Any) -> Any:
        if verifying.is_asked(seen.schema):
            return Behaviour(lie=SILLY)
        told = "does not state" in seen.user
        return None if told else Behaviour("lying", lie=SILLY)

    openai.choose = choose


def test_what_the_reader_finds_is_mended_by_the_writer_and_only_what_changed_is_read_again(
    api: Any, cast: Any, project: Any, openai: Any
) -> None:
    silly_until_told(openai)
    item = generate(api.as_(cast.owner), project, **READ)
    asked = [seen for seen in openai.seen if verifying.is_asked(seen.schema)]
    written = [seen for seen in openai.seen if not verifying.is_asked(seen.schema)]
    assert len(written) == 2
    assert f"the data does not state “{SILLY[:-1]}”" in written[1].user
    assert SILLY not in str(item.generated_content)
    assert (item.status, verification(item)["passed"]) == ("generated", True)
    first, *again = [seen.user.count("\n") for seen in asked]
    assert all(lines < first for lines in again)
    assert all(row.xct > 0 for row in readings())
    check_books()


def test_what_stays_without_a_source_goes_to_a_person(api: Any, cast: Any, project: Any, openai: Any) -> None:
    openai.choose = lambda seen: Behaviour("ok" if verifying.is_asked(seen.schema) else "lying", lie=SILLY)
    item = generate(api.as_(cast.owner), project, **READ)
    assert (item.status, item.has_unsupported_claims) == ("flagged", True)
    assert SILLY[:-1] in verification(item)["detail"]
    assert sum(not verifying.is_asked(seen.schema) for seen in openai.seen) <= 3
    check_books()


@pytest.mark.thorough
def test_products_that_wait_together_are_read_in_one_call(
    api: Any, cast: Any, project: Any, openai: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(batches, "WAIT", 2.0)
    make_items(project, 7)
    api.as_(cast.owner).post(f"projects/{project.pk}/generate", READ, status=202)
    run_jobs()
    asked = [seen for seen in openai.seen if verifying.is_asked(seen.schema)]
    assert sorted(seen.user.count("# Product") for seen in asked) == [2, 5]
    # Each text has its share of the call, and the shares add up to what the provider counted.
    assert readings().count() == 7
    read = sum(tokens(seen.system + seen.user) for seen in asked)
    assert sum(readings().values_list("input_tokens", flat=True)) == read
    check_books()


# The deployment's default


def test_a_model_s_text_is_read_where_nothing_says_otherwise(
    api: Any, cast: Any, project: Any, openai: Any, settings: Any
) -> None:
    settings.DEFAULT_GROUNDING = "read"
    item = generate(api.as_(cast.owner), project, grounding=None)
    assert verification(item)["passed"] is True
    settings.DEFAULT_GROUNDING = "tables"
    item = generate(api.as_(cast.owner), project, grounding=None)
    assert "verification" not in {check["id"] for check in item.generation_metadata["checks"]}
    settings.DEFAULT_GROUNDING = "read"
    built_in = generate(api.as_(cast.owner), project, grounding=None, ai_provider="offline")
    assert "verification" not in {check["id"] for check in built_in.generation_metadata["checks"]}


def test_a_free_organization_has_five_products_written_and_read(
    api: Any, cast: Any, project: Any, openai: Any, settings: Any
) -> None:
    settings.DEFAULT_GROUNDING = "read"
    make_items(project, 5)
    caller = api.as_(cast.owner)
    caller.post(f"projects/{project.pk}/generate", {}, status=202)
    run_jobs()
    assert set(ContentItem.objects.values_list("status", flat=True)) == {"generated"}
    assert readings().filter(xct__gt=0).count() == 5
    check_books()


@pytest.mark.thorough
def test_a_cancel_while_it_is_read_records_both_calls(api: Any, cast: Any, project: Any, openai: Any) -> None:
    make_items(project, 1)
    openai.choose = lambda seen: "slow" if verifying.is_asked(seen.schema) else None
    api.as_(cast.owner).post(f"projects/{project.pk}/generate", STRICT, status=202)
    thread = cancel_when(lambda: any(verifying.is_asked(seen.schema) for seen in openai.seen))
    run_jobs()
    thread.join()
    assert set(UsageRecord.objects.values_list("content_type", "outcome", "xct")) == {
        ("product", "cancelled", 0),
        ("verification", "cancelled", 0),
    }
    check_books()


# Whose key


@pytest.fixture
def anthropic(settings: Any) -> Any:
    with Anthropic() as fake:
        settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_API_KEY = fake.url, ""
        yield fake


@pytest.fixture
def own(cast: Any) -> Organization:
    Organization.objects.filter(pk=cast.organization.pk).update(byok_enabled=True)
    organization = Organization.objects.get(pk=cast.organization.pk)
    make_own_key(organization, "anthropic", "of-the-customer")
    return organization


@pytest.mark.parametrize("reads", ["anthropic", "openai"])
def test_a_call_is_free_where_the_organizations_own_key_pays_it(
    reads: str, api: Any, cast: Any, own: Organization, project: Any, openai: Any, anthropic: Any
) -> None:
    writes = "openai" if reads == "anthropic" else "anthropic"
    item = generate(api.as_(cast.owner), project, ai_provider=writes, verifier_provider=reads)
    assert verification(item)["model"].startswith(reads)
    rows = {row.content_type: row for row in UsageRecord.objects.filter(outcome="ok")}
    by_own = {kind: row.byok for kind, row in rows.items()}
    assert by_own == {"product": writes == "anthropic", "verification": reads == "anthropic"}
    assert all((row.xct == 0) == row.byok and (row.cost_usd == 0) == row.byok for row in rows.values())
    check_books()


def test_an_own_key_that_was_taken_away_is_not_replaced_by_ours(
    api: Any, cast: Any, own: Organization, project: Any, openai: Any, anthropic: Any, settings: Any
) -> None:
    make_items(project, 1)
    api.as_(cast.owner).post(
        f"projects/{project.pk}/generate", {**STRICT, "verifier_provider": "anthropic"}, status=202
    )
    own.own_keys.all().delete()
    settings.ANTHROPIC_API_KEY = "of-the-platform"
    [job] = run_jobs()
    assert (job.status, job.error_code) == ("failed", "provider_not_configured")
    assert anthropic.seen == openai.seen == []


# Where it is off, and who may have it


def test_the_built_in_writer_is_not_read(api: Any, cast: Any, project: Any, openai: Any) -> None:
    item = generate(api.as_(cast.owner), project, ai_provider="offline", verifier_provider="openai")
    assert openai.seen == []
    assert (verification(item)["passed"], item.status) == ("na", "generated")
    assert "built-in generator" in verification(item)["detail"]


@pytest.mark.parametrize("name", ["tables", "standard"])
def test_tables_alone_have_no_second_reading(name: str, api: Any, cast: Any, project: Any, openai: Any) -> None:
    item = generate(api.as_(cast.owner), project, grounding=name)
    assert item.generation_metadata["settings"]["grounding"] == "tables"
    assert "verification" not in {check["id"] for check in item.generation_metadata["checks"]}
    assert not readings().exists()


def test_the_plan_says_who_may_have_it(api: Any, cast: Any, project: Any, openai: Any) -> None:
    caller = api.as_(cast.owner)
    project.settings = STRICT
    project.save()
    Plan.objects.filter(pk="free").update(strict_grounding=False)
    assert caller.post(f"projects/{project.pk}/generate", STRICT, status=403)["code"] == "tier_required"
    assert caller.post("content-profiles", {"name": "Strict", **STRICT}, status=403)["code"] == "tier_required"
    # What was set before goes on without a reading, and says so.
    make_items(project, 1)
    caller.post(f"projects/{project.pk}/generate", {}, status=202)
    run_jobs()
    item = ContentItem.objects.get()
    assert verification(item)["detail"].startswith("The check by a second AI model is not part of your plan")
    assert (item.status, readings().count()) == ("generated", 0)


def test_the_plan_has_a_default_that_it_allows(api: Any, cast: Any, project: Any, openai: Any) -> None:
    Plan.objects.filter(pk="free").update(grounding="strict")
    item = generate(api.as_(cast.owner), project, grounding=None)
    assert verification(item)["passed"] is True
    with pytest.raises(IntegrityError, match="plan_default_grounding_is_allowed"), transaction.atomic():
        Plan.objects.filter(pk="free").update(strict_grounding=False)


def test_a_profile_keeps_the_choice(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    made = caller.post("content-profiles", {"name": "Plain"}, status=201)
    assert (made["grounding"], made["verifier_provider"], made["verifier_model"]) == ("tables", None, None)
    path = f"content-profiles/{made['id']}"
    chosen = {**STRICT, "verifier_provider": "openai", "verifier_model": "gpt-6.1-terra"}
    assert caller.put(path, chosen).items() >= chosen.items()
    moved = caller.put(path, {"verifier_provider": "google"})
    assert (moved["verifier_provider"], moved["verifier_model"]) == ("google", None)
    for wrong, code in (
        ({"grounding": "perhaps"}, None),
        ({"verifier_provider": "offline"}, "unknown_provider"),
        ({"verifier_model": "gpt-0"}, "unknown_model"),
    ):
        problem = caller.put(path, wrong, status=400)
        assert code is None or problem["errors"][0]["code"] == code


def test_a_provider_without_a_key_is_refused_before_anything_is_spent(
    api: Any, cast: Any, project: Any, openai: Any
) -> None:
    make_items(project, 1)
    asked = {**STRICT, "verifier_provider": "google"}
    problem = api.as_(cast.owner).post(f"projects/{project.pk}/generate", asked, status=400)
    assert problem["errors"][0]["code"] == "provider_not_configured"
    assert not Hold.objects.exists()


# Terms, rates and budget


def test_the_version_of_the_terms_is_told_and_counted(api: Any, cast: Any, project: Any, openai: Any) -> None:
    first = PromptTemplate.objects.get(kind="reader", active=True)
    templates.publish(kind="reader", text=first.text + "\nBe strict.")
    caller = api.as_(cast.owner)
    verifier_does(openai, "denying")
    check = verification(generate(caller, project, 2))
    assert check["version"] == 2
    assert any(seen.system.endswith("Be strict.") for seen in openai.seen)
    rate = VerifierRate.objects.get()
    assert (rate.provider, rate.model, rate.version, rate.texts) == ("openai", "gpt-6-luna", 2, 2)
    assert rate.sentences >= rate.unsupported > 0


def test_a_reading_that_would_cost_more_than_was_quoted_is_not_made(openai: Any, settings: Any) -> None:
    asked = WritingSettings(generate_short=False, generate_seo=False, translate_name=False)
    source = facts.read({"name": "Bottle", "description": "A bottle of steel."})
    content = {"description": "It giggles."}
    report = checks.run(content, source, asked)
    verifier = Verifier("openai", "gpt-6-luna")

    async def read(budget: ReadingBudget) -> tuple[checks.CheckReport, SecondReading]:
        async with Caller("openai", verifier.model, "sk-test", settings.OPENAI_BASE_URL) as caller:
            second = SecondReading(source, asked, verifier, budget, [], ReadingCalls(caller, verifier, lambda: False))
            return await second.read(content, report), second

    for budget in (ReadingBudget(100, Decimal(5), Decimal(1)), ReadingBudget(10_000, Decimal(0), Decimal(1))):
        found, _ = asyncio.run(read(budget))
        assert found.checks[-1]["code"] == "over_quote"
    assert openai.seen == []
    _, second = asyncio.run(read(ReadingBudget(10_000, Decimal("0.01"), Decimal(1))))
    assert second.xct == Decimal("0.01")  # what is left of the quote, whatever the tokens would cost
    assert len(openai.seen) == 1


def test_a_translation_is_read_against_its_original(api: Any, cast: Any, openai: Any) -> None:
    """What the approved text says is a passage. What neither it nor the data says is accused, also without a number."""
    project = make_project(cast.organization, settings={"language": "de", "use_html": True})
    german = {"name": "Flasche", "description": "<p>Der Korkdeckel schließt dicht und hält lange kalt.</p>"}
    lie = "Elle rend heureux"
    french = {
        "name": "Gourde",
        "description": f"<p>Le couvercle en liège ferme bien et garde longtemps le froid. {lie}.</p>",
    }
    item = make_item(
        project, status="approved", source_data={"name": "Flasche", "sku": "K-1"}, generated_content=german
    )
    for key, text in german.items():
        openai.translations["fr", text] = french[key]
    openai.choose = lambda seen: Behaviour(lie=lie) if verifying.is_asked(seen.schema) else None
    api.as_(cast.owner).post(f"projects/{project.pk}/generate", {**STRICT, "languages": ["fr"]}, 202)
    run_jobs()
    readings = [seen for seen in openai.seen if verifying.is_asked(seen.schema)]
    assert "Der Korkdeckel schließt dicht und hält lange kalt." in readings[0].user
    assert "Its text in French" in readings[0].user
    text = ContentItem.rows.get(main=item, language="fr")
    assert text.status == "flagged"
    assert [one["text"] for one in verification(text)["findings"] if one.get("supported") is False] == [lie]
