"""Every route of accounts: closed to nobodies, to strangers' ids and, where it is for admins, to members.

A route that this walk does not know fails it.
"""

from __future__ import annotations

from typing import Any

import pytest

from accounts import api_keys, invitations, tones
from accounts.api.urls import urlpatterns
from accounts.models import SocialIdentity
from accounts.notifications import notify
from tests.helpers import Api

#: Operations without sign-in, each for a reason that its name tells.
PUBLIC = {
    *("post auth/login", "post auth/register", "post auth/google", "post auth/apple", "post auth/nonce"),
    *("post auth/forgot-password", "post auth/reset-password", "get auth/verify-email"),
    *("post auth/verify-2fa", "post auth/resend-2fa", "post auth/2fa/setup-with-temp"),
    *("post auth/2fa/confirm-with-temp", "get invitations/validate", "post invitations/accept"),
}
#: What members may do; all the rest is for admins.
MEMBERS = {
    *("post auth/refresh", "post auth/logout", "post auth/logout-all", "post auth/resend-verification"),
    *("post auth/2fa/setup", "post auth/2fa/confirm", "post auth/2fa/backup-codes"),
    *("post auth/2fa/send-disable-code", "post auth/2fa/disable"),
    *("get users/me", "patch users/me", "get users/me/email-preferences", "patch users/me/email-preferences"),
    *("get users/me/identities", "delete users/me/identities/<str:identity_id>"),
    *("get users/me/chatwoot-identity", "get organization", "get organization/billing-details"),
    *("get organization/tones", "get notifications", "get notifications/unread-count"),
    *("post notifications/read-all", "post notifications/<str:notification_id>/read", "get gdpr/status"),
}


def operations() -> list[tuple[str, str]]:
    found = []
    for pattern in urlpatterns:
        route, actions = str(pattern.pattern), pattern.callback.actions  # type: ignore[attr-defined]
        found += [(method, route) for method in actions if method != "head"]
    return sorted(found, key=lambda item: item[1])


OPERATIONS = operations()
PRIVATE = [o for o in OPERATIONS if " ".join(o) not in PUBLIC]
FOR_ADMINS = [o for o in PRIVATE if " ".join(o) not in MEMBERS]
WITH_ID = [(method, route) for method, route in OPERATIONS if "<" in route]


@pytest.fixture
def foreign(cast: Any) -> dict[str, str]:
    """An id of the stranger's for each kind that a path can name."""
    organization, person = cast.stranger.organization, cast.stranger
    (notice,) = notify(organization=organization, event="account.changed", title="x", users=[person])
    return {
        "<str:user_id>": str(person.pk),
        "<str:key_id>": str(api_keys.create(organization=organization, by=person, name="x")[0].pk),
        "<str:invitation_id>": str(invitations.create(by=person, email="guest@example.com", membership={}).pk),
        "<str:notification_id>": str(notice.pk),
        "<str:identity_id>": str(
            SocialIdentity.objects.create(
                organization=organization, user=person, provider="google", subject="of a stranger"
            ).pk
        ),
        "<str:tone_id>": tones.create(organization=organization, by=person, name="Foreign").slug,
    }


def call(api: Api, method: str, path: str, body: Any = None) -> Any:
    more = {} if method in ("get", "delete") else {"data": body or {}, "content_type": "application/json"}
    return getattr(api.client, method)(f"/api/v1/{path}", headers=api.headers, **more)


def filled(route: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        route = route.replace(name, value)
    assert "<" not in route, f"the walk has no foreign id for {route}"
    return route


def test_the_lists_name_routes_that_exist() -> None:
    assert {" ".join(operation) for operation in OPERATIONS} >= PUBLIC | MEMBERS


@pytest.mark.parametrize(("method", "route"), PRIVATE)
def test_without_a_sign_in_it_is_401(foreign: dict[str, str], method: str, route: str) -> None:
    for ids in (foreign, dict.fromkeys(foreign, "nonsense")):
        assert call(Api(), method, filled(route, ids)).status_code == 401


@pytest.mark.parametrize(("method", "route"), FOR_ADMINS)
def test_a_member_is_kept_from_what_is_for_admins(
    cast: Any, foreign: dict[str, str], api: Api, method: str, route: str
) -> None:
    for ids in (foreign, dict.fromkeys(foreign, "nonsense")):
        response = call(api.as_(cast.teammate), method, filled(route, ids))
        assert response.status_code == 403
        assert response.json()["code"] == "admin_required"


@pytest.mark.parametrize(("method", "route"), WITH_ID)
def test_a_foreign_a_missing_and_a_malformed_id_are_404_alike(
    cast: Any, foreign: dict[str, str], api: Api, method: str, route: str
) -> None:
    answers = []
    missing = dict.fromkeys(foreign, "00000000-0000-7000-8000-000000000000")
    for ids in (foreign, missing, dict.fromkeys(foreign, "nonsense"), dict.fromkeys(foreign, "%00")):
        response = call(api.as_(cast.owner), method, filled(route, ids), {"first_name": "changed"})
        answers.append((response.status_code, response.json()["code"], response.json()["detail"]))
    assert set(answers) == {(404, "not_found", answers[0][2])}


def test_calls_with_foreign_ids_changed_nothing(cast: Any, foreign: dict[str, str], api: Api) -> None:
    from accounts.models import ApiKey, Invitation, Notification, Tone, User

    def state() -> list[Any]:
        organization = cast.stranger.organization_id
        return [
            list(model.objects.filter(organization_id=organization).order_by("pk").values())
            for model in (User, ApiKey, Invitation, Notification, Tone)
        ]

    before = state()
    for method, route in WITH_ID:
        call(api.as_(cast.owner), method, filled(route, foreign), {"first_name": "changed", "is_active": False})
    assert state() == before


@pytest.mark.parametrize(("method", "route"), OPERATIONS)
def test_a_trailing_slash_is_404(cast: Any, foreign: dict[str, str], api: Api, method: str, route: str) -> None:
    assert call(api.as_(cast.owner), method, filled(route, foreign) + "/").status_code == 404
