"""Answer a conversation. One worker at a time gives one answer to all waiting messages, or hands over to a person."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.chatwoot.client import Chatwoot
from integrations.chatwoot.errors import ChatwootError
from scribe.logs import get_logger
from studio.chat import account, bots, drafts
from studio.chat.bots import Bot
from studio.chat.drafts import Thought
from studio.models import ChatConversation, ChatMessage

log = get_logger(__name__)

LEASE = timedelta(seconds=150)
ROUNDS = 3
PER_CONVERSATION_A_DAY = 20
PER_BOT_A_DAY = 1000
GIVE_UP_AFTER = timedelta(minutes=30)
In, Out, State = ChatMessage.Direction.IN, ChatMessage.Direction.OUT, ChatMessage.State

_WANTS_A_PERSON = re.compile(
    r"\b(?:human|real person|(?:a|to|with) person|^person$|agent|representative|someone real|support team|"
    r"mensch|mitarbeiter\w*|echte[nr]? person|berater\w*|humain|conseiller|agente|persona real|operador|operatore|umano|"
    r"čovek\w*|covek\w*|operater\w*|agent\w*|osob[aeu]|живо[мг] човек\w*|човек\w*|оператер\w*|особ[аеу])\b",
    re.I | re.M,
)
_APOLOGY = "I am handing this over to a colleague, who will answer you here."
_TEXTS = {
    "rounds": "I would like a colleague to take a closer look. They will answer you here.",
    "asked": "Of course. A colleague will take over and answer you here.",
}


def wants_a_person(text: str) -> bool:
    return bool(_WANTS_A_PERSON.search(text))


def answer(conversation_id: Any) -> bool:
    """Answer the waiting messages of a conversation. Returns False while another worker has it: try again soon.

    May be repeated at any time. Messages are marked answered before the reply is sent, and a reply that may have
    arrived is not posted again.
    """
    conversation = _take(conversation_id)
    if conversation is None:
        return not ChatConversation.objects.filter(pk=conversation_id, lease_until__gt=timezone.now()).exists()
    try:
        _work(conversation)
    finally:
        ChatConversation.objects.filter(pk=conversation.pk).update(lease_until=None)
    return True


def _take(conversation_id: Any) -> ChatConversation | None:
    """Take the lease by one conditional UPDATE, so that two quick messages get one worker. None when it is taken."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    won = ChatConversation.objects.filter(free, pk=conversation_id).update(lease_until=now + LEASE)
    return ChatConversation.objects.get(pk=conversation_id) if won else None


def _work(conversation: ChatConversation) -> None:
    bot = bots.BY_NAME[conversation.bot]
    waiting = list(conversation.messages.filter(direction=In, state=State.WAITING))
    if not waiting:
        return
    client = bot.client()
    if client is None:
        log.warning("chatwoot is not configured; a message waits", conversation=str(conversation.pk))
        return
    if conversation.handed_over_at is not None:
        _mark(waiting)
        return
    history = list(conversation.messages.order_by("-created_at", "-id")[: drafts.REMEMBERED + len(waiting)])[::-1]
    thought = _decide(bot, conversation, waiting, history)
    conversation.refresh_from_db()
    if conversation.handed_over_at is not None:  # a person stepped in while the model was thinking
        _mark(waiting)
        return
    reply = _keep(bot, conversation, waiting, thought)
    _deliver(client, conversation, reply, thought, waiting)


def _decide(
    bot: Bot, conversation: ChatConversation, waiting: list[ChatMessage], history: list[ChatMessage]
) -> Thought:
    if any(wants_a_person(message.content) for message in waiting):
        return Thought(_TEXTS["asked"], "asked")
    if conversation.rounds >= ROUNDS:
        return Thought(_TEXTS["rounds"], "rounds")
    if _over_cap(bot, conversation):
        return Thought(_APOLOGY, "daily_cap")
    person = account.of(waiting[-1].contact_identifier) if bot.knows_accounts else None
    known = None
    if person is not None:
        known = account.facts(person)
        if conversation.organization_id != person.organization_id:
            conversation.organization_id = person.organization_id
            conversation.save(update_fields=["organization"])
            history = [message for message in history if message in waiting]  # earlier ones may be another person's
    return drafts.think(bot, history, known)


def _over_cap(bot: Bot, conversation: ChatConversation) -> bool:
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    sent = ChatMessage.objects.filter(direction=Out, created_at__gte=today)
    if sent.filter(conversation=conversation).count() >= PER_CONVERSATION_A_DAY:
        return True
    return sent.filter(conversation__bot=bot.name).count() >= PER_BOT_A_DAY


@transaction.atomic
def _keep(bot: Bot, conversation: ChatConversation, waiting: list[ChatMessage], thought: Thought) -> ChatMessage:
    """Mark the messages answered and save the reply, before it is sent."""
    _mark(waiting)
    text = thought.text or _APOLOGY
    if conversation.rounds == 0 or not conversation.messages.filter(direction=Out, state=State.SENT).exists():
        text = f"{text}\n\n{bot.notice}"  # at first contact, and until an answer has surely arrived
    conversation.rounds += 1
    if thought.handover:
        conversation.handed_over_at = timezone.now()
        conversation.handover_reason = thought.handover[:40]
    conversation.save(update_fields=["rounds", "handed_over_at", "handover_reason", "updated_at"])
    return ChatMessage.objects.create(
        conversation=conversation,
        direction=Out,
        state=State.SENDING,
        content=text,
        model=thought.model,
        input_tokens=thought.input_tokens,
        output_tokens=thought.output_tokens,
    )


def _mark(waiting: list[ChatMessage]) -> None:
    ChatMessage.objects.filter(pk__in=[message.pk for message in waiting]).update(state=State.ANSWERED)


def _deliver(
    client: Chatwoot, conversation: ChatConversation, reply: ChatMessage, thought: Thought, waiting: list[ChatMessage]
) -> None:
    """Send the reply. If it was sent and a person should take over, hand over with a note for the colleague."""
    if not send(client, conversation, reply):
        return
    if thought.handover:
        _hand_over(client, conversation, thought.handover, waiting)


def send(client: Chatwoot, conversation: ChatConversation, reply: ChatMessage) -> bool:
    """Post a saved reply. Returns whether it was posted. The sweep repeats a failed one, unless it may have arrived."""
    try:
        client.reply(conversation.conversation_id, reply.content)
    except ChatwootError as error:
        reply.state = State.UNKNOWN if error.sent else State.FAILED
        reply.save(update_fields=["state"])
        log.warning("a chat reply was not sent", conversation=str(conversation.pk), error=str(error), sent=error.sent)
        return False
    reply.state = State.SENT
    reply.save(update_fields=["state"])
    return True


def _hand_over(client: Chatwoot, conversation: ChatConversation, reason: str, waiting: list[ChatMessage]) -> None:
    question = " / ".join(message.content for message in waiting)[:500]
    try:
        client.open(conversation.conversation_id)
        client.note(conversation.conversation_id, f"The bot handed over ({reason}). Last question: {question}")
    except ChatwootError as error:
        log.warning("a chat was not handed over", conversation=str(conversation.pk), error=str(error))


def resend_failed() -> int:
    """Post failed replies of the last half hour again, and return how many were posted. Conversations with older ones
    stay pending in Chatwoot, where people find them. May be repeated at any time."""
    since = timezone.now() - GIVE_UP_AFTER
    stuck = timezone.now() - LEASE
    rows = ChatMessage.objects.filter(direction=Out, created_at__gte=since).filter(Q(state=State.FAILED))
    ChatMessage.objects.filter(direction=Out, state=State.SENDING, created_at__lt=stuck).update(
        state=State.UNKNOWN
    )  # the worker died while sending: the reply may have arrived
    count = 0
    for reply in rows.select_related("conversation"):
        won = ChatMessage.objects.filter(pk=reply.pk, state=State.FAILED).update(state=State.SENDING)
        client = bots.BY_NAME[reply.conversation.bot].client()
        if not won or client is None:
            continue
        if send(client, reply.conversation, reply):
            count += 1
            if reply.conversation.handover_reason and reply.conversation.handed_over_at:
                _hand_over(client, reply.conversation, reply.conversation.handover_reason, [])
    return count
