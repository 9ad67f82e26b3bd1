"""The base of our forms. Errors of the rules appear beside the fields that they name."""

from __future__ import annotations

from typing import Any

from django import forms

from scribe.errors import DomainError
from workbench import details

#: Names that the rules use for a field, and the form's name for it.
NAMES = {"new_password": "password", "column_mapping": "file"}
#: Statuses of errors that a person mends in the form, or by sending it again later.
MENDED = (400, 401, 403, 409, 413, 415, 429, 503)


class PageForm(forms.Form):
    """A form whose fields are rendered by `templates/workbench/parts/field.html`."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.describe()

    def full_clean(self) -> None:
        super().full_clean()
        self.describe()

    def describe(self) -> None:
        """Tie each field to its help and its error, so that screen readers announce them."""
        found = getattr(self, "_errors", None) or {}  # reading `errors` would validate the form too early
        for name, field in self.fields.items():
            named = f"id_{self.add_prefix(name)}"
            marks = [f"{named}-help"] if field.help_text else []
            if name in found:
                marks.append(f"{named}-error")
                field.widget.attrs["aria-invalid"] = "true"
            if marks:
                field.widget.attrs["aria-describedby"] = " ".join(marks)

    def refuse(self, error: DomainError) -> None:
        """Show an error of the rules beside the fields that it names, or above the form. Raises `error` when no change of
        the form would mend it."""
        if error.status not in MENDED:
            raise error
        for fault in error.extra.get("errors") or [{"pointer": "", "detail": error.detail}]:
            name = fault["pointer"].rpartition("/")[2]
            name = NAMES.get(name, name)
            self.add_error(name if name in self.fields else None, details.said(fault["detail"]))
        self.describe()
