"""People who come in through the public API, and the mails that they get."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from tests.factories import make_organization, make_user
from tests.helpers import Api, send_mail_by

PASSWORD = "correct horse battery"
_numbers = count(1)


class Mails:
    """The mail folder, read as a mail client would. Sends what is due first, and runs the tasks that wait in the queue."""

    def all(self) -> list[EmailMessage]:
        from accounts import mail

        run_tasks()
        mail.send_due()
        found = []
        for path in settings.MAIL_DIR.glob("*.log"):
            for part in re.split(rb"\n-{79}\n", path.read_bytes()):
                found += [email.message_from_bytes(part, policy=email.policy.default)] if part.strip() else []
        return sorted(found, key=lambda m: m["Message-ID"])  # made from time-ordered ids

    def to(self, address: str) -> list[EmailMessage]:
        return [m for m in self.all() if m["To"] == address]

    def last(self, address: str, subject: str = "") -> EmailMessage:
        found = [m for m in self.to(address) if subject in m["Subject"]]
        assert found, f"no mail to {address} with “{subject}”: {[m['Subject'] for m in self.to(address)]}"
        return found[-1]

    def token(self, address: str, page: str) -> str:
        """The token of the newest link to `page`; the same one in the text and in the HTML."""
        for message in reversed(self.to(address)):
            in_text = re.findall(r"https://\S+", text_of(message))
            for link in in_text:
                parts = urlsplit(link)
                if parts.path == f"/{page}":
                    assert link in html_of(message)
                    assert parts.netloc == "app.example.com"
                    return parse_qs(parts.query)["token"][0]
        raise AssertionError(f"no link to {page} was mailed to {address}")

    def code(self, address: str) -> str:
        found = re.search(r"^\s+(\d{6})$", text_of(self.last(address, "code")), re.M)
        assert found
        return found[1]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@cache
def with_tasks() -> Any:
    """The Celery application with its tasks: Django's checks run each time that they are asked to be imported."""
    from scribe.celery import app

    app.loader.import_default_modules()
    return app


def run_tasks(limit: int = 500) -> None:
    """Run every Celery message that waits in the queue `default`, as a worker would read it off the wire."""
    from scribe.jobs.events import valkey

    app = with_tasks()
    for _ in range(limit):
        raw = valkey().rpop("default")
        if raw is None:
            return
        message = json.loads(raw)
        args, kwargs, _ = json.loads(base64.b64decode(message["body"]))
        app.tasks[message["headers"]["task"]].run(*args, **kwargs)


@dataclass
class Person:
    """Somebody with an account: how they sign in, and their caller of the API."""

    email: str
    password: str
    api: Api
    organization_id: str = ""

    @property
    def row(self) -> Any:
        from accounts.models import User

        return User.objects.get(email=self.email)

    @property
    def id(self) -> str:
        return str(self.row.pk)

    @property
    def token(self) -> str:
        return self.api.headers["Authorization"].removeprefix("Bearer ")

    def sign_in(self, status: int = 200, password: str | None = None) -> Any:
        body = {"email": self.email, "password": password or self.password}
        return Api().post("auth/login", body, status=status)


def bearer(token: str) -> Api:
    return Api({"Authorization": f"Bearer {token}"})


def register(email_: str = "", **fields: Any) -> Person:
    address = email_ or f"person{next(_numbers)}@example.com"
    body = {"email": address, "password": PASSWORD, "company_name": "Bottle Shop", **fields}
    reply = Api().post("auth/register", body, status=201)
    return Person(address, body["password"], bearer(reply["access_token"]), reply["organization_id"])


def verify(person: Person, mails: Mails) -> Person:
    Api().get("auth/verify-email", token=mails.token(person.email, "verify-email"))
    return person


def registered(**fields: Any) -> Person:
    """Somebody who has registered and verified the address: the rows alone, and no mail."""
    from accounts import sessions
    from accounts.models import Session

    address = f"person{next(_numbers)}@example.com"
    user = make_user(make_organization("Bottle Shop"), email=address, password=make_password(PASSWORD), **fields)
    client = sessions.Client("127.0.0.1")
    token = sessions.start(user=user, via=Session.Via.REGISTRATION, client=client)
    return Person(address, PASSWORD, bearer(token), str(user.organization_id))


def add_member(admin: Person, role: str = "member", email_: str = "") -> Person:
    """A user made by an admin, signed in."""
    address = email_ or f"person{next(_numbers)}@example.com"
    admin.api.post("users", {"email": address, "password": PASSWORD, "role": role}, status=201)
    token = Api().post("auth/login", {"email": address, "password": PASSWORD})["access_token"]
    return Person(address, PASSWORD, bearer(token), admin.organization_id)


@dataclass
class Totp:
    """An authenticator app, by a library other than the server's. Every code it shows is a new one."""

    secret: str
    steps: int = 0

    def code(self) -> str:
        now = pyotp.TOTP(self.secret).at(int(time.time()) + 30 * self.steps)
        self.steps = min(self.steps + 1, 1)
        return now

    def rest(self) -> None:
        """Half a minute goes by: the next code is a new one again, and waits after failures are over."""
        from django_otp.plugins.otp_totp.models import TOTPDevice

        TOTPDevice.objects.update(last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None)
        self.steps = 0


def enable_totp(person: Person) -> tuple[Totp, list[str]]:
    setup = person.api.post("auth/2fa/setup", {"method": "totp"})
    app = Totp(setup["secret"])
    codes = person.api.post("auth/2fa/confirm", {"code": app.code()})["backup_codes"]
    return app, codes


@pytest.fixture
def mails(db: Any, settings: Any) -> Mails:
    send_mail_by(settings, f"filemail://{settings.MAIL_DIR}")
    return Mails()


@pytest.fixture
def owner(mails: Mails) -> Person:
    """A verified admin of a fresh organization, signed in: as a registration and the link in its mail leave them."""
    return registered(first_name="Vera", last_name="Novak")


@pytest.fixture
def member(owner: Person) -> Person:
    return add_member(owner)


@pytest.fixture
def stranger(mails: Mails) -> Person:
    return registered()


@pytest.fixture(autouse=True)
def answers_are_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every answer against the OpenAPI document."""
    from tests.accounts import documented

    send = Api._send

    def checked(self: Api, method: str, path: str, status: int, **more: Any) -> Any:
        found = send(self, method, path, status, **more)
        whole = path if path.startswith("/") else f"/api/v1/{path}"
        if whole.startswith("/api/v1/") and not whole.startswith("/api/v1/files/"):
            documented.check(method, whole, self.last)
        return found

    monkeypatch.setattr(Api, "_send", checked)
