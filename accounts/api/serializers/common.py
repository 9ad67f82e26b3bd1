"""Fields and replies that several tags share."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from scribe.api.serializers import Reply, Request


class MessageReply(Reply):
    message = serializers.CharField()


class TokenQuery(Request):
    token = serializers.CharField(max_length=1000, help_text="The token of the mailed link.")


def password(**more: Any) -> serializers.CharField:
    """A password, taken as typed: blanks are part of it."""
    return serializers.CharField(max_length=256, trim_whitespace=False, style={"input_type": "password"}, **more)


def optional(**more: Any) -> serializers.CharField:
    """A text that may be left out, empty or null."""
    return serializers.CharField(required=False, allow_blank=True, allow_null=True, **more)
