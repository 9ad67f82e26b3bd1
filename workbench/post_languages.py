"""A post in its languages, as its page shows them, and the form that orders translations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models import BlogPost
from blog.translations import originals
from blog.translations.job import Planned
from projects import languages as project_languages
from workbench.forms import PageForm
from writing import languages

COLUMNS = ("language", "status", "title", "topic", "made_from", "edited_at", "content", "original_id")


@dataclass(frozen=True, slots=True)
class PostInLanguage:
    """The original (`is_original`), or one translation. `outdated` are the fields of the original that have changed
    since."""

    pk: UUID
    code: str
    status: str
    is_original: bool
    outdated: list[str]
    edited_at: datetime | None


def of(post: BlogPost) -> list[PostInLanguage]:
    """The post in each of its languages, the original first; none for a post without translations. Takes one statement
    where `post.original` is loaded."""
    original = post.original or post
    rows = BlogPost.objects.filter(Q(pk=original.pk) | Q(original=original)).only(*COLUMNS).order_by("language")
    found = list(rows)
    if len(found) < 2:
        return []
    now = originals.digests(original)
    return [
        PostInLanguage(
            pk=row.pk,
            code=row.language,
            status=row.status,
            is_original=row.pk == original.pk,
            outdated=originals.outdated(row, now),
            edited_at=row.edited_at if row.original_id else None,
        )
        for row in sorted(found, key=lambda row: row.pk != original.pk)
    ]


class TranslationsForm(PageForm):
    """Which translations of a post to write."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This is not a language to translate the post into.")},
    )  # fmt: skip
    redo = forms.BooleanField(
        label=_("Write anew"), required=False,
        help_text=_("What is up to date, and what somebody has edited, as well. Edits are lost."),
    )  # fmt: skip

    def __init__(self, *args: Any, post: BlogPost, there: list[PostInLanguage], **kwargs: Any) -> None:
        """Ticked at first are the languages of the project that are missing, and what is outdated and was not edited."""
        super().__init__(*args, **kwargs)
        own = project_languages.of(post.project)
        known = [one.code for one in there]
        rows = [row for row in languages.LANGUAGES if row.code != post.language]
        rows.sort(key=lambda row: (row.code not in own, row.code not in known))
        field = self.fields["languages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(row.code, f"{row.name} · {row.native_name}") for row in rows]
        stale = [one.code for one in there if one.outdated and not one.edited_at]
        self.initial["languages"] = [*(code for code in own if code not in known), *stale]


def told(planned: Planned, available: Any) -> dict[str, Any]:
    """The price of an order, as its part shows it. `available` in XCT."""
    rows = [(part.settings.language, part.quoted_max) for part in planned.parts]
    return {
        "rows": rows,
        "most": planned.xct_max,
        "skipped": planned.skipped,
        "left": available - planned.xct_max,
        "short": available < planned.xct_max,
    }
