"""What can go wrong with a photo provider, in words for the user."""

from __future__ import annotations


class PhotosError(Exception):
    """The provider gave no usable answer. `retry_after` is in seconds, if the provider stated it."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class KeyRefused(PhotosError):
    """The key is wrong or revoked."""


class Busy(PhotosError):
    """The key's quota is used up for now."""


class PhotosTimedOut(PhotosError):
    """No answer in time."""
