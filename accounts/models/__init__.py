"""Organizations and their people, one module per noun."""

from accounts.models.api_key import ApiKey, ApiKeyRequest
from accounts.models.invitation import Invitation
from accounts.models.mail_message import MailMessage
from accounts.models.notification import Notification
from accounts.models.organization import Organization
from accounts.models.own_key import OwnKey
from accounts.models.second_factor import BackupCode, TotpDevice
from accounts.models.session import RetiredToken, Session
from accounts.models.sign_in import SignInFailure, SocialIdentity
from accounts.models.token import OneTimeToken
from accounts.models.tone import Tone
from accounts.models.user import User

__all__ = [
    "ApiKey",
    "ApiKeyRequest",
    "BackupCode",
    "Invitation",
    "MailMessage",
    "Notification",
    "OneTimeToken",
    "Organization",
    "OwnKey",
    "RetiredToken",
    "Session",
    "SignInFailure",
    "SocialIdentity",
    "Tone",
    "TotpDevice",
    "User",
]
