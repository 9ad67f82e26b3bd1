"""Organizations and their people, one module per noun."""

from accounts.models.api_key import ApiKey, ApiKeyRequest, OwnKey
from accounts.models.invitation import Invitation
from accounts.models.mail_message import MailMessage
from accounts.models.notification import Notification
from accounts.models.organization import Organization, Tone
from accounts.models.session import RetiredToken, Session
from accounts.models.sign_in import BackupCode, OneTimeToken, SignInFailure, SocialIdentity, TotpDevice
from accounts.models.user import User
