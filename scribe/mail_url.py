"""The meaning of `EMAIL_URL`: a mail server, a folder, or a mail provider's API with that provider's settings.

`anymail+postmark://SERVER_TOKEN` sends through Postmark. The key takes the place of a user name, and `?name=value` adds the
provider's other settings, as django-anymail names them: https://anymail.dev/en/stable/esps/
The settings import this module, so it imports nothing of the product.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from scribe.types import Json

PREFIX = "anymail+"
#: A mail server's schemes, with the port that each means. Mail goes unencrypted by `smtp+plain` alone.
SERVERS = {"smtp": 587, "smtp+tls": 587, "smtps": 465, "smtp+ssl": 465, "smtp+plain": 25}
OTHERS = ("filemail", "consolemail", "memorymail", "dummymail")
SECONDS = 20  # timeout of a mail server or a provider's API


@dataclass(frozen=True)
class MailApi:
    """The settings of one provider, as django-anymail names them: those in the places of the URL's user and password, and
    those that must or may follow as `?name=value`."""

    key: str
    second: str = ""
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()

    def example(self, name: str) -> str:
        """An example of an `EMAIL_URL` for the provider `name`."""
        pair = f"{self.key.upper()}:{self.second.upper()}" if self.second else self.key.upper()
        more = "&".join(f"{setting}={setting.upper()}" for setting in self.needs)
        return f"{PREFIX}{name}://{pair}" + (f"@?{more}" if more else "@" if self.second else "")


APIS = {
    "amazon-ses": MailApi("access_key_id", "secret_access_key", ("region_name",), ("configuration_set_name",)),
    "brevo": MailApi("api_key", takes=("api_url",)),
    "mailersend": MailApi("api_token", takes=("api_url",)),
    "mailgun": MailApi("api_key", takes=("sender_domain", "api_url")),
    "mailjet": MailApi("api_key", "secret_key", takes=("api_url",)),
    "mailtrap": MailApi("api_token", takes=("sandbox_id", "api_url")),
    "mandrill": MailApi("api_key", takes=("api_url",)),
    "postal": MailApi("api_key", needs=("api_url",)),
    "postmark": MailApi("server_token", takes=("message_stream", "api_url")),
    "resend": MailApi("api_key", takes=("api_url",)),
    "scaleway": MailApi("secret_key", needs=("project_id",), takes=("region", "api_url")),
    "sendgrid": MailApi("api_key", takes=("api_url",)),
    "sparkpost": MailApi("api_key", takes=("subaccount", "api_url")),
    "unisender-go": MailApi("api_key", needs=("api_url",)),
}


def read(url: str, below: Path) -> Json:
    """Django's mail settings for `url`. A relative folder of `filemail://` is taken below `below`.

    Raises ImproperlyConfigured for an unusable URL. The message says what to write instead, and never repeats a key.
    """
    scheme, there, rest = url.partition("://")
    if there and scheme.startswith(PREFIX):
        return _api(scheme.removeprefix(PREFIX).replace("_", "-"), rest)
    if there and scheme in SERVERS:
        return _server(scheme, url)
    if not there or scheme not in OTHERS:
        known = ", ".join(f"{known}://" for known in (*SERVERS, *OTHERS, PREFIX + "NAME"))
        raise ImproperlyConfigured(f"EMAIL_URL has to begin with one of {known}. For a mail server: smtp+tls://USER:PASSWORD@HOST:587")  # fmt: skip
    if scheme == "filemail":
        # `filemail:///folder` is the folder /folder (django-environ cuts the slash off).
        parts = urlsplit(url)
        folder = below / re.sub(r"^/+", "/", unquote(parts.netloc + parts.path))
        return {"EMAIL_BACKEND": "scribe.letters.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    return {**environ.Env.email_url_config(url), "EMAIL_FILE_PATH": None}


def _server(scheme: str, url: str) -> Json:
    """A mail server's settings. Port 587 means STARTTLS and 465 TLS from the first byte, whatever the scheme; elsewhere
    `smtps` and `smtp+ssl` mean TLS, and the others STARTTLS. https://www.rfc-editor.org/rfc/rfc8314"""
    parts = urlsplit(url)
    try:
        port = parts.port or SERVERS[scheme]
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL has a port that is no number from 1 to 65535. Write {scheme}://USER:PASSWORD@HOST:587 (with / in a password as %2F)") from error  # fmt: skip
    if not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL names no mail server. Write {scheme}://USER:PASSWORD@HOST:587")
    plain = scheme == "smtp+plain"
    at_once = not plain and (port == 465 or (port != 587 and SERVERS[scheme] == 465))
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_FILE_PATH": None,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": not plain and not at_once,
        "EMAIL_USE_SSL": at_once,
    }


def _api(name: str, rest: str) -> Json:
    if name not in APIS:
        raise ImproperlyConfigured(f"EMAIL_URL names no mail provider that can be used. Write one of {', '.join(PREFIX + known for known in APIS)}; for Postmark: {APIS['postmark'].example('postmark')}")  # fmt: skip
    api = APIS[name]
    settings = _settings(name, api, rest)
    esp = name.upper().replace("-", "_")
    if name == "amazon-ses":
        settings = _boto(settings)
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name.replace('-', '_')}.EmailBackend",
        "EMAIL_FILE_PATH": None,
        "ANYMAIL": {**{f"{esp}_{key.upper()}": value for key, value in settings.items()}, "REQUESTS_TIMEOUT": SECONDS},
    }


def _settings(name: str, api: MailApi, rest: str) -> Json:
    """The provider's settings from the URL. Raises ImproperlyConfigured for unknown or missing ones."""

    def wrong(what: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(f"EMAIL_URL {what}. Write {api.example(name)}")

    before, _, query = rest.partition("?")
    pair = before.rstrip("/").removesuffix("@")
    if "@" in pair or "/" in pair:
        raise wrong(
            "has a host or a path, which this provider has no use for (write @ as %40 and / as %2F within a key)"
        )
    key, _, second = pair.partition(":")
    if second and not api.second:
        raise wrong("has a second secret, which this provider has no use for (write : as %3A within a key)")
    given = [(api.key, unquote(key)), (api.second, unquote(second))] if pair else []
    given += parse_qsl(query)
    settings = {setting: value for setting, value in given if setting and value}
    known = tuple(filter(None, (api.key, api.second, *api.needs, *api.takes)))
    if unknown := sorted(set(settings) - set(known)):
        raise wrong(f"has {', '.join(unknown)}, but this provider takes {', '.join(known)}")
    if lacking := [setting for setting in (api.key, api.second, *api.needs) if setting and setting not in settings]:
        raise wrong(f"lacks {', '.join(lacking)}")
    return settings


def _boto(settings: Json) -> Json:
    """Amazon's settings, in the form of boto3's client."""
    params = {f"aws_{key}": settings.pop(key) for key in ("access_key_id", "secret_access_key")}
    params["region_name"] = settings.pop("region_name")
    return {"client_params": params, **settings}
