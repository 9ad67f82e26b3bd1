"""Answer a conversation. One worker at a time gives one answer to all waiting messages, or hands over to a person."""

import re
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.models import Wallet
from integrations.chatwoot import Chatwoot, ChatwootError
from projects.models import ContentItem, Project
from scribe.api.fields import decimal, utc
from scribe.ids import parse
from scribe.logs import get_logger
from scribe.models import Job
from scribe.types import Json
from studio.chat import bots, drafts
from studio.chat.bots import Bot
from studio.chat.deliveries import AGENT, OPENED
from studio.chat.drafts import Thought
from studio.models import ChatConversation, ChatMessage

log = get_logger(__name__)

LEASE = timedelta(seconds=150)
ROUNDS = 3
PER_CONVERSATION_A_DAY = 20
PER_BOT_A_DAY = 1000
LOST_AFTER = timedelta(seconds=90)
LATEST_ANSWER = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(minutes=30)
OPEN_WITHIN = timedelta(days=1)
ATTEMPTS = 3  # to ask the model about the same messages; each is paid for
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


def answer(conversation_id: UUID) -> bool:
    """Answer the waiting messages of a conversation, after what is left of earlier answers. Returns False while another
    worker has it: try again soon.

    May be repeated at any time. Messages are marked answered before the reply is sent, and a reply that may have
    arrived is not posted again.
    """
    conversation = _take(conversation_id)
    if conversation is None:
        return not ChatConversation.objects.filter(pk=conversation_id, lease_until__gt=timezone.now()).exists()
    try:
        client = bots.BY_NAME[conversation.bot].client()
        if client is None:
            log.warning("chatwoot is not configured; a message waits", conversation=str(conversation.pk))
        else:
            _resend_failed(client, conversation)
            _hand_over(client, conversation)
            _work(client, conversation)
    finally:
        _let_go(conversation)
    return True


def _take(conversation_id: UUID) -> ChatConversation | None:
    """Take the lease by one conditional UPDATE, so that two quick messages get one worker. None when it is taken."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    won = ChatConversation.objects.filter(free, pk=conversation_id).update(lease_until=now + LEASE)
    return ChatConversation.objects.get(pk=conversation_id, lease_until=now + LEASE) if won else None


def _let_go(conversation: ChatConversation) -> None:
    """Give the lease back, unless it ran out and is another worker's now."""
    rows = ChatConversation.objects.filter(pk=conversation.pk, lease_until=conversation.lease_until)
    rows.update(lease_until=None)


def _work(client: Chatwoot, conversation: ChatConversation) -> None:
    bot = bots.BY_NAME[conversation.bot]
    waiting = list(conversation.messages.filter(direction=In, state=State.WAITING))
    if not waiting:
        return
    if conversation.handed_over_at is not None:
        _mark(waiting)
        return
    history = list(conversation.messages.order_by("-created_at", "-id")[: drafts.REMEMBERED + len(waiting)])[::-1]
    thought = _decide(bot, conversation, waiting, history)
    current = ChatConversation.objects.get(pk=conversation.pk)
    if current.lease_until != conversation.lease_until:  # the lease ran out: another worker answers
        return
    if current.handed_over_at is not None:  # a person stepped in while the model was thinking
        _mark(waiting)
        return
    _send(client, current, _keep(bot, current, waiting, thought))
    _hand_over(client, current)


def _decide(
    bot: Bot, conversation: ChatConversation, waiting: list[ChatMessage], history: list[ChatMessage]
) -> Thought:
    if any(wants_a_person(message.content) for message in waiting):
        return Thought(_TEXTS["asked"], "asked")
    if conversation.rounds >= ROUNDS:
        return Thought(_TEXTS["rounds"], "rounds")
    if _over_cap(bot, conversation):
        return Thought(_APOLOGY, "daily_cap")
    person = verified_user(waiting[-1].contact_identifier) if bot.knows_accounts else None
    known = None
    if person is not None:
        known = account_facts(person)
        if conversation.organization_id != person.organization_id:
            conversation.organization_id = person.organization_id
            conversation.save(update_fields=["organization"])
            history = [message for message in history if message in waiting]  # earlier ones may be another person's
    if conversation.attempts >= ATTEMPTS:
        return Thought("", "failed_before")
    conversation.attempts += 1
    conversation.save(update_fields=["attempts"])
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
    conversation.attempts = 0
    changed = ["rounds", "attempts", "updated_at"]
    if thought.handover:  # else a person may have taken over while the model was asked
        conversation.handed_over_at = timezone.now()
        conversation.handover_reason = thought.handover[:40]
        conversation.open_due = True
        changed += ["handed_over_at", "handover_reason", "open_due"]
    conversation.save(update_fields=changed)
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


def _send(client: Chatwoot, conversation: ChatConversation, reply: ChatMessage) -> None:
    """Post a saved reply. The next worker repeats a failed one, unless it may have arrived."""
    try:
        client.reply(conversation.conversation_id, reply.content)
    except ChatwootError as error:
        reply.state = State.UNKNOWN if error.sent else State.FAILED
        log.warning("a chat reply was not sent", conversation=str(conversation.pk), error=str(error), sent=error.sent)
    else:
        reply.state = State.SENT
    reply.save(update_fields=["state"])


def _hand_over(client: Chatwoot, conversation: ChatConversation) -> None:
    """Open the conversation for people, with a note for the colleague, if that is still due. May be repeated."""
    if not conversation.open_due:
        return
    question = conversation.messages.filter(direction=In).last()
    try:
        client.open(conversation.conversation_id)
        conversation.open_due = False
        ChatConversation.objects.filter(pk=conversation.pk).update(open_due=False)
        reason, asked = conversation.handover_reason, question.content[:500] if question else ""
        client.note(conversation.conversation_id, f"The bot handed over ({reason}). Last question: {asked}")
    except ChatwootError as error:
        log.warning("a chat was not handed over", conversation=str(conversation.pk), error=str(error))


def _resend_failed(client: Chatwoot, conversation: ChatConversation) -> None:
    """Post the last reply again if it failed within GIVE_UP_AFTER, unless a person has the conversation by now."""
    by_people = conversation.handed_over_at is not None and conversation.handover_reason in (AGENT, OPENED)
    newest = conversation.messages.filter(direction=Out).last()
    for reply in _failed_replies().filter(conversation=conversation):
        too_late = by_people or reply != newest
        reply.state = State.SUPERSEDED if too_late else State.SENDING
        reply.save(update_fields=["state"])
        if not too_late:
            _send(client, conversation, reply)


def _failed_replies() -> QuerySet[ChatMessage]:
    return ChatMessage.objects.filter(direction=Out, state=State.FAILED, created_at__gte=timezone.now() - GIVE_UP_AFTER)


def unfinished_conversations() -> set[UUID]:
    """The conversations of which a message waits whose task got lost (90 s to 1 h old), a reply failed, or that people were to
    get within the last day. Older ones stay pending in Chatwoot, where people find them."""
    now = timezone.now()
    ChatMessage.objects.filter(direction=Out, state=State.SENDING, created_at__lt=now - LEASE).update(
        state=State.UNKNOWN
    )  # the worker died while sending: the reply may have arrived
    lost = ChatMessage.objects.filter(
        direction=In, state=State.WAITING, created_at__lt=now - LOST_AFTER, created_at__gt=now - LATEST_ANSWER
    )
    to_open = ChatConversation.objects.filter(open_due=True, handed_over_at__gte=now - OPEN_WITHIN)
    of = [rows.values_list("conversation_id", flat=True) for rows in (lost, _failed_replies())]
    return {*of[0], *of[1], *to_open.values_list("pk", flat=True)}


MOST_LISTED = 10


def verified_user(identifier: str) -> User | None:
    """The active user whose id is a verified contact's `identifier`, or None."""
    found = parse(identifier)
    if found is None:
        return None
    return User.objects.filter(pk=found, is_active=True).select_related("organization").first()


def account_facts(user: User) -> Json:
    """Plan, balance in XCT, and the latest jobs and projects that the user sees, as the bot may tell them."""
    wallet = Wallet.objects.select_related("plan").get(organization_id=user.organization_id)
    jobs = Job.objects.visible_to(user).select_related("project")[:MOST_LISTED]
    projects = Project.objects.visible_to(user).kept().order_by("-updated_at")[:MOST_LISTED]
    return {
        "organization": user.organization.name,
        "plan": wallet.plan.name,
        "balance_xct": decimal(wallet.total_balance),
        "available_xct": decimal(wallet.available),
        "jobs": [
            {
                "type": job.job_type,
                "status": job.status,
                "project": job.project.name if job.project else None,
                "progress": f"{job.progress_current} of {job.progress_total}",
                "created_at": utc(job.created_at),
                "error": job.error or None,
            }
            for job in jobs
        ],
        "projects": [
            {
                "name": project.name,
                "platform": project.platform,
                "status": project.status,
                "items": ContentItem.objects.filter(project=project).count(),
            }
            for project in projects
        ],
    }
