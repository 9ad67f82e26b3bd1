"""Replying, handing over and noting in a Chatwoot conversation, by a bot's token.

https://developers.chatwoot.com/api-reference. Base address, account and token come from settings, never from a payload.
"""

from __future__ import annotations

from typing import Any

import requests

from integrations.chatwoot.errors import ChatwootPermanentError, ChatwootTransientError
from scribe import outside_calls, traces

SECONDS = (5, 10)


class Chatwoot:
    def __init__(self, *, base_url: str, account_id: int, token: str) -> None:
        self._base = f"{base_url.rstrip('/')}/api/v1/accounts/{int(account_id)}"
        self._token = token

    def reply(self, conversation_id: int, content: str) -> None:
        """Say `content` to the visitor."""
        self._post(
            f"/conversations/{int(conversation_id)}/messages",
            {"content": content, "message_type": "outgoing", "private": False},
        )

    def note(self, conversation_id: int, content: str) -> None:
        """Leave a note that only agents see."""
        self._post(
            f"/conversations/{int(conversation_id)}/messages",
            {"content": content, "message_type": "outgoing", "private": True},
        )

    def open(self, conversation_id: int) -> None:
        """Hand the conversation to people."""
        self._post(f"/conversations/{int(conversation_id)}/toggle_status", {"status": "open"})

    def _post(self, path: str, body: dict[str, Any]) -> None:
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
