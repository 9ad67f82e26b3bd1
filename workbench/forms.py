"""The base of our forms. Errors of the rules appear beside the fields that they name."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scribe import messages
from scribe.errors import DomainError
from scribe.types import Json, StrPromise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

#: Names that the rules use for a field, and the form's name for it.
NAMES = {"new_password": "password", "column_mapping": "file"}
#: Statuses of errors that a person mends in the form, or by sending it again later.
MENDED = (400, 401, 403, 409, 413, 415, 429, 503)


def text(
    label: Words, most: int, *, required: bool = True, help_text: Words | str = "", **attrs: object
) -> forms.CharField:
    """A field for at most `most` characters, on one line or on so many `rows`. `attrs` are the element's."""
    widget = forms.Textarea(attrs=attrs) if "rows" in attrs else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, max_length=most, widget=widget, required=required, help_text=help_text)


def entries_of(line: str) -> list[str]:
    """The entries of a field that are separated by commas. One that has a comma itself stands in quotes."""
    (found,) = csv.reader([" ".join(line.split()) or ","], skipinitialspace=True)
    return [entry for one in found if (entry := one.strip())]


def line_of(entries: Iterable[object]) -> str:
    """The entries as `entries_of` reads them."""
    return ", ".join(
        '"{}"'.format(entry.replace('"', '""')) if "," in entry or '"' in entry else entry
        for entry in map(str, entries)
    )


def projects_field(help_text: Words) -> forms.MultipleChoiceField:
    """A field for projects, whose choices the page offers."""
    ticks = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=_("Projects"), required=False, widget=ticks, help_text=help_text)


def password(
    label: Words, fills: str, *, required: bool = True, most: int | None = 1000, help_text: Words | str = ""
) -> forms.CharField:
    """A field for a password, taken as it is typed."""
    widget = forms.PasswordInput(attrs={"autocomplete": fills})
    return forms.CharField(
        label=label, strip=False, widget=widget, required=required, max_length=most, help_text=help_text
    )


def new_password(label: Words) -> forms.CharField:
    return password(label, "new-password", help_text=_("At least 8 characters. Avoid common passwords."))


class PageForm(forms.Form):
    """A form whose fields are rendered by `templates/workbench/parts/field.html`."""

    required_css_class = "required"

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", **kwargs)  # type: ignore[misc, arg-type]  # nobody gives it twice
        self.describe()

    @property
    def has_required(self) -> bool:
        """Whether its other fields say that they are optional: where all are, that says nothing."""
        return any(field.required for field in self.fields.values())

    def offer(self, choices: Mapping[str, Iterable[tuple[str, StrPromise]]]) -> None:
        """Put the choices of fields, by name."""
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = found

    def full_clean(self) -> None:
        super().full_clean()
        self.describe()

    def describe(self) -> None:
        """Tie each field to its help and its error, so that screen readers announce them. Words run in their own direction."""
        found = getattr(self, "_errors", None) or {}  # reading `errors` would validate the form too early
        for name, field in self.fields.items():
            named = f"id_{self.add_prefix(name)}"
            marks = [f"{named}-help"] if field.help_text else []
            if name in found:
                marks.append(f"{named}-error")
                field.widget.attrs["aria-invalid"] = "true"
            if isinstance(field.widget, forms.Textarea) or getattr(field.widget, "input_type", "") in (
                "text",
                "search",
            ):
                field.widget.attrs["dir"] = "auto"
            if marks:
                field.widget.attrs["aria-describedby"] = " ".join(marks)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Show what the rules refuse in the block, as `refuse` does. What follows the block shows the form again."""
        try:
            yield
        except DomainError as error:
            self.refuse(error)

    def refuse(self, error: DomainError) -> None:
        """Show an error of the rules beside the fields that it names, or above the form. Raises `error` when no change of
        the form would mend it."""
        if error.status not in MENDED:
            raise error
        for fault in error.extra.get("errors") or [{"pointer": "", "detail": error.detail}]:
            name = fault["pointer"].rstrip("/0123456789").rpartition("/")[2]  # of an element of a list: the list's
            name = NAMES.get(name, name)
            self.add_error(name if name in self.fields else None, messages.render(fault["detail"]))
        self.describe()


@dataclass(frozen=True, slots=True)
class Purpose:
    """What something is for, in plain words, and what that chooses."""

    name: str
    label: Words
    chosen: tuple[str, ...]


class PurposeForm(PageForm):
    """A form that asks for a purpose, which fills the field `filled`, or for its entries one by one. Who names no purpose
    fills it themselves."""

    asks: ClassVar[Words] = _("What is it for?")
    purposes: ClassVar[tuple[Purpose, ...]]
    filled: ClassVar[str]
    purpose = forms.ChoiceField(widget=forms.RadioSelect, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer({"purpose": [*((one.name, one.label) for one in self.purposes), ("", _("Choose one by one"))]})
        self.fields["purpose"].label, self.fields["purpose"].initial = self.asks, self.purposes[0].name

    def clean(self) -> Json:
        data: Json = self.cleaned_data
        named = data.pop("purpose", "")
        return next(({**data, self.filled: list(one.chosen)} for one in self.purposes if one.name == named), data)


class ListedLanguages(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Forms for one language each, every language once."""

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("language") if form.is_valid() else ""
            if code and code in seen:
                form.add_error("language", _("This language is listed twice."))
            seen.add(code or "")


def connect(kind: ModuleType, form: PageForm, *, by: User, **fields: object) -> Any:  # type: ignore[explicit-any]  # of either kind
    """The connection that `form` and `fields` describe. None when the form says why there is none. `kind` is the module
    that makes, tests and deletes such connections."""
    try:
        made = kind.create(organization=by.organization, by=by, **fields, **form.cleaned_data)
    except DomainError as error:
        form.refuse(error)
        return None
    found = kind.test(connection=made)
    if found["success"]:
        return made
    kind.delete(connection=made, by=by)
    form.add_error(None, messages.render(found["message"]))
    return None
