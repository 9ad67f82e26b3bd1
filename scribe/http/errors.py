"""The errors of a call to a third party's server.

No type of `requests` or `urllib3` leaves this package. Messages name the host that was asked for and never an address
that it resolved to: a caller may show them, and they must not help anyone to look around an internal network.
"""


class OutboundError(Exception):
    """A call that brought no answer. `sent` is False only when not one byte of the request can have arrived."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


class BlockedAddress(OutboundError):
    """The guard refused the address before anything was sent; `code` says which rule."""

    def __init__(self, message: str, *, code: str = "address_not_allowed") -> None:
        super().__init__(message, sent=False)
        self.code = code


class Unreachable(OutboundError):
    """No such host, no connection, a broken one, or a bad certificate."""


class TimedOut(OutboundError):
    """The whole call took longer than it was given."""


class BodyTooLarge(OutboundError):
    """The answer is larger than the caller takes, as sent or once unpacked."""

    def __init__(self, message: str) -> None:
        super().__init__(message, sent=True)


class BadBody(OutboundError):
    """The answer can't be unpacked, or isn't the JSON that it should be."""

    def __init__(self, message: str) -> None:
        super().__init__(message, sent=True)
