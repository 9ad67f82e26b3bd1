"""Every link in a mail, and every place that others send the browser to, leads to a page that does it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import Resolver404, resolve

from accounts import impersonation, invitations, tokens, users, verification
from accounts.models import Invitation, OneTimeToken, User
from tests.factories import PASSWORD, make_cast, make_user
from tests.workbench.visiting import Visitor

Purpose = tokens.Purpose
GOOD = "a long password 42"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "verify-email",
        "reset-password",
        "accept-invitation",
        "billing",
        "shopify/callback",
        "support-session",
        "login",  # in the mail to a new colleague
        "account/data",  # in the mail about an export
    ],
)
def test_every_address_below_the_front_end_is_a_page(path: str) -> None:
    try:
        assert resolve(f"/app/{path}").url_name
    except Resolver404:
        pytest.fail(f"/app/{path} is no page")


def test_a_verification_link_counts_once_the_button_is_pressed(db: Any) -> None:
    user = make_user(verified=False)
    token = tokens.issue(user=user, purpose=Purpose.VERIFY_EMAIL, data={"email": user.email})
    visitor = Visitor()
    visitor.get(f"verify-email?token={token}")
    user.refresh_from_db()
    assert not user.email_verified  # mail programs follow links by themselves
    visitor.post("verify-email", {"token": token})
    assert "Your email address is verified." in visitor.get(visitor.last["Location"])
    user.refresh_from_db()
    assert user.email_verified
    assert "no longer valid" in visitor.post("verify-email", {"token": token}, 422)


def test_a_new_address_is_taken_over_by_its_link(db: Any) -> None:
    user = make_user()
    verification.request_change(user=user, email="other@example.com", by=user)
    row = OneTimeToken.objects.get(user=user, purpose=Purpose.CHANGE_EMAIL)
    row.delete()
    token = tokens.issue(user=user, purpose=Purpose.CHANGE_EMAIL, data={"email": "other@example.com"})
    Visitor(user).post("verify-email", {"token": token})
    user.refresh_from_db()
    assert user.email == "other@example.com"


def test_the_reminder_sends_another_link(db: Any) -> None:
    user = make_user(verified=False)
    visitor = Visitor(user)
    assert "Please verify your email address" in visitor.get("/app/")
    visitor.post("verification")
    assert "We sent you a new link." in visitor.get(visitor.last["Location"])
    assert OneTimeToken.objects.filter(user=user, purpose=Purpose.VERIFY_EMAIL).exists()


def test_a_forgotten_password_is_set_anew(db: Any) -> None:
    user = make_user()
    visitor = Visitor()
    visitor.get("forgot-password")
    known = visitor.post("forgot-password", {"email": user.email}, 200)
    unknown = visitor.post("forgot-password", {"email": "nobody@example.com"}, 200)
    strip = lambda page, email: page.partition("<main")[2].replace(email, "")  # noqa: E731
    assert strip(known, user.email) == strip(unknown, "nobody@example.com")
    token = tokens.issue(user=user, purpose=Purpose.RESET_PASSWORD, data={"email": user.email})
    assert token in visitor.get(f"reset-password?token={token}")
    assert visitor.last["Referrer-Policy"] == "same-origin"
    assert "too short" in visitor.post("reset-password", {"token": token, "password": "x"}, 422)
    visitor.post("reset-password", {"token": token, "password": GOOD})
    assert "Your password was changed." in visitor.get(visitor.last["Location"])
    visitor.post("sign-in", {"email": user.email, "password": GOOD})
    again = visitor.post("reset-password", {"token": token, "password": GOOD}, 422)
    assert "no longer valid" in again


def test_the_welcome_link_of_a_colleague_sets_the_first_password(db: Any) -> None:
    owner = make_user()
    made = users.create(by=owner, email="new@example.com", password=PASSWORD, membership={})
    token = tokens.issue(user=made, purpose=Purpose.SET_PASSWORD, data={"email": made.email})
    Visitor().post("reset-password", {"token": token, "password": GOOD})
    made.refresh_from_db()
    assert made.check_password(GOOD)


def test_an_invitation_makes_the_account_and_signs_in(db: Any) -> None:
    owner = make_user()
    sent = invitations.create(by=owner, email="guest@example.com", membership={})
    token = fresh_token(sent)
    visitor = Visitor()
    page = visitor.get(f"accept-invitation?token={token}")
    assert owner.organization.name in page
    assert "guest@example.com" in page
    assert "too short" in visitor.post("accept-invitation", {"token": token, "password": "x"}, 422)
    visitor.post("accept-invitation", {"token": token, "password": GOOD, "first_name": "Ana"})
    assert "Ana" in visitor.get("/app/")
    assert User.objects.get(email="guest@example.com").organization_id == owner.organization_id
    assert "no longer valid" in Visitor().get(f"accept-invitation?token={token}")


def fresh_token(invitation: Invitation) -> str:
    """A token for the invitation, as the mail carries it."""
    from scribe import crypto

    secret = "known-secret"
    Invitation.objects.filter(pk=invitation.pk).update(digest=crypto.digest(secret))
    return crypto.sign(invitations.PURPOSE, {"t": secret})


def test_support_opens_the_account_with_a_banner_and_leaves_it(db: Any) -> None:
    cast = make_cast()
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 311")
    visitor = Visitor()
    visitor.get("support-session")
    visitor.post("support-session", {"token": token})
    page = visitor.get("/app/")
    assert f"Support is signed in as <bdi>{cast.owner.name}</bdi>" in page
    refused = visitor.post("verification", status=403)
    assert "This is not possible while support is signed in as this user." in refused
    visitor.post("sign-out")
    assert "The support session has ended." in visitor.get(visitor.last["Location"])
    visitor.get("/app/", 302)


def test_support_may_work_on_content(db: Any) -> None:
    cast = make_cast()
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 311")
    visitor = Visitor()
    visitor.post("support-session", {"token": token})
    visitor.post("projects/new", {"name": "For the customer", "platform": "shopify"})
    visitor.post(visitor.last["Location"].replace("sources/new", "trash"), status=403)


def test_a_customers_own_token_opens_no_support_session(db: Any) -> None:
    from tests.factories import token_of

    visitor = Visitor()
    visitor.post("support-session", {"token": token_of(make_user())}, 401)
    visitor.post("support-session", {"token": "made up"}, 401)


def test_a_checkout_comes_back_to_the_balance(db: Any) -> None:
    page = Visitor(make_user()).get("billing")
    assert "Available" in page
    assert "50" in page


def test_shopify_comes_back_to_a_page_that_connects(db: Any) -> None:
    visitor = Visitor(make_user())
    page = visitor.get("shopify/callback?shop=corner.myshopify.com&code=c&install=i")
    assert "Connect corner.myshopify.com?" in page
    assert "The store is connected" in visitor.get("shopify/callback?status=connected&shop=corner.myshopify.com")
    assert "(missing_scopes)" in visitor.get("shopify/callback?status=error&reason=missing_scopes")
    visitor.post("shopify/callback", {"shop": "corner.myshopify.com", "code": "c", "install": "i"}, 503)
    member = Visitor(make_user(role="member"))
    assert "Only admins of the organization can do this" in member.get("shopify/callback?shop=x", 403)
