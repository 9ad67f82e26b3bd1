"""How a call to a store can fail. The messages are for the merchant."""

import html
import re

from scribe.messages import Message

MOST_CHARACTERS = 1000
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h\d)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


def without_markup(text: str) -> str:
    """A store's message as plain text: many are HTML, with links and emphasis. A sentence of ours has it
    among its values."""
    if isinstance(text, Message):
        told = text.values.items()
        return text.format(**{name: without_markup(one) if isinstance(one, str) else one for name, one in told})
    text = html.unescape(text[: 4 * MOST_CHARACTERS])
    return " ".join(_TAG.sub("", _BLOCK.sub(" ", text)).split())[:MOST_CHARACTERS]


class StoreError(Exception):
    """The call failed. `message` may be shown to the merchant; `code` is stable snake_case."""

    code = "store_error"

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None, **details: object) -> None:
        self.message = without_markup(message)
        super().__init__(self.message)
        self.code = code or type(self).code
        self.status = status
        self.details = details


class StoreTransientError(StoreError):
    """It is likely to work later: busy, throttled, timed out, down.
    `retry_after` is in seconds, if the store states it."""

    code = "store_unavailable"

    def __init__(self, message: str, *, retry_after: float | None = None, sent: bool = False, **more: object) -> None:
        super().__init__(message, **more)  # type: ignore[arg-type]  # handed on
        self.retry_after = retry_after
        self.sent = sent


class Throttled(StoreTransientError):
    code = "store_throttled"


class Maintenance(StoreTransientError):
    """The site is being updated and turns every request away unread, which takes it seconds. The time that it asks for
    is always the same and says nothing."""

    code = "store_maintenance"


class LostAnswer(StoreTransientError):
    """The request may have taken effect, but its answer was lost. Read the store before you send it again."""

    code = "store_answer_lost"


class ConcurrentEdit(StoreTransientError):
    """Somebody changed the item between our read and our write. Read it again before you write."""

    code = "store_changed_meanwhile"


class GuardBusy(StoreTransientError):
    """The store was at work on something else and did nothing with this write. The same write may be sent again."""

    code = "store_busy"


class StorePermanentError(StoreError):
    """The same request will fail again. `unread`: its answer can't be read, so a write may have taken effect."""

    def __init__(self, message: str, *, unread: bool = False, **more: object) -> None:
        super().__init__(message, **more)  # type: ignore[arg-type]  # handed on
        self.unread = unread


class NotAuthorized(StorePermanentError):
    """The credentials are wrong, revoked, or don't cover this."""

    code = "store_credentials_refused"


class Missing(StorePermanentError):
    """The store has no such item or resource."""

    code = "store_not_found"


class Rejected(StorePermanentError):
    """The store understood the request and refused it."""

    code = "store_rejected"


class NotAStore(StorePermanentError):
    """No store API answers at this address, but a web page, a redirect or a firewall."""

    code = "store_not_recognized"


class TooMuch(StorePermanentError):
    """The request was too big for the store; a smaller one may pass."""

    code = "store_request_too_large"


class Unsupported(StorePermanentError):
    """The platform, its plugins or our permissions there don't offer this. The rest of the connection works."""

    code = "store_unsupported"
