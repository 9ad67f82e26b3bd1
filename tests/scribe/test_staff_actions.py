"""What staff do: each action calls the domain's function, says what it skipped, and leaves exactly one audit entry."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import impersonation
from accounts.models import Notification, Session
from billing.models import AIModel, Entry, Plan, TopupPack
from scribe import jobs
from scribe.admin import JobAdmin
from scribe.backoffice.staff_actions import StaffAction
from scribe.models import AuditEntry, Job, RateLimit
from tests.factories import make_organization, make_own_key, make_project, make_user, token_of
from tests.scribe.admin_browser import list_url, row_url, staff_action_url, staff_client
from writing.law import publishing
from writing.models import ClaimRegister, LawRule, PromptTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast):
    return staff_client(cast.staff)


@pytest.fixture
def entries():
    """The audit entries that come in from here on."""
    known = list(AuditEntry.objects.values_list("pk", flat=True))
    return lambda: list(AuditEntry.objects.exclude(pk__in=known).order_by("pk"))


def one(found, *, action, actor, reason="because", **states):
    assert [entry.action for entry in found] == [action]
    entry = found[0]
    assert (entry.actor_id, entry.reason) == (actor.pk, reason)
    for name, value in states.items():
        shown = getattr(entry, name)
        assert {key: shown.get(key) for key in value} == value, f"{name}: {shown}"
    return entry


def do(client, name, *rows, **fields):
    return client.post(staff_action_url(name, *rows), {"reason": "because", **fields}, follow=True)


def said(reply) -> str:
    return " ".join(str(message) for message in reply.context["messages"])


# --- organizations


def test_adjusting_xct(client, cast, entries):
    before = cast.organization.wallet.total_balance
    reply = do(client, "adjust", cast.organization, amount="12.5", balance_type="topup")
    assert "+12.5" in said(reply)
    cast.organization.wallet.refresh_from_db()
    assert cast.organization.wallet.total_balance == before + Decimal("12.5")
    entry = Entry.objects.filter(organization=cast.organization).first()
    assert (entry.transaction_type, entry.description, entry.created_by_id) == ("adjustment", "because", cast.staff.pk)
    one(
        entries(),
        action="xct.adjusted",
        actor=cast.staff,
        before={"total_balance": "50.0000"},
        after={"total_balance": "62.5000"},
    )


def test_taking_more_than_there_is_is_said_and_changes_nothing(client, cast, entries):
    reply = do(client, "adjust", cast.organization, amount="-9999", balance_type="topup")
    assert "subtract more than the balance" in said(reply)
    assert entries() == []


@pytest.mark.parametrize("fields", [{"reason": ""}, {"amount": "0"}, {"amount": "many"}, {"balance_type": "overage"}])
def test_an_adjustment_needs_an_amount_and_a_reason(client, cast, entries, fields):
    reply = client.post(
        staff_action_url("adjust", cast.organization),
        {"amount": "5", "balance_type": "topup", "reason": "because", **fields},
    )
    assert reply.status_code == 200
    assert reply.context["form"].errors
    assert entries() == []


def test_changing_the_plan(client, cast, entries):
    do(client, "change_plan", cast.organization, plan="professional", allocate_immediately="on")
    cast.organization.wallet.refresh_from_db()
    assert (cast.organization.wallet.plan_id, cast.organization.wallet.subscription_balance) == ("professional", 5000)
    one(
        entries(),
        action="subscription.changed",
        actor=cast.staff,
        before={"tier": "free"},
        after={"tier": "professional"},
    )


def test_setting_the_token_rate(client, cast, entries):
    do(client, "set_rate", cast.organization, multiplier="0.5")
    one(entries(), action="wallet.rate_changed", actor=cast.staff)
    cast.organization.wallet.refresh_from_db()
    assert cast.organization.wallet.token_rate_multiplier == Decimal("0.5")


def test_resetting_the_cycle(client, cast, entries):
    do(client, "reset_cycle", cast.organization)
    one(entries(), action="cycle.reset", actor=cast.staff)


def test_suspending_and_reinstating(client, cast, entries, api):
    do(client, "suspend", cast.organization)
    cast.organization.refresh_from_db()
    assert cast.organization.is_suspended
    assert cast.organization.suspended_reason == "because"
    again = do(client, "suspend", cast.organization)
    assert "it is suspended" in said(again)
    do(client, "reinstate", cast.organization)
    cast.organization.refresh_from_db()
    assert not cast.organization.is_suspended
    assert [entry.action for entry in entries()] == ["organization.suspended", "organization.suspension_lifted"]


def test_own_keys_can_be_allowed_and_are_never_shown(client, cast, entries):
    make_own_key(cast.organization, "anthropic", "sk-very-secret")
    do(client, "allow_own_keys", cast.organization)
    page = client.get(row_url(cast.organization)).content.decode()
    assert "anthropic" in page
    assert "sk-very-secret" not in page
    one(
        entries(),
        action="organization.own_keys_allowed",
        actor=cast.staff,
        before={"byok_enabled": False},
        after={"byok_enabled": True},
    )


def test_a_list_action_does_many_and_reports_what_it_skipped(client, entries):
    fresh, done = make_organization(), make_organization()
    do(client, "suspend", done)
    count = len(entries())
    chosen = client.post(
        list_url(type(fresh)), {"action": "suspend", "_selected_action": [str(fresh.pk), str(done.pk)]}
    )
    assert chosen.status_code == 302
    page = client.get(chosen["Location"]).content.decode()
    assert "will be skipped" in page
    reply = client.post(chosen["Location"], {"reason": "because"}, follow=True)
    assert "done for 1" in said(reply)
    assert f"Skipped {done.name}: it is suspended" in said(reply)
    assert len(entries()) == count + 1


# --- users


def test_ending_sessions(client, cast, entries, api):
    user_api = api.as_(cast.owner)
    user_api.get("users/me")
    do(client, "end_sessions", cast.owner)
    user_api.get("users/me", 401)
    one(entries(), action="user.signed_out", actor=cast.staff, before={"sessions": 1}, after={"sessions": 0})


def test_resetting_the_second_factor(client, cast, entries):
    do(client, "reset_second_factor", cast.owner)
    cast.owner.refresh_from_db()
    assert cast.owner.two_factor_demanded
    one(entries(), action="user.two_factor_reset", actor=cast.staff)


def test_deactivating_the_last_admin_is_refused_in_words(client, cast, entries):
    reply = do(client, "deactivate", cast.owner)
    assert "last active admin" in said(reply)
    assert entries() == []
    do(client, "deactivate", cast.teammate)
    do(client, "reactivate", cast.teammate)
    assert [entry.action for entry in entries()] == ["user.deactivated", "user.reactivated"]


def test_one_session_can_be_ended(client, cast, entries):
    token_of(cast.owner)
    session = Session.objects.get(user=cast.owner)
    do(client, "end", session)
    session.refresh_from_db()
    assert session.ended_because == "staff"
    one(entries(), action="session.ended", actor=cast.staff, before={"ended": False}, after={"ended": True})


# --- jobs


def test_cancelling_a_job(client, cast, entries):
    job = jobs.create(job_type="gdpr_export", organization=cast.organization)
    do(client, "cancel", job)
    job.refresh_from_db()
    assert job.status == "cancelled"
    one(entries(), action="job.cancelled", actor=cast.staff, before={"status": "queued"}, after={"status": "cancelled"})
    assert "has ended" in said(do(client, "cancel", job))


def test_running_a_failed_job_again(client, cast, entries):
    job = Job.objects.create(organization=cast.organization, job_type="gdpr_export", status="failed")
    reply = do(client, "retry", job)
    fresh = Job.objects.exclude(pk=job.pk).get()
    assert str(fresh.pk) in said(reply)
    assert fresh.created_by == cast.staff
    one(entries(), action="job.retried", actor=cast.staff)


@pytest.mark.parametrize(
    "job_type", ["generation", "regeneration", "blog_generation", "blog_publish", "store_audit", "memory_import"]
)
def test_work_with_a_hold_or_rows_of_its_own_is_not_run_again(client, cast, entries, job_type):
    job = Job.objects.create(organization=cast.organization, job_type=job_type, status="failed")
    assert "ordered anew by the customer" in said(do(client, "retry", job))
    assert Job.objects.count() == 1
    assert entries() == []


def test_running_again_while_another_writes_the_project_is_refused(client, cast):
    project = make_project(cast.organization)
    old = Job.objects.create(organization=cast.organization, project=project, job_type="sync", status="failed")
    jobs.create(job_type="generation", organization=cast.organization, project=project)
    assert "is running in this project" in said(do(client, "retry", old))
    assert Job.objects.filter(project=project).count() == 2


def test_buttons_are_those_that_the_state_allows(client, cast):
    job = Job.objects.create(organization=cast.organization, job_type="gdpr_export", status="completed")
    assert (
        "staff_actions" not in client.get(row_url(job)).context or not client.get(row_url(job)).context["staff_actions"]
    )
    names = {action.name for action in JobAdmin.staff_actions}
    assert names == {"cancel", "retry"}


# --- what is for sale, and the rest that staff edit


def test_editing_a_plan_needs_a_reason_and_tells_what_changed(client, cast, entries):
    plan = Plan.objects.get(pk="starter")
    fields = {
        "name": "Starter", "rank": plan.rank, "monthly_xct": "1100", "monthly_price_eur": "29", "yearly_price_eur": "290", "on_sale": "on",
        "strict_grounding": "on", "grounding": "standard",
        "uncharged_usd_per_day": plan.uncharged_usd_per_day, "paddle_monthly_price_id": "", "paddle_yearly_price_id": "", "dodo_monthly_product_id": "", "dodo_yearly_product_id": "",
    }  # fmt: skip
    assert client.post(row_url(plan), fields).status_code == 200  # no reason: asked again
    assert entries() == []
    assert client.post(row_url(plan), {**fields, "audit_reason": "because"}).status_code == 302
    plan.refresh_from_db()
    assert plan.monthly_xct == 1100
    one(
        entries(),
        action="plan.changed",
        actor=cast.staff,
        before={"monthly_xct": "1000.0000"},
        after={"monthly_xct": "1100"},
    )


def test_a_new_price_of_a_model_is_a_new_version(client, cast, entries):
    model = AIModel.objects.filter(active=True).first()
    fields = {
        "display_name": model.display_name, "tier": model.tier_id, "context_window": model.context_window,
        "max_output_tokens": model.max_output_tokens, "input_usd": "7", "output_usd": model.output_usd,
        "cached_input_usd": model.cached_input_usd or "", "active": "on", "audit_reason": "because", "accept_loss": "on",
        **({"supports_images": "on"} if model.supports_images else {}), **({"is_default": "on"} if model.is_default else {}),
    }  # fmt: skip
    assert client.post(row_url(model), fields).status_code == 302
    old = model.input_usd
    model.refresh_from_db()
    assert model.input_usd == old
    newest = AIModel.objects.filter(provider=model.provider, model_id=model.model_id).order_by("-valid_from").first()
    assert newest.input_usd == 7
    one(entries(), action="ai_model.revised", actor=cast.staff)


def test_adding_a_pack(client, cast, entries):
    fields = {
        "xct": "600",
        "price_eur": "15",
        "valid_from_0": "2026-01-01",
        "valid_from_1": "00:00:00",
        "audit_reason": "because",
    }
    assert client.post(list_url(TopupPack) + "add/", fields).status_code == 302
    one(entries(), action="topuppack.added", actor=cast.staff)


def test_publishing_a_prompt(client, cast, entries):
    row = PromptTemplate.objects.filter(active=True).first()
    fields = {"text": row.text + "\nBe brief.", "note": "shorter", "audit_reason": "because"}
    assert client.post(row_url(row), fields).status_code == 302
    row.refresh_from_db()
    assert not row.active
    assert not row.text.endswith("Be brief.")
    newest = PromptTemplate.objects.get(kind=row.kind, active=True)
    assert (newest.version, newest.created_by) == (row.version + 1, cast.staff)
    one(entries(), action="prompt.published", actor=cast.staff)
    do(client, "activate", row)
    row.refresh_from_db()
    assert row.active


def test_a_rate_limit_counts_at_once(client, cast, entries, settings):
    from scribe.api import rate_limits

    settings.RATE_LIMIT_FACTOR = 1.0
    assert (
        client.post(
            list_url(RateLimit) + "add/", {"scope": "public", "number": "7", "seconds": "60", "audit_reason": "because"}
        ).status_code
        == 302
    )
    assert rate_limits.limit_of("public") == (7, 60)
    one(entries(), action="ratelimit.added", actor=cast.staff)
    row = RateLimit.objects.get()
    assert client.post(row_url(row).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 302
    assert entries()[-1].action == "ratelimit.deleted"
    rate_limits.rows.forget()


# --- working as a customer


class TestImpersonation:
    def begin(self, client, user):
        reply = client.post(staff_action_url("impersonate", user), {"reason": "because"})
        assert reply.status_code == 200, reply
        assert "no-store" in reply["Cache-Control"]
        session = Session.objects.get(via="support", user=user, ended_at=None)
        from accounts.tokens import access_token

        return session, access_token(session)

    def test_content_is_open_and_both_ids_are_in_the_audit_log(self, client, cast, entries, api):
        _, token = self.begin(client, cast.owner)
        began = one(
            entries(),
            action="user.impersonated",
            actor=cast.staff,
            after={"user": str(cast.owner.pk), "staff": str(cast.staff.pk)},
        )
        assert began.organization_id == cast.organization.pk
        mine = api.with_(Authorization=f"Bearer {token}")
        mine.get("users/me")
        mine.post("projects", {"name": "From support", "platform": "woocommerce"}, 201)
        for entry in entries()[1:]:
            assert entry.actor_id == cast.owner.pk
            assert str(cast.owner.pk) in entry.actor_label
            assert str(cast.staff.pk) in entry.actor_label

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "api-keys"),
            ("post", "billing/checkout/topup"),
            ("patch", "billing/settings"),
            ("patch", "organization"),
            ("post", "users"),
            ("post", "invitations"),
            ("post", "gdpr/export"),
            ("post", "gdpr/delete"),
            ("post", "users/me/2fa/setup"),
            ("delete", "notifications/0192aaaa-0000-7000-8000-000000000000"),
        ],
    )
    def test_money_keys_people_and_deletions_are_closed(self, client, cast, api, method, path):
        _, token = self.begin(client, cast.owner)
        mine = api.with_(Authorization=f"Bearer {token}")
        reply = getattr(mine.client, method)(
            f"/api/v1/{path}", data={}, content_type="application/json", headers=mine.headers
        )
        if reply.status_code not in (404, 405):  # not a path of the contract
            assert reply.status_code == 403, reply.content
            assert reply.json()["code"] == "blocked_for_support"

    def test_projects_cannot_be_deleted(self, client, cast, api):
        project = make_project(cast.organization)
        _, token = self.begin(client, cast.owner)
        body = api.with_(Authorization=f"Bearer {token}").delete(f"projects/{project.pk}", 403)
        assert body["code"] == "blocked_for_support"

    def test_the_organization_is_told_with_the_reason(self, client, cast):
        self.begin(client, cast.owner)
        notice = Notification.objects.get(user=cast.owner, notification_type="security")
        assert "because" in notice.body

    def test_it_ends_after_half_an_hour(self, client, cast, api):
        session, token = self.begin(client, cast.owner)
        minutes = (session.expires_at - session.created_at).total_seconds() / 60
        assert 29.9 < minutes < 30.1
        Session.objects.filter(pk=session.pk).update(expires_at=session.created_at)
        api.with_(Authorization=f"Bearer {token}").get("users/me", 401)

    def test_staff_are_no_target(self, client, cast):
        other = make_user(cast.staff.organization, is_super_admin=True)
        reply = do(client, "impersonate", other)
        assert "member of staff" in said(reply)
        assert not Session.objects.filter(via="support").exists()

    def test_it_does_not_nest(self, cast):
        from scribe.errors import Forbidden
        from scribe.logs import bound

        with bound(impersonator="staff 1"), pytest.raises(Forbidden):
            impersonation.start(user=cast.owner, by=cast.staff, reason="because")
        with pytest.raises(Forbidden):
            impersonation.start(user=cast.owner, by=cast.stranger, reason="because")

    def test_a_second_one_ends_the_first(self, client, cast):
        first, _ = self.begin(client, cast.owner)
        self.begin(client, cast.stranger)
        first.refresh_from_db()
        assert first.ended_at is not None

    def test_it_needs_a_reason(self, client, cast):
        assert client.post(staff_action_url("impersonate", cast.owner), {"reason": ""}).status_code == 200
        assert not Session.objects.filter(via="support").exists()

    def test_a_refreshed_token_stays_within_the_half_hour(self, client, cast, api):
        import jwt

        session, token = self.begin(client, cast.owner)
        fresh = api.with_(Authorization=f"Bearer {token}").client.post(
            "/api/v1/auth/refresh", headers={"Authorization": f"Bearer {token}"}
        )
        if fresh.status_code == 200:
            claims = jwt.decode(fresh.json()["access_token"], options={"verify_signature": False})
            assert claims["exp"] <= session.expires_at.timestamp()
            assert claims["act"] == {"sub": str(cast.staff.pk)}
        else:
            assert fresh.status_code == 403


# --- the machinery itself


def test_every_deed_asks_for_a_reason_and_has_a_known_place():
    from django.contrib import admin

    actions = [action for page in admin.site._registry.values() for action in getattr(page, "staff_actions", ())]
    assert len(actions) >= 20
    for action in actions:
        assert isinstance(action, StaffAction)
        assert action.form.base_fields["reason"].required


def test_deeds_are_for_staff_alone(cast):
    for user in (cast.owner, cast.stranger):
        reply = staff_client(user).post(
            staff_action_url("adjust", cast.organization), {"amount": "5", "balance_type": "topup", "reason": "x"}
        )
        assert reply.status_code == 302
        assert "/admin/login/" in reply["Location"]
    assert not Entry.objects.filter(transaction_type="adjustment").exists()


def test_the_board_and_the_dashboard_open_empty(client):
    assert client.get("/admin/").status_code == 200
    assert client.get(reverse("admin:money_at_risk")).status_code == 200


def test_reconciling_from_the_board(client, cast, entries):
    reply = client.post(reverse("admin:reconcile_now"), follow=True)
    assert "0 differences" in said(reply)
    one(entries(), action="books.reconciled", actor=cast.staff, reason="Asked for on the board.")
    assert client.get(reverse("admin:reconcile_now")).status_code == 405


def test_a_register_of_health_claims_is_uploaded_and_put_to_use(client, cast, entries):
    def upload(version, text):
        said = {"language": "en", "version": version, "published_on": "2026-11-01", "audit_reason": "newer"}
        file = SimpleUploadedFile("register.csv", text.encode())
        return client.post(reverse("admin:writing_claimregister_add"), {**said, "file": file}, follow=True)

    head = "Claim type,Nutrient,Claim,Conditions of use,Status,Entry id,Least\n"
    upload("1", f"{head}Art.13(1),Zinc,Zinc contributes to normal vision,A source of zinc,Authorised,1,1.5 mg\n")
    first = ClaimRegister.objects.get()
    assert (first.active, first.created_by, len(first.claims)) == (True, cast.staff, 1)
    one(entries(), action="claim_register.published", actor=cast.staff, reason="newer")
    assert "The file has no authorised claim." in said(upload("2", head))
    upload("1", f"{head},Zinc,Zinc is good,,Authorised,1,\n")  # the version is there
    assert ClaimRegister.objects.count() == 1
    upload("2", f"{head},Zinc,Zinc contributes to normal hearing,,Authorised,2,\n")
    assert list(ClaimRegister.objects.filter(active=True).values_list("version", flat=True)) == ["2"]
    page = client.get(reverse("admin:writing_claimregister_changelist")).content.decode()
    assert "Nov. 1, 2026" in page
    do(client, "activate", first)
    assert list(ClaimRegister.objects.filter(active=True).values_list("version", flat=True)) == ["1"]
    do(client, "switch_off", first)
    assert not ClaimRegister.objects.filter(active=True).exists()


def test_a_rule_of_law_is_published_confirmed_and_switched_off(client, cast, entries):
    row = LawRule.objects.get(code="proof", active=True)
    fields = {name: getattr(row, name) for name in publishing.SAID}
    data = {name: json.dumps(fields[name]) for name in ("trades", "words", "lawful", "examples")}
    said = {**fields, **data, "note": "clearer", "audit_reason": "because"}
    for wrong in ({"words": '{"en": {}}'}, {"lawful": '["", 5]'}, {"examples": '{"en": {"unlawful": "It cures."}}'}):
        assert client.post(row_url(row), {**said, **wrong}).status_code == 200  # refused, the form again
    assert client.post(row_url(row), said).status_code == 302
    newest = LawRule.objects.get(code="proof", active=True)
    assert (newest.version, newest.created_by, newest.counts_as) == (2, cast.staff, "note")
    one(entries(), action="law_rule.published", actor=cast.staff)
    do(client, "confirm", newest)
    newest.refresh_from_db()
    assert (newest.confirmed_by, newest.counts_as) == (cast.staff, "block")
    do(client, "switch_off", newest)
    assert not LawRule.objects.filter(code="proof", active=True).exists()
    done = ["law_rule.published", "law_rule.confirmed", "law_rule.switched_off"]
    assert [entry.action for entry in entries()] == done
