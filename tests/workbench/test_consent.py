"""Sign-in with Google and Apple by redirect, with a fake of both at the socket, and linking them to an account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts import impersonation
from accounts.models import Session, SocialIdentity, TotpDevice, User
from integrations.identity import keys
from tests.factories import PASSWORD, make_user
from tests.fakes.identity import APPLE_AUDIENCE, GOOGLE_AUDIENCE, GOOGLE_SECRET, FakeIdentity
from tests.workbench.visiting import Visitor


@pytest.fixture
def issuer(db: Any, settings: Any) -> Iterator[FakeIdentity]:
    keys._sets.clear()
    with FakeIdentity() as fake:
        settings.GOOGLE_CLIENT_ID = f"{GOOGLE_AUDIENCE},ios-client"
        settings.GOOGLE_CLIENT_SECRET = GOOGLE_SECRET
        settings.APPLE_CLIENT_ID = f"com.example.app,{APPLE_AUDIENCE}"
        settings.APPLE_SERVICES_ID = APPLE_AUDIENCE
        settings.GOOGLE_JWKS_URL = settings.APPLE_JWKS_URL = f"{fake.url}/jwks"
        settings.GOOGLE_AUTHORIZE_URL = f"{fake.url}/authorize"
        settings.GOOGLE_TOKEN_URL = f"{fake.url}/token"
        yield fake
    keys._sets.clear()


def leave(visitor: Visitor, provider: str = "google", following: str = "") -> tuple[str, dict[str, str]]:
    """Press the provider's button: the address that the browser is sent to, and what is asked there."""
    visitor.get(f"sign-in/{provider}" + (f"?next={following}" if following else ""), 302)
    url = visitor.last["Location"]
    return url, dict(parse_qsl(urlsplit(url).query))


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def come_back(visitor: Visitor, issuer: FakeIdentity, subject: str, email: str, **claims: Any) -> str:
    """Through Google's consent and back: the path with which the browser returns."""
    url, asked = leave(visitor, following="/app/account/you")
    token = issuer.google(subject, email, **{"nonce": asked["nonce"], **claims})
    return path_of(issuer.consents(url, token))


def post_of_apple(visitor: Visitor, asked: dict[str, str], token: str, **more: str) -> str:
    """Apple's form, which a browser sends without our cookies; then the path that it is sent on to."""
    crossing = Client(enforce_csrf_checks=True)
    sent = {"state": asked["state"], "code": "c", "id_token": token, **more}
    response = crossing.post("/app/sign-in/apple/return", sent, headers={"Origin": "https://appleid.apple.com"})
    assert response.status_code == 302
    return response["Location"]


def test_the_buttons_are_there_where_they_are_configured(issuer: FakeIdentity, settings: Any) -> None:
    page = Visitor().get("sign-in?next=/app/billing")
    assert "Continue with Google" in page
    assert "Continue with Apple" in page
    assert "/app/sign-in/google?next=/app/billing" in page
    assert "Continue with Google" in Visitor().get("sign-up")
    settings.GOOGLE_CLIENT_SECRET, settings.APPLE_SERVICES_ID = "", "com.example.other"
    page = Visitor().get("sign-in")
    assert "Google" not in page
    assert "Apple" not in page
    assert "is not set up on this server" in Visitor().get("sign-in/google", 503)
    Visitor().post("sign-in/apple/return", {"state": "x"}, 404)


def test_google_opens_an_account_and_leads_to_the_page_asked_for(issuer: FakeIdentity) -> None:
    visitor = Visitor()
    url, asked = leave(visitor, following="/app/account/you")
    assert asked["redirect_uri"].endswith("/app/sign-in/google/return")
    assert asked["code_challenge_method"] == "S256"
    cookie = visitor.last.cookies["workbench-consent"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/app/", True, "Lax")
    back = path_of(issuer.consents(url, issuer.google("g-1", "vera@gmail.com", nonce=asked["nonce"])))
    visitor.get(back, 302)
    assert visitor.last["Location"] == "/app/account/you"
    assert "vera@gmail.com" in visitor.get("account/you")
    assert Session.objects.get(user__email="vera@gmail.com").via == "google"
    assert "was started in another browser" in visitor.get(back, 401)  # an answer serves once


def test_an_answer_counts_only_where_it_was_begun(issuer: FakeIdentity) -> None:
    victim, attacker = Visitor(), Visitor()
    back = come_back(attacker, issuer, "g-evil", "evil@gmail.com")
    assert "was started in another browser" in victim.get(back, 401)
    leave(victim)
    assert "was started in another browser" in victim.get(back, 401)
    assert not User.objects.filter(email="evil@gmail.com").exists()
    kept = attacker.client.cookies["workbench-consent"].value
    victim.client.cookies["workbench-consent"] = kept + "x"
    victim.get(back, 401)


@pytest.mark.parametrize("claims", [{"nonce": None}, {"nonce": "another"}, {"aud": "ios-other"}])
def test_a_token_that_was_not_made_for_this_sign_in_is_refused(issuer: FakeIdentity, claims: dict[str, Any]) -> None:
    visitor = Visitor()
    page = visitor.get(come_back(visitor, issuer, "g-1", "vera@gmail.com", **claims), 401)
    assert "This sign-in token is invalid. Sign in again." in page
    assert "Start over" in page
    assert not User.objects.exists()


def test_a_code_of_another_browser_is_refused_by_its_verifier(issuer: FakeIdentity) -> None:
    mine, other = Visitor(), Visitor()
    stolen = dict(parse_qsl(urlsplit(come_back(other, issuer, "g-1", "vera@gmail.com")).query))["code"]
    _, asked = leave(mine)
    mine.get(f"sign-in/google/return?state={asked['state']}&code={stolen}", 401)


def test_what_goes_wrong_there_is_told_here(issuer: FakeIdentity) -> None:
    visitor = Visitor()
    _, asked = leave(visitor)
    declined = visitor.get(f"sign-in/google/return?state={asked['state']}&error=access_denied", 403)
    assert "The sign-in was cancelled." in declined
    assert "/app/sign-in" in declined
    back = come_back(visitor, issuer, "g-1", "vera@gmail.com")
    issuer.down = True
    assert "We could not reach Google" in visitor.get(back, 502)
    issuer.down = False
    refused = visitor.get(come_back(visitor, issuer, "g-1", "vera@gmail.com", email_verified=False), 401)
    assert "Verify your email address there first" in refused


def test_an_address_that_has_an_account_is_linked_from_inside(issuer: FakeIdentity) -> None:
    user = make_user(email="vera@shop.example")
    user.set_password(PASSWORD)
    user.save()
    visitor = Visitor()
    page = visitor.get(come_back(visitor, issuer, "g-1", "vera@shop.example"), 409)
    assert "There is already an account with this email address. Sign in instead." in page
    assert "access token" not in page  # that is for programs
    inside = Visitor(user)
    Session.objects.filter(pk=inside.session.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert "Enter your password to confirm" in inside.post("account/identities/google", status=422)
    wrong = inside.post("account/identities/google", {"current_password": "wrong"}, 422)
    assert "The current password is wrong." in wrong
    page = inside.post("account/identities/google", {"current_password": PASSWORD}, 200)
    url = page.partition(f'href="{issuer.url}/authorize')[2].partition('"')[0].replace("&amp;", "&")
    asked = dict(parse_qsl(urlsplit(url).query))
    token = issuer.google("g-1", "vera@shop.example", nonce=asked["nonce"])
    back = path_of(issuer.consents(f"{issuer.url}/authorize{url}", token))
    assert "signed in as a different person" in crossed(inside, back)
    page = inside.post("account/identities/google", {"current_password": PASSWORD}, 200)
    url = page.partition(f'href="{issuer.url}/authorize')[2].partition('"')[0].replace("&amp;", "&")
    asked = dict(parse_qsl(urlsplit(url).query))
    token = issuer.google("g-1", "vera@shop.example", nonce=asked["nonce"])
    inside.get(path_of(issuer.consents(f"{issuer.url}/authorize{url}", token)), 302)
    assert "The account is linked" in inside.get(inside.last["Location"])
    assert SocialIdentity.objects.get(user=user).subject == "g-1"
    visitor.get(come_back(visitor, issuer, "g-1", "vera@shop.example"), 302)


def crossed(inside: Visitor, back: str) -> str:
    """The answer to a link that is followed by somebody who is signed in as another."""
    other = Visitor(make_user())
    other.client.cookies["workbench-consent"] = inside.client.cookies["workbench-consent"].value
    return other.get(back, 401)


def test_unlinking_needs_the_password_and_another_way_in(issuer: FakeIdentity, cast: Any) -> None:
    row = SocialIdentity.objects.create(
        user=cast.owner, organization=cast.organization, provider="google", subject="g-1"
    )
    owner = Visitor(cast.owner)
    assert "Unlink" in owner.get("account/safety")
    path = f"account/identities/{row.pk}/unlinking"
    assert "Set a password first." in owner.post(path, status=422)
    cast.owner.set_password(PASSWORD)
    cast.owner.save()
    Visitor(cast.teammate).post(path, status=404)
    owner.post(path, {"current_password": PASSWORD})
    assert not SocialIdentity.objects.exists()
    token = impersonation.start(user=cast.owner, by=cast.staff, reason="Ticket 7")
    support = Visitor()
    support.post("support-session", {"token": token})
    support.post("account/identities/google", status=403)


def test_the_second_factor_is_asked_for_after_google_too(issuer: FakeIdentity, cast: Any) -> None:
    SocialIdentity.objects.create(user=cast.owner, organization=cast.organization, provider="google", subject="g-1")
    TotpDevice.objects.create(user=cast.owner, confirmed=True, name="totp")
    visitor = Visitor()
    visitor.get(come_back(visitor, issuer, "g-1", cast.owner.email), 302)
    assert visitor.last["Location"] == "/app/sign-in/code"
    visitor.get("/app/", 302)


def test_apple_posts_its_token_and_the_browser_comes_in(issuer: FakeIdentity) -> None:
    visitor = Visitor()
    _, asked = leave(visitor, "apple")
    assert (asked["response_mode"], asked["response_type"]) == ("form_post", "code id_token")
    token = issuer.apple("a-1", "x1@privaterelay.appleid.com", nonce=asked["nonce"])
    user = json.dumps({"name": {"firstName": "Ana", "lastName": "Ilić"}, "email": "evil@example.com"})
    back = post_of_apple(visitor, asked, token, user=user)
    assert token not in back  # no token in an address
    visitor.get(back, 302)
    assert "Ana" in visitor.get("/app/")
    assert User.objects.get().email == "x1@privaterelay.appleid.com"


def test_apples_answer_counts_only_where_it_was_begun(issuer: FakeIdentity) -> None:
    attacker, victim = Visitor(), Visitor()
    _, asked = leave(attacker, "apple")
    token = issuer.apple("a-evil", "evil@example.com", nonce=asked["nonce"])
    assert "was started in another browser" in victim.get(post_of_apple(victim, asked, token), 401)
    _, mine = leave(victim, "apple")
    victim.get(post_of_apple(victim, mine, token), 401)  # made for another nonce
    _, mine = leave(victim, "apple")
    assert "was cancelled" in victim.get(post_of_apple(victim, mine, "", error="user_cancelled_authorize"), 403)
    _, mine = leave(victim, "apple")
    victim.get(f"sign-in/apple/return?state={mine['state']}", 401)  # nothing was posted
    victim.get(post_of_apple(victim, mine, token, user="[1]"), 401)
    assert not User.objects.exists()


def test_many_answers_from_one_place_have_to_wait(issuer: FakeIdentity, settings: Any) -> None:
    settings.RATE_LIMIT_FACTOR, settings.RATE_LIMITS = 1, {**settings.RATE_LIMITS, "sign_in": (1, 60)}
    Visitor().get("sign-in/google/return", 401)
    Visitor().get("sign-in/google/return", 429)
    Visitor().post("sign-in/google/return", status=429)
