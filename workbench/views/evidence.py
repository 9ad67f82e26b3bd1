"""Evidence on file: which claims may be said with it until when, in how many texts, and which rules accept any."""

from typing import cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scribe import messages, storage
from scribe.api.access import ADMINS
from studio import evidence
from workbench.forms import PageForm, text
from workbench.pages import go
from workbench.views.account import AccountPage
from writing.models import Evidence, LawRule

MOST_LISTED = 200
MOST_CLAIMS = 20
LONGEST_CLAIM = 200
SHORTEST_CLAIM = 3


def _rules() -> list[LawRule]:
    return list(LawRule.objects.filter(active=True).exclude(evidence="").order_by("code"))


class EvidenceForm(PageForm):
    rule = forms.ChoiceField(
        label=_("Allows claims of this kind"),
        choices=lambda: [(rule.code, messages.render(rule.concept)) for rule in _rules()],
    )
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("For example: EU Ecolabel."))
    number = forms.CharField(label=_("Number"), max_length=100, help_text=_("As on the document."))
    claims = text(
        _("Claims it covers"),
        MOST_CLAIMS * (LONGEST_CLAIM + 2),
        rows=3,
        help_text=_("The words exactly as your texts say them, one claim per line. Case does not matter."),
    )
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    file = forms.FileField(
        label=_("Document"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
        help_text=_("PDF, PNG or JPEG, up to 10 MB."),
    )

    def clean_claims(self) -> list[str]:
        claims = [line.strip() for line in str(self.cleaned_data["claims"]).splitlines() if line.strip()]
        if len(claims) > MOST_CLAIMS or not all(SHORTEST_CLAIM <= len(claim) <= LONGEST_CLAIM for claim in claims):
            raise forms.ValidationError(_("Enter up to 20 claims of 3 to 200 characters each."))
        return claims


class EvidencePage(AccountPage):
    tab = "evidence"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def page(self, form: EvidenceForm | None = None, status: int = 200) -> HttpResponse:
        rules = _rules()
        concepts = {rule.code: messages.render(rule.concept) for rule in rules}
        counts = evidence.lifted_texts(self.user.organization_id)
        rows = [
            {
                "evidence": row,
                "concept": concepts.get(row.rule, row.rule),
                "ended": row.valid_until < timezone.localdate(),
                "file_url": storage.url(row.file_key) if row.file_key else "",
                "texts": counts[row.rule, row.number],
            }
            for row in Evidence.objects.visible_to(self.user)[:MOST_LISTED]
        ]
        accepted = [
            {"concept": concepts[rule.code], "law": rule.law, "evidence": messages.render(rule.evidence)}
            for rule in rules
        ]
        return self.show_account("evidence", status=status, form=form or EvidenceForm(), rows=rows, accepted=accepted)


class EvidenceFiling(EvidencePage):
    who = ADMINS

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EvidenceForm(request.POST, request.FILES)
        if form.is_valid():
            asked = dict(form.cleaned_data)
            with form.refusals():
                evidence.add(by=self.user, file=cast("UploadedFile[bytes] | None", asked.pop("file")), **asked)
                return go("evidence", said="saved")
        return self.page(form, status=422)


class EvidenceRemoval(AccountPage):
    who = ADMINS

    def post(self, request: HttpRequest, evidence_id: str) -> HttpResponse:
        evidence.remove(evidence=self.row(Evidence.objects.all(), evidence_id), by=self.user)
        return go("evidence", said="evidence-removed")
