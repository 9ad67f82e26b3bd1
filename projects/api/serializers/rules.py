"""Request and reply bodies of learned rules."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from projects.learned_rules import DECIDED
from projects.models import LearnedRule
from scribe.api.fields import UtcDateTime, utc
from scribe.api.serializers import Reply, Request


class RuleDecision(Request):
    state = serializers.ChoiceField(
        choices=list(DECIDED), help_text="`accepted`, `dismissed`, or `proposed` to take either back."
    )


class RuleReply(Reply):
    id = serializers.CharField()
    kind = serializers.CharField(help_text="`avoid` words, `replace` them, or `heed` the reason of rejections.")
    term = serializers.CharField(help_text="The words that people took out, or the reason.")
    instead = serializers.CharField(allow_blank=True, help_text="The words that took their place.")
    rule = serializers.CharField(help_text="As the writer is told it.")
    item_ids = serializers.ListField(child=serializers.CharField(), help_text="Items that taught it, at most ten.")
    state = serializers.CharField(help_text="`proposed`, `accepted` or `dismissed`.")
    profile_id = serializers.CharField(
        allow_null=True, help_text="An accepted rule holds for this profile's projects; null: for this project."
    )
    decided_at = UtcDateTime(allow_null=True)
    created_at = UtcDateTime()


def rule_shown(rule: LearnedRule) -> dict[str, Any]:
    return {
        "id": str(rule.pk),
        "kind": rule.kind,
        "term": rule.term,
        "instead": rule.instead,
        "rule": rule.line,
        "item_ids": rule.item_ids,
        "state": rule.state,
        "profile_id": str(rule.profile_id) if rule.profile_id else None,
        "decided_at": utc(rule.decided_at),
        "created_at": utc(rule.created_at),
    }
