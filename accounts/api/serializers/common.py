"""Fields and replies that several tags share."""

from rest_framework import serializers

from accounts.models import User
from scribe.api.fields import Choice
from scribe.api.serializers import Reply, Request

ROLES = "`admin`, `member`, `reviewer`, `translator` or `viewer`."
LANGUAGES = "The languages whose texts the person reviews. A translator edits and approves no others."
PROJECTS = "The projects that the person sees. Empty: all."


class MessageReply(Reply):
    message = serializers.CharField()


class TokenQuery(Request):
    token = serializers.CharField(max_length=1000, help_text="The token from the emailed link.")


class MembershipFields(Request):
    """The role of a person, with its languages and projects."""

    role = Choice(choices=User.Role.choices, required=False)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), required=False, allow_null=True, max_length=100, help_text=LANGUAGES
    )
    project_ids = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, allow_null=True, max_length=100, help_text=PROJECTS
    )


def password(**more: object) -> serializers.CharField:
    """A password, taken as typed: blanks are part of it."""
    return serializers.CharField(max_length=256, trim_whitespace=False, style={"input_type": "password"}, **more)  # type: ignore[arg-type]  # handed on


def optional(**more: object) -> serializers.CharField:
    """A text that may be left out, empty or null."""
    return serializers.CharField(required=False, allow_blank=True, allow_null=True, **more)  # type: ignore[arg-type]  # handed on
