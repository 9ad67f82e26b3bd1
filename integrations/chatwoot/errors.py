"""How a call to Chatwoot can fail."""

from __future__ import annotations


class ChatwootError(Exception):
    """`sent`: the request may have been carried out although no answer came; do not repeat it blindly."""

    def __init__(self, detail: str, *, sent: bool = False) -> None:
        super().__init__(detail)
        self.sent = sent


class ChatwootTransientError(ChatwootError):
    """It may work later."""


class ChatwootPermanentError(ChatwootError):
    """It will not: a bad token, a conversation that is gone."""
