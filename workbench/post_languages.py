"""A post in its languages, as its page shows them, and the form that orders translations."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.models import BlogPost
from blog.translations import originals
from blog.translations.job import Planned
from projects import languages as project_languages
from scribe.types import Json
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


def posts_by_language(post: BlogPost) -> list[PostInLanguage]:
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
            outdated=originals.changed_fields(row, now),
            edited_at=row.edited_at if row.original_id else None,
        )
        for row in sorted(found, key=lambda row: row.pk != original.pk)
    ]


class TranslationsForm(PageForm):
    """Which translations of a post to write."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("The post can't be translated into this language.")},
    )  # fmt: skip
    redo = forms.BooleanField(
        label=_("Regenerate all"), required=False,
        help_text=_("Also replaces translations that are up to date or have been edited. Edits are lost."),
    )  # fmt: skip

    def __init__(self, *args: object, post: BlogPost, there: list[PostInLanguage], **kwargs: object) -> None:
        """Ticked at first are the languages of the project that are missing, and what is outdated and was not edited."""
        super().__init__(*args, **kwargs)
        own = project_languages.languages_to_write(post.project)
        known = [one.code for one in there]
        rows = [row for row in languages.BY_CODE.values() if row.code != post.language]
        rows.sort(key=lambda row: (row.code not in own, row.code not in known))
        self.offer({"languages": [(row.code, f"{row.name} · {row.native_name}") for row in rows]})
        stale = [one.code for one in there if one.outdated and not one.edited_at]
        self.initial["languages"] = [*(code for code in own if code not in known), *stale]


def price_summary(planned: Planned, available: Decimal) -> Json:
    """The price of an order, as its part shows it. `available` in XCT."""
    rows = [(part.settings.language, part.quoted_max) for part in planned.parts]
    return {
        "rows": rows,
        "most": planned.xct_max,
        "skipped": planned.skipped,
        "left": available - planned.xct_max,
        "short": available < planned.xct_max,
    }
