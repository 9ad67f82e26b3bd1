"""`EMAIL_URL` chooses a provider of mail with its settings, and a wrong one stops the start with what to write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from anymail.exceptions import AnymailAPIError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection, send_mail
from django.test import override_settings

from scribe import mail_url
from tests.fakes.postmark import Postmark

HERE = Path("/srv/app")


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning")  # it no longer tests SendGrid's API itself
@pytest.mark.parametrize("name", sorted(mail_url.APIS))
def test_every_provider_takes_the_settings_of_its_example(name: str) -> None:
    """The provider's backend itself refuses to start without a setting that it needs."""
    read = mail_url.read(mail_url.APIS[name].example(name), HERE)
    with override_settings(**read):
        backend = get_connection()
    assert type(backend).__module__ == f"anymail.backends.{name.replace('-', '_')}"
    given = {str(value) for value in read["ANYMAIL"].values()}
    assert mail_url.APIS[name].key.upper() in str(given)


def test_the_key_may_stand_in_either_place_and_encoded() -> None:
    for url in (
        "anymail+postmark://a%2Fb",
        "anymail+postmark://a%2Fb@",
        "anymail+postmark://?server_token=a/b",
        "anymail+postmark://a%2Fb@?message_stream=",
    ):
        assert mail_url.read(url, HERE)["ANYMAIL"] == {"POSTMARK_SERVER_TOKEN": "a/b", "REQUESTS_TIMEOUT": 20}
    ses = mail_url.read("anymail+amazon_ses://ID:se%2Fcret@?region_name=eu-central-1", HERE)["ANYMAIL"]
    assert ses["AMAZON_SES_CLIENT_PARAMS"] == {
        "aws_access_key_id": "ID",
        "aws_secret_access_key": "se/cret",
        "region_name": "eu-central-1",
    }


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("anymail+pigeon://SeCrEt", "anymail+postmark://SERVER_TOKEN"),
        ("anymail+postmark://", "lacks server_token. Write anymail+postmark://SERVER_TOKEN"),
        ("anymail+mailjet://SeCrEt", "lacks secret_key. Write anymail+mailjet://API_KEY:SECRET_KEY@"),
        ("anymail+unisender-go://SeCrEt", "lacks api_url. Write anymail+unisender-go://API_KEY@?api_url=API_URL"),
        ("anymail+postmark://SeCrEt?stream=x", "has stream, but this provider takes server_token, message_stream"),
        ("anymail+postmark://SeCrEt@mail.example.com", "has a host or a path"),
        ("anymail+postmark://SeCrEt:two", "has a second secret"),
        ("postmark://SeCrEt", "has to begin with one of smtp://"),
        ("smtp://user:SeCrEt/x@mail.example.com:587", "with / in a password as %2F"),
        ("smtp://", "names no mail server"),
        ("mail.example.com", "smtp+tls://USER:PASSWORD@HOST:587"),
    ],
)
def test_a_wrong_one_says_what_to_write_and_no_key(url: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        mail_url.read(url, HERE)
    assert said in str(refused.value)
    assert "SeCrEt" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://user:pass@mail.example.com:587", 587, True, False),
        ("smtp://user:pass@mail.example.com", 587, True, False),
        ("smtp://user:pass@mail.example.com:2525", 2525, True, False),
        ("smtp://user:pass@mail.example.com:465", 465, False, True),
        ("smtp+tls://user:pass@mail.example.com:465", 465, False, True),
        ("smtps://user:pass@mail.example.com", 465, False, True),
        ("smtps://user:pass@mail.example.com:587", 587, True, False),
        ("smtp+ssl://user:pass@mail.example.com:2465", 2465, False, True),
        ("smtp+plain://localhost", 25, False, False),
        ("smtp+plain://localhost:587", 587, False, False),
    ],
)
def test_mail_is_encrypted_unless_the_url_says_plain(url: str, port: int, starttls: bool, tls: bool) -> None:
    """`smtp://…:587` went out in the clear, password included."""
    read = mail_url.read(url, HERE)
    assert (read["EMAIL_PORT"], read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (port, starttls, tls)


def test_a_password_of_a_mail_server_may_be_encoded() -> None:
    read = mail_url.read("smtp://an%40n:p%2Fw%20d+x@mail.example.com", HERE)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("an@n", "p/w d+x")


def test_mail_goes_through_the_providers_api() -> None:
    with Postmark() as postmark:
        for token, sent in (("good", True), ("bad", False)):
            url = f"anymail+postmark://{token}@?message_stream=outbound&api_url={postmark.url}"
            with override_settings(**mail_url.read(url, HERE)):
                assert _sends() is sent
        letter: Any = postmark.requests[0].json
    assert (letter["To"], letter["Subject"]) == ("ann@example.com", "Hello")
    assert letter["MessageStream"] == "outbound"


def _sends() -> bool:
    try:
        return bool(send_mail("Hello", "A letter.", "us@example.com", ["ann@example.com"]))
    except AnymailAPIError:
        return False


def test_a_production_without_an_address_for_mail_does_not_start() -> None:
    """Mail was "sent" into files that vanish with their container."""
    given = {**os.environ, "EMAIL_URL": "", "DEBUG": "false"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=given, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Set EMAIL_URL to where mail goes" in done.stderr
