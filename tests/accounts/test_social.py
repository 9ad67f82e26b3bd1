"""Sign-in with Google and Apple: what is refused, who is created, and who is linked to whom."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import impersonation
from accounts.models import Organization, Session, SocialIdentity, User
from integrations.identity import keys
from scribe.jobs.events import valkey
from tests.accounts.conftest import PASSWORD, Mails, Person, bearer, enable_totp, register
from tests.factories import make_organization, make_user
from tests.fakes import identity as fake_module
from tests.fakes.identity import APPLE_AUDIENCE, GOOGLE_AUDIENCE, FakeIdentity, ec_key, mint, public_pem
from tests.helpers import Api


@pytest.fixture
def issuer(mails: Mails, settings: Any) -> Iterator[FakeIdentity]:
    keys._sets.clear()
    with FakeIdentity() as fake:
        settings.GOOGLE_CLIENT_ID = f"{GOOGLE_AUDIENCE},ios-client"
        settings.APPLE_CLIENT_ID = APPLE_AUDIENCE
        settings.GOOGLE_JWKS_URL = settings.APPLE_JWKS_URL = f"{fake.url}/jwks"
        settings.GOOGLE_TOKENINFO_URL = f"{fake.url}/tokeninfo"
        yield fake
    keys._sets.clear()


def google(credential: str, status: int = 200, api: Api | None = None, **more: Any) -> Any:
    return (api or Api()).post("auth/google", {"credential": credential, **more}, status=status)


def test_a_new_person_gets_an_organization_named_after_them(issuer: FakeIdentity) -> None:
    reply = google(issuer.google("g-1", "vera@gmail.com"))
    me = bearer(reply["access_token"]).get("users/me")
    assert me["organization"]["name"] == "Vera's organization"
    assert (me["email"], me["email_verified"], me["role"]) == ("vera@gmail.com", True, "admin")
    assert (me["oauth_provider"], me["first_name"]) == ("google", "Vera")
    assert float(bearer(reply["access_token"]).get("billing/balance")["total_balance"]) == 50


def test_the_same_subject_comes_back_to_the_same_account_whatever_its_address(issuer: FakeIdentity) -> None:
    google(issuer.google("g-1", "vera@gmail.com"))
    reply = google(issuer.google("g-1", "renamed@gmail.com", email_verified=False))
    assert bearer(reply["access_token"]).get("users/me")["email"] == "vera@gmail.com"
    assert User.objects.count() == 1


REFUSED = {
    "another audience": {"aud": "somebody-else"},
    "another issuer": {"iss": "https://evil.example.com"},
    "Apple's issuer": {"iss": "https://appleid.apple.com"},
    "expired": {"exp": int(time.time()) - 60},
    "issued in the future": {"iat": int(time.time()) + 3600},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "no expiry": {"exp": None},
    "no audience": {"aud": None},
    "address not verified": {"email_verified": False},
    "address verified in words": {"email_verified": "true"},
    "address without a word on verification": {"email_verified": None},
}


@pytest.mark.parametrize("claims", REFUSED.values(), ids=REFUSED.keys())
def test_a_token_with_bad_claims_is_401_and_makes_nobody(issuer: FakeIdentity, claims: dict[str, Any]) -> None:
    google(issuer.google("g-1", "vera@gmail.com", **claims), status=401)
    assert not User.objects.exists()


def forged(name: str) -> str:
    base = {
        "iss": "https://accounts.google.com",
        "aud": GOOGLE_AUDIENCE,
        "sub": "g-1",
        "email": "vera@gmail.com",
        "email_verified": True,
    }
    return {
        "another key under the known id": lambda: mint(base, kid="first", key=fake_module.rsa_key("forger")),
        "an unknown key": lambda: mint(base, kid="forger"),
        "no key id": lambda: mint(base, kid=None),
        "no signature": lambda: mint(base, key="", algorithm="none"),
        "a published key of another kind": lambda: mint(base, kid="curve", key=ec_key("curve"), algorithm="ES256"),
        "the public key as a secret": lambda: hmac_with_public_key(base),
        "not a token": lambda: "abc.def.ghi",
    }[name]()


def hmac_with_public_key(claims: dict[str, Any]) -> str:
    """PyJWT refuses to make one, so by hand: HS256 with the text of the public key."""
    import base64
    import hmac
    import json

    def part(data: Any) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

    now = int(time.time())
    signed = (
        part({"alg": "HS256", "kid": "first", "typ": "JWT"}) + b"." + part({**claims, "iat": now, "exp": now + 600})
    )
    mark = hmac.new(public_pem("first"), signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


@pytest.mark.parametrize(
    "name",
    [
        "another key under the known id",
        "an unknown key",
        "no key id",
        "no signature",
        "a published key of another kind",
        "the public key as a secret",
        "not a token",
    ],
)
def test_a_forged_token_is_401(issuer: FakeIdentity, name: str) -> None:
    google(forged(name), status=401)
    assert not User.objects.exists()


def test_a_rotated_key_is_found_and_the_removed_one_refused(issuer: FakeIdentity) -> None:
    google(issuer.google("g-1", "vera@gmail.com"))
    issuer.keys = ["second"]
    for known in keys._sets.values():
        known._fetched -= keys.AGAIN_SECONDS + 1
    google(issuer.google("g-2", "mira@gmail.com", kid="second"))
    google(issuer.google("g-1", "vera@gmail.com", kid="first"), status=401)


def test_keys_that_are_replaced_during_a_look_up_are_no_error(issuer: FakeIdentity) -> None:
    """Another thread's renewal came between the question whether a key is there and its use."""
    known = keys.KeySet(f"{issuer.url}/jwks", "google")
    token = issuer.google("g-1", "vera@gmail.com")
    key = known.key_of(token)
    kid, *_ = known._keys
    asked = []

    class ReplacedOnceFound(dict[str, Any]):
        def __contains__(self, wanted: object) -> bool:
            asked.append(wanted)
            if len(asked) == 2:
                known._keys = {}
            return super().__contains__(wanted)

    known._keys = ReplacedOnceFound({kid: key})
    assert known.key_of(token) is key


def test_made_up_key_ids_do_not_make_us_ask_again_and_again(issuer: FakeIdentity) -> None:
    for number in range(10):
        google(mint({"sub": "x"}, kid=f"made-up-{number}"), status=401)
    assert len([r for r in issuer.requests if r.path == "/jwks"]) == 1


def test_a_key_server_that_failed_is_left_alone_for_a_moment(
    issuer: FakeIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.down = True
    for _ in range(3):
        google(issuer.google("g-1", "vera@gmail.com"), status=502)
    assert len(issuer.requests) == 1
    issuer.down = False
    google(issuer.google("g-1", "vera@gmail.com"), status=502)
    monkeypatch.setattr(keys, "FAILED_SECONDS", 0.0)
    google(issuer.google("g-1", "vera@gmail.com"))
    assert len(issuer.requests) == 2


@pytest.mark.parametrize("trouble", ["down", "garbled"])
def test_a_silent_key_server_is_502_and_names_the_party(issuer: FakeIdentity, trouble: str) -> None:
    setattr(issuer, trouble, True)
    reply = google(issuer.google("g-1", "vera@gmail.com"), status=502)
    assert (reply["code"], reply["party"]) == ("upstream_error", "google")


def test_without_a_client_id_it_is_503(issuer: FakeIdentity, settings: Any) -> None:
    settings.GOOGLE_CLIENT_ID = settings.APPLE_CLIENT_ID = ""
    assert google(issuer.google("g-1", "v@gmail.com"), status=503)["code"] == "google_sign_in_not_configured"
    Api().post("auth/apple", {"id_token": issuer.apple("a-1", "v@icloud.com")}, status=503)


def test_neither_token_is_400(issuer: FakeIdentity) -> None:
    Api().post("auth/google", {}, status=400)
    Api().post("auth/apple", {}, status=400)


def test_an_existing_verified_gmail_account_is_linked_and_told(issuer: FakeIdentity, mails: Mails) -> None:
    vera = register("vera@gmail.com")
    Api().get("auth/verify-email", token=mails.token(vera.email, "verify-email"))
    reply = google(issuer.google("g-1", "Vera@Gmail.com"))
    assert bearer(reply["access_token"]).get("users/me")["id"] == vera.id
    assert mails.last(vera.email, "Google was linked")
    assert vera.sign_in()["access_token"]  # the password still works


def test_a_workspace_domain_is_linked_too(issuer: FakeIdentity, owner: Person) -> None:
    reply = google(issuer.google("g-1", owner.email, hd="example.com"))
    assert bearer(reply["access_token"]).get("users/me")["id"] == owner.id


def test_an_address_that_google_does_not_answer_for_is_409(issuer: FakeIdentity, owner: Person) -> None:
    reply = google(issuer.google("g-1", owner.email), status=409)
    assert reply["code"] == "account_exists"
    assert not SocialIdentity.objects.exists()


@pytest.mark.parametrize("address", ["vera@gmail.com", "vera@example.com"])
def test_an_address_with_a_new_owner_at_google_does_not_open_the_account(issuer: FakeIdentity, address: str) -> None:
    """A second `sub` with the address of a linked account (it was deleted there and given out anew) was a 500."""
    google(issuer.google("g-1", address, hd="example.com"))
    reply = google(issuer.google("g-2", address, hd="example.com"), status=409)
    assert reply["code"] == "identity_taken"
    assert SocialIdentity.objects.get().subject == "g-1"


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"sub": "9" * 4000}, 401),
        ({"sub": "a\x00"}, 401),
        ({"email": "v\x00@gmail.com"}, 400),
        ({"email": "v" * 300 + "@gmail.com"}, 400),
        ({"nonce": "\ud800"}, 401),
        ({"nonce": 5}, 401),
        ({"given_name": "Ve\x00ra\ud800"}, 200),
    ],
    ids=["long sub", "NUL in sub", "NUL in address", "long address", "odd nonce", "number as nonce", "odd name"],
)
def test_what_cannot_be_stored_is_no_500(issuer: FakeIdentity, claims: dict[str, Any], status: int) -> None:
    google(issuer.google(**{"subject": "g-1", "email": "vera@gmail.com", **claims}), status=status)
    assert [user.first_name for user in User.objects.all()] == (["Vera"] if status == 200 else [])


def test_an_account_that_has_not_proved_the_address_is_409(issuer: FakeIdentity) -> None:
    """The pre-hijack: somebody registers with your address and waits for you to come with Google."""
    register("victim@gmail.com")
    google(issuer.google("g-1", "victim@gmail.com"), status=409)
    assert not SocialIdentity.objects.exists()


def test_the_owner_links_from_inside(issuer: FakeIdentity, owner: Person) -> None:
    reply = google(issuer.google("g-1", owner.email), api=owner.api)
    assert bearer(reply["access_token"]).get("users/me")["oauth_provider"] == "google"
    again = google(issuer.google("g-1", owner.email))
    assert bearer(again["access_token"]).get("users/me")["id"] == owner.id


def hours_later(person: Person) -> None:
    Session.objects.filter(user__email=person.email).update(created_at=timezone.now() - timedelta(hours=1))


def test_linking_asks_for_the_password_or_a_recent_sign_in(issuer: FakeIdentity, owner: Person) -> None:
    hours_later(owner)
    token = issuer.google("g-1", owner.email)
    assert google(token, api=owner.api, status=403)["code"] == "recent_sign_in_required"
    assert google(token, api=owner.api, status=403, password="a guess")["code"] == "wrong_password"
    assert not SocialIdentity.objects.exists()
    google(token, api=owner.api, password=PASSWORD)
    assert SocialIdentity.objects.get().user.email == owner.email


def test_support_links_nothing(issuer: FakeIdentity, owner: Person) -> None:
    """Half an hour of support became for ever: the identity of a member of staff opened the customer's account."""
    staff = make_user(make_organization("Platform"), role="admin", is_super_admin=True)
    support = bearer(impersonation.start(user=owner.row, by=staff, reason="They asked."))
    for body in ({}, {"password": PASSWORD}):
        assert google(issuer.google("g-1", "staff@gmail.com"), api=support, status=403, **body)["code"] == (
            "blocked_for_support"
        )
        token = {"id_token": issuer.apple("a-1", "staff@icloud.com"), **body}
        assert support.post("auth/apple", token, status=403)["code"] == "blocked_for_support"
    google(issuer.google("g-2", owner.email), api=owner.api)
    support.delete("users/me/identities/google", status=403)
    assert SocialIdentity.objects.count() == 1


def test_support_gets_nothing_that_outlives_it(owner: Person, settings: Any) -> None:
    settings.CHATWOOT_IDENTITY_KEY = "k"
    staff = make_user(make_organization("Platform"), role="admin", is_super_admin=True)
    support = bearer(impersonation.start(user=owner.row, by=staff, reason="They asked."))
    assert support.get("users/me/chatwoot-identity", 403)["code"] == "blocked_for_support"
    for path in ("shopify/connect?shop=demo", "billing/portal", "billing/paddle/portal"):
        assert support.get(path, 403)["code"] == "blocked_for_support"
    support.get("users/me")
    owner.api.get("users/me/chatwoot-identity")


def test_own_identities_are_listed_and_taken_off(issuer: FakeIdentity, owner: Person, mails: Mails) -> None:
    google(issuer.google("g-1", owner.email), api=owner.api)
    [shown] = owner.api.get("users/me/identities")
    assert shown["provider"] == "google"
    by_google = bearer(google(issuer.google("g-1", owner.email))["access_token"])
    owner.api.delete("users/me/identities/apple", status=404)
    hours_later(owner)
    assert owner.api.delete("users/me/identities/google", status=403)["code"] == "recent_sign_in_required"
    owner.api._json("delete", "users/me/identities/google", {"password": PASSWORD}, 204)
    assert owner.api.get("users/me/identities") == []
    by_google.get("users/me", 401)  # what was begun with it is over
    assert mails.last(owner.email, "Google was unlinked from")
    google(issuer.google("g-1", owner.email), status=409)


def test_the_last_way_in_stays(issuer: FakeIdentity, mails: Mails) -> None:
    vera = bearer(google(issuer.google("g-1", "vera@gmail.com"))["access_token"])
    assert vera.delete("users/me/identities/google", status=409)["code"] == "last_way_in"
    Api().post("auth/forgot-password", {"email": "vera@gmail.com"})
    token = mails.token("vera@gmail.com", "reset-password")
    Api().post("auth/reset-password", {"token": token, "new_password": PASSWORD})
    again = Api().post("auth/login", {"email": "vera@gmail.com", "password": PASSWORD})
    bearer(again["access_token"]).delete("users/me/identities/google", status=204)


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}])
def test_an_address_that_google_has_not_verified_is_told_how_to_link(
    issuer: FakeIdentity, owner: Person, claims: dict[str, Any]
) -> None:
    reply = google(issuer.google("g-1", owner.email, **claims), status=409)
    assert reply["code"] == "account_exists"
    assert "access token" in reply["detail"]
    assert not SocialIdentity.objects.exists()


def test_a_dead_bearer_does_not_link(issuer: FakeIdentity, owner: Person) -> None:
    owner.api.post("auth/logout")
    google(issuer.google("g-1", owner.email), api=owner.api, status=401)
    assert not SocialIdentity.objects.exists()


def test_an_unverified_user_does_not_link(issuer: FakeIdentity) -> None:
    vera = register()
    assert google(issuer.google("g-1", "x@gmail.com"), api=vera.api, status=403)["code"] == "email_not_verified"


def test_a_linked_account_cannot_be_taken_by_another_user(
    issuer: FakeIdentity, owner: Person, stranger: Person
) -> None:
    google(issuer.google("g-1", "x@gmail.com"), api=owner.api)
    assert google(issuer.google("g-1", "x@gmail.com"), api=stranger.api, status=409)["code"] == "identity_taken"
    assert google(issuer.google("g-2", "y@gmail.com"), api=owner.api, status=409)["code"] == "identity_taken"


def test_the_second_factor_applies_to_social_sign_in(issuer: FakeIdentity, owner: Person) -> None:
    google(issuer.google("g-1", "x@gmail.com"), api=owner.api)
    app, _ = enable_totp(owner)
    reply = google(issuer.google("g-1", "x@gmail.com"))
    assert reply["access_token"] is None
    assert reply["two_factor_required"] is True
    done = Api().post("auth/verify-2fa", {"temp_token": reply["temp_token"], "code": app.code()})
    bearer(done["access_token"]).get("users/me")


def test_a_deactivated_user_does_not_come_in(issuer: FakeIdentity, owner: Person) -> None:
    google(issuer.google("g-1", "x@gmail.com"), api=owner.api)
    User.objects.filter(email=owner.email).update(is_active=False)
    google(issuer.google("g-1", "x@gmail.com"), status=401)


def test_access_tokens_are_asked_about_and_their_audience_checked(issuer: FakeIdentity) -> None:
    issuer.knows("good", "g-1", "vera@gmail.com")
    issuer.knows("foreign", "g-2", "mira@gmail.com", aud="another-app")
    issuer.knows("old", "g-3", "mira@gmail.com", expires_in="0")
    issuer.knows("unproven", "g-4", "mira@gmail.com", email_verified="false")
    issuer.knows("nobody", "", "mira@gmail.com")
    reply = Api().post("auth/google", {"access_token": "good"})
    assert bearer(reply["access_token"]).get("users/me")["email"] == "vera@gmail.com"
    for token in ("foreign", "old", "unproven", "nobody", "unknown"):
        Api().post("auth/google", {"access_token": token}, status=401)
    issuer.down = True
    Api().post("auth/google", {"access_token": "good"}, status=502)
    assert User.objects.count() == 1


def test_apple_creates_with_the_name_that_the_app_was_told(issuer: FakeIdentity) -> None:
    body = {"id_token": issuer.apple("a-1", "x@privaterelay.appleid.com"), "first_name": "Mira", "last_name": "Ilić"}
    me = bearer(Api().post("auth/apple", body)["access_token"]).get("users/me")
    assert (me["first_name"], me["last_name"], me["oauth_provider"]) == ("Mira", "Ilić", "apple")
    assert me["organization"]["name"] == "Mira's organization"
    again = Api().post("auth/apple", {"id_token": issuer.apple("a-1", None)})  # type: ignore[arg-type]
    assert bearer(again["access_token"]).get("users/me")["id"] == me["id"]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": GOOGLE_AUDIENCE}, 401),
        ({"iss": "https://accounts.google.com"}, 401),
        ({"email_verified": False}, 401),
        ({"email_verified": "false"}, 401),
        ({"exp": 1}, 401),
        ({"email": None}, 400),
    ],
)
def test_apple_refuses_as_well(issuer: FakeIdentity, claims: dict[str, Any], status: int) -> None:
    Api().post("auth/apple", {"id_token": issuer.apple("a-1", "x@icloud.com", **claims)}, status=status)
    assert not User.objects.exists()


def test_an_apple_address_links_a_verified_account(issuer: FakeIdentity, owner: Person) -> None:
    reply = Api().post("auth/apple", {"id_token": issuer.apple("a-1", owner.email, email_verified=True)})
    assert bearer(reply["access_token"]).get("users/me")["id"] == owner.id


@pytest.mark.parametrize("form", [lambda n: n, lambda n: hashlib.sha256(n.encode()).hexdigest()])
def test_a_nonce_of_ours_works_once(issuer: FakeIdentity, form: Any) -> None:
    nonce = Api().post("auth/nonce")["nonce"]
    token = issuer.google("g-1", "vera@gmail.com", nonce=form(nonce))
    google(token, status=401)  # a token with a nonce needs it told
    google(token, nonce="another", status=401)
    google(issuer.google("g-1", "vera@gmail.com"), nonce=nonce, status=401)
    google(token, nonce=nonce)
    valkey().flushdb()
    google(token, nonce=nonce, status=401)


def test_a_made_up_nonce_is_refused_although_the_token_carries_it(issuer: FakeIdentity) -> None:
    google(issuer.google("g-1", "vera@gmail.com", nonce="mine"), nonce="mine", status=401)


def test_a_social_user_has_no_password_to_sign_in_with(issuer: FakeIdentity) -> None:
    google(issuer.google("g-1", "vera@gmail.com"))
    for password in ("", "!", PASSWORD):
        body = {"email": "vera@gmail.com", "password": password or "x"}
        Api().post("auth/login", body, status=401)


@pytest.mark.django_db(transaction=True)
def test_the_same_new_person_twice_at_once_is_one_account(settings: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    keys._sets.clear()
    with FakeIdentity() as fake:
        settings.GOOGLE_CLIENT_ID = GOOGLE_AUDIENCE
        settings.GOOGLE_JWKS_URL = f"{fake.url}/jwks"
        token = fake.google("g-1", "vera@gmail.com")

        def come(_: int) -> int:
            try:
                reply = Api().client.post("/api/v1/auth/google", {"credential": token}, content_type="application/json")
                return reply.status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(come, range(6)))
    keys._sets.clear()
    assert statuses == [200] * 6
    assert User.objects.count() == 1
    assert Organization.objects.count() == 1
    assert SocialIdentity.objects.count() == 1
