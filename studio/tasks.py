"""The studio's tasks: answer chats, and delete old ones."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from scribe.queue import enqueue
from studio.models import ChatConversation, ChatMessage

CHATS_KEPT = timedelta(days=90)
LATEST_ANSWER = timedelta(hours=1)


@shared_task(queue="sync", bind=True, max_retries=30)
def answer_chat(self, conversation_id: str) -> None:  # type: ignore[no-untyped-def]
    """Answer what waits in a conversation; while another worker has it, come back in a moment."""
    from studio.chat import answers  # the model clients are for workers alone

    if not ChatConversation.objects.filter(pk=conversation_id).exists():
        return
    if not answers.answer(conversation_id):
        raise self.retry(countdown=3)


@shared_task(queue="default")
def answer_waiting_chats() -> None:
    """The sweep: messages whose task got lost, and replies that could not be posted."""
    from studio.chat import answers

    now = timezone.now()
    lost = ChatMessage.objects.filter(
        direction=ChatMessage.Direction.IN,
        state=ChatMessage.State.WAITING,
        created_at__lt=now - timedelta(seconds=90),
        created_at__gt=now - LATEST_ANSWER,
    )
    for conversation_id in lost.values_list("conversation_id", flat=True).distinct():
        enqueue("studio.tasks.answer_chat", str(conversation_id))
    answers.resend_failed()


@shared_task(queue="default")
def forget_old_chats() -> None:
    """Chats are kept for 90 days."""
    ChatConversation.objects.filter(updated_at__lt=timezone.now() - CHATS_KEPT).delete()
