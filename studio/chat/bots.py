"""The three bots, and which deliveries are theirs. One mode per bot, chosen by the deployment and never by a request."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from integrations.chatwoot import signatures
from integrations.chatwoot.client import Chatwoot
from scribe.errors import NotAuthenticated, NotConfigured
from scribe.written import whole
from studio.models.chat import BotName


@dataclass(frozen=True)
class Bot:
    """`prefix` is the part of its settings' names; `notice` what it says at first contact, since people may know that a
    machine answers (Regulation (EU) 2024/1689, article 50); `knows_accounts` whether it may look at a contact's account."""

    name: str
    prefix: str
    prompt: str
    notice: str
    knows_accounts: bool = False

    def setting(self, name: str) -> str:
        return str(getattr(settings, f"CHATWOOT_{self.prefix}{name}", "") or "")

    @property
    def inbox_id(self) -> int | None:
        return _number(self.setting("INBOX_ID"))

    @property
    def account_id(self) -> int | None:
        return _number(settings.CHATWOOT_ACCOUNT_ID)

    @property
    def token(self) -> str:
        return self.setting("API_TOKEN") or str(settings.CHATWOOT_API_TOKEN)

    def client(self) -> Chatwoot | None:
        """The way to reply, None when the deployment has none."""
        if not (settings.CHATWOOT_BASE_URL and self.account_id and self.token):
            return None
        return Chatwoot(base_url=settings.CHATWOOT_BASE_URL, account_id=self.account_id, token=self.token)

    def check_genuine(self, body: bytes, *, timestamp: str, signature: str, url_token: str) -> None:
        """Raises NotAuthenticated for a delivery that is not Chatwoot's, NotConfigured when none could be told.

        With a secret set the signature is required and the URL's token is not looked at: no silent downgrade.
        """
        secret, token = self.setting("WEBHOOK_SECRET"), self.setting("WEBHOOK_TOKEN")
        if secret:
            genuine = signatures.is_signed(body, secret=secret, timestamp=timestamp, signature=signature)
        elif token:
            genuine = signatures.has_token(url_token, token)
        else:
            raise NotConfigured("The chat bot is not configured.", code="chatbot_not_configured")
        if not genuine:
            raise NotAuthenticated("The delivery is not signed by our Chatwoot.", code="invalid_signature")


def _number(text: str) -> int | None:
    return whole(str(text).strip())


CHAT_NOTICE = "You are writing with an AI assistant. Write “person” to reach our team."
ACCOUNT = Bot(BotName.ACCOUNT, "", "chat_account", notice=CHAT_NOTICE, knows_accounts=True)
EMAIL = Bot(
    BotName.EMAIL,
    "EMAIL_",
    "chat_email",
    notice="This answer was written by an AI assistant. Reply “person” to reach our team.",
)
XTRACODE = Bot(BotName.XTRACODE, "XTRACODE_", "chat_xtracode", notice=CHAT_NOTICE)
BY_NAME = {bot.name: bot for bot in (ACCOUNT, EMAIL, XTRACODE)}
