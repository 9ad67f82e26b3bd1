"""The studio's tasks: answer chats, and delete old chats."""

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
    """Answer the waiting messages of a conversation. While another worker has it, retry every 3 s, up to 30 times."""
    from studio.chat import answers  # only workers load the model clients

    if not ChatConversation.objects.filter(pk=conversation_id).exists():
        return
    if not answers.answer(conversation_id):
        raise self.retry(countdown=3)


@shared_task(queue="default")
def answer_waiting_chats() -> None:
    """The sweep: queue messages again whose task got lost (90 s to 1 h old), and post failed replies again."""
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
    """Delete conversations that have not changed for 90 days."""
    ChatConversation.objects.filter(updated_at__lt=timezone.now() - CHATS_KEPT).delete()
