"""Take a delivery from Chatwoot. It is judged by its shape and stored once; a task answers it later."""

from collections.abc import Mapping
from typing import TypeGuard

from django.db import IntegrityError, transaction
from django.utils import timezone

from scribe.queue import enqueue
from scribe.types import ReadOnlyJson
from studio.chat.bots import Bot
from studio.models import ChatConversation, ChatMessage

QUEUED, REPEATED, IGNORED = "queued", "repeated", "ignored"
LONGEST = 4000
#: The reasons of a hand-over that people made themselves: an answer, and opening the conversation.
AGENT, OPENED = "agent", "opened"


def receive(*, bot: Bot, payload: ReadOnlyJson, delivery_id: str) -> str:
    """Take a delivery; return `queued`, `repeated` or `ignored`. It may be repeated: a message and event count once.

    Only a visitor's public text in a pending conversation is answered. Chatwoot also delivers the bot's own messages;
    they are ignored. After an agent's message, or when people open the conversation, the bot is silent.
    """
    event, conversation = payload.get("event"), _mapping(payload.get("conversation"))
    if event in ("conversation_opened", "conversation_resolved", "conversation_status_changed"):
        _follow_status(bot, payload)
        return IGNORED
    number = _conversation_id(conversation)
    if event != "message_created" or number is None or not _is_ours(bot, payload, conversation):
        return IGNORED
    by_agent = _mapping(payload.get("sender")).get("type") == "user"
    if payload.get("message_type") == "outgoing" and not payload.get("private") and by_agent:
        ChatConversation.objects.filter(bot=bot.name, account_id=bot.account_id, conversation_id=number).update(  # type: ignore[misc]
            handed_over_at=timezone.now(), handover_reason=AGENT, open_due=False
        )
        return IGNORED
    content = payload.get("content")
    if (
        payload.get("message_type") != "incoming"
        or payload.get("private")
        or not isinstance(content, str)
        or not content.strip()
        or conversation.get("status") != "pending"
        or not _is_stored(payload.get("id"))
    ):
        return IGNORED
    return _keep(bot, payload, number, content, delivery_id)


def _keep(bot: Bot, payload: ReadOnlyJson, number: int, content: str, delivery_id: str) -> str:
    sender = _mapping(payload.get("sender"))
    contact = sender.get("id")
    try:
        with transaction.atomic():
            # Of two concurrent deliveries of one message, the unique constraints let only one in.
            conversation, _ = ChatConversation.objects.get_or_create(  # type: ignore[misc]  # None finds nothing
                bot=bot.name,
                account_id=bot.account_id,
                conversation_id=number,
                defaults={"contact_id": contact if _is_stored(contact) else None},
            )
            ChatMessage.objects.create(
                conversation=conversation,
                direction=ChatMessage.Direction.IN,
                state=ChatMessage.State.WAITING,
                event="message_created",
                message_id=payload["id"],
                delivery_id=delivery_id[:80] or None,
                content=content.replace("\x00", "")[:LONGEST],
                contact_identifier=_verified_identifier(payload, sender),
            )
            if conversation.handed_over_at is not None and not conversation.open_due:
                # The conversation is pending again, so it belongs to the bot again.
                ChatConversation.objects.filter(pk=conversation.pk).update(
                    handed_over_at=None, handover_reason="", rounds=0
                )
            enqueue("studio.tasks.answer_chat", str(conversation.pk))
    except IntegrityError:
        return REPEATED
    return QUEUED


def _follow_status(bot: Bot, payload: ReadOnlyJson) -> None:
    """Record that people have opened a conversation. The bot is then silent."""
    conversation = _mapping(payload.get("conversation")) or payload
    number = _conversation_id(conversation)
    status = conversation.get("status") or {"conversation_opened": "open"}.get(str(payload.get("event")), "")
    if number is not None and status == "open" and bot.account_id:
        rows = ChatConversation.objects.filter(bot=bot.name, account_id=bot.account_id, conversation_id=number)
        rows.filter(handed_over_at=None).update(handed_over_at=timezone.now(), handover_reason=OPENED)
        rows.update(open_due=False)


def _is_ours(bot: Bot, payload: ReadOnlyJson, conversation: ReadOnlyJson) -> bool:
    account = _mapping(payload.get("account")).get("id")
    inbox = conversation.get("inbox_id", _mapping(payload.get("inbox")).get("id"))
    named = _mapping(payload.get("inbox")).get("id", inbox)
    return (
        bot.account_id is not None
        and account == bot.account_id
        and bot.inbox_id is not None
        and inbox == named == bot.inbox_id
    )


def _verified_identifier(payload: ReadOnlyJson, sender: ReadOnlyJson) -> str:
    """The contact's identifier if Chatwoot has verified it by HMAC, else "". A mail address is never used."""
    meta = _mapping(_mapping(payload.get("conversation")).get("meta"))
    if meta.get("hmac_verified") is not True:
        return ""
    told = sender.get("identifier") or _mapping(meta.get("sender")).get("identifier")
    return str(told or "").replace("\x00", "")[:100]


def _conversation_id(conversation: ReadOnlyJson) -> int | None:
    number = conversation.get("display_id") or conversation.get("id")
    return number if _is_stored(number) and number > 0 else None


def _is_stored(value: object) -> TypeGuard[int]:
    """Whether the value is an integer that fits into our columns."""
    return isinstance(value, int) and -(2**63) <= value < 2**63


def _mapping(value: object) -> ReadOnlyJson:
    return value if isinstance(value, Mapping) else {}
