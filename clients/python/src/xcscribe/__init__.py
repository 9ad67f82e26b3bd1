"""The official client of XC Scribe's API."""

from xcscribe import schemas
from xcscribe.async_client import AsyncClient
from xcscribe.client import Client
from xcscribe.core import File, Written
from xcscribe.errors import ApiError, JobFailed, SignatureError, Unreachable
from xcscribe.streams import Event
from xcscribe.webhooks import verify

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "Event",
    "File",
    "JobFailed",
    "SignatureError",
    "Unreachable",
    "Written",
    "schemas",
    "verify",
]
__version__ = "1.1.0"
