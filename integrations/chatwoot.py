"""Replying, handing over and noting in a Chatwoot conversation, by a bot's token.

https://developers.chatwoot.com/api-reference. Base address, account and token come from settings, never from a payload.
"""

import hashlib
import hmac
import time

import requests

from scribe import outside_calls, traces
from scribe.types import Json
from scribe.written import whole


class ChatwootError(Exception):
    """`sent`: the request may have taken effect although no answer came. Check before you repeat it."""

    def __init__(self, detail: str, *, sent: bool = False) -> None:
        super().__init__(detail)
        self.sent = sent


class ChatwootTransientError(ChatwootError):
    """The same call may work later."""


class ChatwootPermanentError(ChatwootError):
    """Trying again does not help: a bad token, a deleted conversation."""


SECONDS = (5, 10)


class Chatwoot:
    def __init__(self, *, base_url: str, account_id: int, token: str) -> None:
        self._base = f"{base_url.rstrip('/')}/api/v1/accounts/{int(account_id)}"
        self._token = token

    def reply(self, conversation_id: int, content: str, *, private: bool = False) -> None:
        """Say `content` to the visitor."""
        said = {"content": content, "message_type": "outgoing", "private": private}
        self._post(f"/conversations/{int(conversation_id)}/messages", said)

    def note(self, conversation_id: int, content: str) -> None:
        """Leave a note that only agents see."""
        self.reply(conversation_id, content, private=True)

    def open(self, conversation_id: int) -> None:
        """Hand the conversation to people."""
        self._post(f"/conversations/{int(conversation_id)}/toggle_status", {"status": "open"})

    def _post(self, path: str, body: Json) -> None:
        """Raises ChatwootTransientError or ChatwootPermanentError. Redirects are not followed, to protect the token."""
        try:
            with (
                outside_calls.counting("chatwoot"),
                traces.call("POST", self._base) as span,
                requests.Session() as session,
            ):
                session.trust_env = False
                response = session.post(
                    self._base + path,
                    json=body,
                    headers={"api_access_token": self._token},
                    timeout=SECONDS,
                    allow_redirects=False,
                )
                span.set({"http.response.status_code": response.status_code})
        except (requests.ConnectTimeout, requests.ConnectionError) as error:
            reset = "Connection aborted" in str(error) or "Read timed out" in str(error)
            raise ChatwootTransientError("Chatwoot could not be reached.", sent=reset) from None
        except requests.RequestException:
            raise ChatwootTransientError("Chatwoot did not answer in time.", sent=True) from None
        if response.status_code in (429, 502, 503):
            raise ChatwootTransientError(f"Chatwoot answered {response.status_code}.")
        if response.status_code >= 500:
            raise ChatwootTransientError(f"Chatwoot answered {response.status_code}.", sent=True)
        if not 200 <= response.status_code < 300:
            raise ChatwootPermanentError(f"Chatwoot answered {response.status_code}.")


TOLERANCE = 300


def is_signed(body: bytes, *, secret: str, timestamp: str, signature: str, now: float | None = None) -> bool:
    stamp = whole(timestamp, digits=12)
    if stamp is None:
        return False
    if abs((time.time() if now is None else now) - stamp) > TOLERANCE:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={expected}".encode(), signature.encode("utf-8", "replace"))
