"""The three bots, and how each verifies its deliveries. The deployment chooses one way per bot; a request can't."""

import hmac
from dataclasses import dataclass

from django.conf import settings

from integrations import chatwoot
from integrations.chatwoot import Chatwoot
from scribe.errors import NotAuthenticated, NotConfigured
from scribe.messages import _
from scribe.written import whole
from studio.models import BotName


@dataclass(frozen=True)
class Bot:
    """`prefix` is part of the names of its settings. `notice` is added at first contact, since people must be told that
    a machine answers (Regulation (EU) 2024/1689, article 50). `knows_accounts`: it may read a contact's account."""

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
        """The client that posts replies. None when the deployment has not configured one."""
        if not (settings.CHATWOOT_BASE_URL and self.account_id and self.token):
            return None
        return Chatwoot(base_url=settings.CHATWOOT_BASE_URL, account_id=self.account_id, token=self.token)

    def check_genuine(self, body: bytes, *, timestamp: str, signature: str, url_token: str) -> None:
        """Raise NotAuthenticated for a forged delivery, NotConfigured when the bot has neither secret nor token.

        With a secret set, the signature is required and the URL's token is ignored: no silent downgrade.
        """
        secret, token = self.setting("WEBHOOK_SECRET"), self.setting("WEBHOOK_TOKEN")
        if secret:
            genuine = chatwoot.is_signed(body, secret=secret, timestamp=timestamp, signature=signature)
        elif token:
            genuine = hmac.compare_digest(url_token.encode("utf-8", "replace"), token.encode())
        else:
            raise NotConfigured(_("The chat bot is not configured."), code="chatbot_not_configured")
        if not genuine:
            raise NotAuthenticated(_("The delivery is not signed by our Chatwoot."), code="invalid_signature")


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
