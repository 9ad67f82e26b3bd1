"""How a call to Chatwoot can fail."""

from __future__ import annotations


class ChatwootError(Exception):
    """`sent`: the request may have taken effect although no answer came. Check before you repeat it."""

    def __init__(self, detail: str, *, sent: bool = False) -> None:
        super().__init__(detail)
        self.sent = sent


class ChatwootTransientError(ChatwootError):
    """The same call may work later."""


class ChatwootPermanentError(ChatwootError):
    """Trying again does not help: a bad token, a deleted conversation."""
