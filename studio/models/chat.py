"""The support bots' memory: conversations, messages in and out, and knowledge texts."""

from __future__ import annotations

from django.db import models

from scribe.rows import Row


class BotName(models.TextChoices):
    ACCOUNT = "account", "Account bot"
    EMAIL = "email", "E-mail bot"
    XTRACODE = "xtracode", "THE XTRACODE bot"


class ChatConversation(Row):
    """One bot's conversation in Chatwoot. `organization` is set for a verified contact only.

    While `handed_over_at` is set, a person has the conversation and the bot is silent. `lease_until`: a worker answers.
    """

    bot = models.CharField(max_length=10, choices=BotName)
    account_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField(null=True, blank=True)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    rounds = models.PositiveSmallIntegerField(default=0)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handover_reason = models.CharField(max_length=40, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["bot", "account_id", "conversation_id"], name="chat_conversation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bot} {self.conversation_id}"


class ChatMessage(Row):
    """A visitor's message with its delivery, or a bot's answer and whether it was sent."""

    class Direction(models.TextChoices):
        IN = "in", "From the visitor"
        OUT = "out", "From the bot"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ANSWERED = "answered", "Answered"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        UNKNOWN = "unknown", "Perhaps sent"
        FAILED = "failed", "Failed"

    conversation = models.ForeignKey(ChatConversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=State)
    event = models.CharField(max_length=40, blank=True, default="")
    message_id = models.BigIntegerField(null=True, blank=True)
    delivery_id = models.CharField(max_length=80, null=True, blank=True)
    content = models.TextField()
    contact_identifier = models.CharField(max_length=100, blank=True, default="")  # HMAC-verified ones only
    model = models.CharField(max_length=120, blank=True, default="")
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["conversation", "created_at"], name="chat_message_by_conversation")]
        constraints = [
            # A repeated delivery, or a second delivery of the same message, counts once.
            models.UniqueConstraint(fields=["conversation", "message_id", "event"], name="chat_message_once"),
            models.UniqueConstraint(fields=["delivery_id"], name="chat_delivery_once"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class KnowledgeText(Row):
    """A text that a bot may answer from. Staff edit it. All bots know a text with an empty `bot`."""

    bot = models.CharField(max_length=10, choices=BotName, blank=True, default="")
    title = models.CharField(max_length=200)
    text = models.TextField()
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title
