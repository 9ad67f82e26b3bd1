"""The official client of XC Scribe's API."""

from xcscribe.client import Client
from xcscribe.errors import ApiError, JobFailed, SignatureError, Unreachable
from xcscribe.streams import Event
from xcscribe.webhooks import verify

__all__ = ["ApiError", "Client", "Event", "JobFailed", "SignatureError", "Unreachable", "verify"]
__version__ = "1.0.0"
