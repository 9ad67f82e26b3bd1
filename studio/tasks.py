"""The studio's tasks: answer chats, delete old chats, and look at texts whose evidence has ended."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from scribe.queue import enqueue
from studio import evidence
from studio.models import ChatConversation

CHATS_KEPT = timedelta(days=90)


@shared_task(queue="sync", bind=True, max_retries=30)
def answer_chat(self, conversation_id: str) -> None:  # type: ignore[no-untyped-def]
    """Answer the waiting messages of a conversation. While another worker has it, retry every 3 s, up to 30 times."""
    from studio.chat import answers  # only workers load the model clients

    if not ChatConversation.objects.filter(pk=conversation_id).exists():
        return
    if not answers.answer(UUID(conversation_id)):
        raise self.retry(countdown=3)


@shared_task(queue="default")
def answer_waiting_chats() -> None:
    """The sweep: queue conversations again in which something was lost or failed."""
    from studio.chat import answers

    for conversation_id in answers.unfinished_conversations():
        enqueue("studio.tasks.answer_chat", str(conversation_id))


@shared_task(queue="default")
def recheck_ended_evidence() -> None:
    """Flag texts again whose evidence of a claim has ended. Runs hourly."""
    evidence.recheck_ended()


@shared_task(queue="default")
def forget_old_chats() -> None:
    """Delete conversations that have not changed for 90 days."""
    ChatConversation.objects.filter(updated_at__lt=timezone.now() - CHATS_KEPT).delete()
