"""The invoice as a PDF, from its frozen row alone: the same row always gives the same pages.

Its first page is in the payer's language. It follows in Serbian, the language of the issuer's books, and in English.
"""

import io
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import segno
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from billing.identifiers import shown_account
from billing.invoices import PAYMENT_CODE, language_in
from billing.models import ExchangeRate, Invoice
from scribe.messages import Message, _, join
from scribe.types import Json

FONTS = Path(__file__).parent / "fonts"
WIDTH = A4[0] - 36 * mm
INK, GREY, LINE = colors.HexColor("#1b1f24"), colors.HexColor("#5b6470"), colors.HexColor("#c8ced6")
BOOKS = ("sr-latn", "en")
QR_SIZE = 40 * mm
QUIET = 4
NO_VAT = _(
    "VAT is not charged: the issuer is outside the VAT system (Article 33 of the Serbian VAT Act). The prices are final."
)
SIGNATURE = _("This invoice was made electronically. It is valid without stamp or signature.")


def number(value: Decimal, places: int = 2) -> str:
    """1.234.567,89, as the language writes it."""
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


@cache
def fonts() -> None:
    """Register the embedded fonts: DejaVu Sans has č ć ž š đ and Cyrillic."""
    pdfmetrics.registerFont(TTFont("Body", str(FONTS / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont("Body-Bold", str(FONTS / "DejaVuSans-Bold.ttf")))
    pdfmetrics.registerFontFamily("Body", normal="Body", bold="Body-Bold", italic="Body", boldItalic="Body-Bold")


def style(size: float = 9, *, bold: bool = False, color: Color = INK, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{color}{right}",
        fontName="Body-Bold" if bold else "Body",
        fontSize=size,
        leading=size * 1.38,
        textColor=color,
        alignment=TA_RIGHT if right else 0,
    )


def text(value: object, size: float = 9, **look: object) -> Paragraph:
    """A paragraph: a message in the active language, or data. Neither is markup."""
    written = value.render() if isinstance(value, Message) else str(value)
    return Paragraph(escape(written).replace("\n", "<br/>"), style(size, **look))  # type: ignore[arg-type]  # handed on


def label(value: object, **look: object) -> Paragraph:
    return text(value, 7, color=GREY, **look)


class _Pages(Canvas):  # type: ignore[misc]  # it has no types
    """Counts the pages first, so that each can say how many there are."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[Json] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self._kept:
            self.__dict__.update(page)
            self.setFont("Body", 7)
            self.setFillColor(GREY)
            self.drawRightString(A4[0] - 18 * mm, 11 * mm, f"{self._pageNumber} / {len(self._kept)}")
            self.drawString(18 * mm, 11 * mm, self._doc.info.subject or "")
            super().showPage()
        super().save()


def render(invoice: Invoice) -> bytes:
    """The PDF of an issued invoice or credit note."""
    # Invoices of before have no language: theirs is that of their country.
    own = invoice.language or language_in(invoice.buyer.get("country", "")) or settings.LANGUAGE_CODE
    fonts()
    story: list[Flowable] = []
    for language in dict.fromkeys((own, *BOOKS)):
        with translation.override(language):
            story += [PageBreak()] if story else []
            story += _story(invoice)
    out = io.BytesIO()
    with translation.override(own):
        title = _title(invoice).render()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm - 6,  # the frame itself pads by 6 points
        rightMargin=18 * mm - 6,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author=invoice.seller["name"],
        subject=invoice.number,
        lang=own,
        invariant=1,
    )
    document.build(story, canvasmaker=_Pages)
    return out.getvalue()


def _story(invoice: Invoice) -> list[Flowable]:
    story: list[Flowable] = [
        _head(invoice),
        Spacer(1, 8 * mm),
        text(_title(invoice), 15, bold=True),
        Spacer(1, 4 * mm),
        _facts(invoice),
        Spacer(1, 6 * mm),
        _lines(invoice),
        Spacer(1, 3 * mm),
        KeepTogether([_totals(invoice), Spacer(1, 4 * mm), *_notes(invoice)]),
    ]
    if not invoice.is_credit_note:
        story += [Spacer(1, 6 * mm), KeepTogether([_payment(invoice)])]
    return story


def _title(invoice: Invoice) -> Message:
    if invoice.is_credit_note:
        return _("Credit note {number}", number=invoice.number)
    return _("Invoice {number}", number=invoice.number)


def _party(party: dict[str, str]) -> Message:
    town = " ".join(filter(None, (party.get("postal_code", ""), party["city"])))
    town = ", ".join(filter(None, (town, party.get("country", ""))))
    numbers = [_("Tax ID (PIB): {pib}", pib=party["pib"])] if party.get("pib") else []
    numbers += [_("Registration number (MB): {mb}", mb=party["mb"])] if party.get("mb") else []
    return join([party["address"], town, *numbers], by="\n")


def _head(invoice: Invoice) -> Table:
    seller, buyer = invoice.seller, invoice.buyer
    account = shown_account(seller["account"])
    left = [
        label(_("Issuer")),
        text(seller["name"], 11, bold=True),
        text(join([_party(seller), _("Account: {account}", account=account)], by="\n"), 8.5),
    ]
    right = [
        label(_("Buyer")),
        text(buyer["company_name"], 11, bold=True),
        text(_party(buyer), 8.5),
    ]
    table = Table([[left, right]], colWidths=[WIDTH * 0.52, WIDTH * 0.48])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)]))
    return table


def _facts(invoice: Invoice) -> Table:
    cells = [
        (_("Date and place of issue"), f"{day(invoice.issued_on)} {invoice.seller['city']}"),
        (_("Date of supply"), day(invoice.issued_on)),
    ]
    if invoice.corrects is not None:
        original = invoice.corrects
        cells.append((_("Corrects invoice"), f"{original.number} ({day(original.issued_on)})"))
        cells.append((_("Reason"), invoice.reason))
    elif invoice.due_date is not None:
        cells.append((_("Due date"), day(invoice.due_date)))
    table = Table([[[label(name), text(value)] for name, value in cells]], colWidths=[WIDTH / len(cells)] * len(cells))
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE),
                ("LINEBELOW", (0, -1), (-1, -1), 0.6, LINE),
                ("LEFTPADDING", (0, 0), (0, 0), 0),
            ]
        )
    )
    return table


def _lines(invoice: Invoice) -> Table:
    unit_eur = invoice.eur_amount / invoice.quantity
    head = [
        label(_("No.")),
        label(_("Description")),
        label(_("Quantity"), right=True),
        label(_("Price in EUR"), right=True),
        label(_("Amount in RSD"), right=True),
    ]
    line = [
        text("1"),
        text(invoice.description),
        text(invoice.quantity, right=True),
        text(number(unit_eur), right=True),
        text(number(invoice.amount), right=True),
    ]
    widths = [WIDTH * part for part in (0.09, 0.43, 0.10, 0.17, 0.21)]
    table = Table([head, line], colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.6, LINE),
                ("LINEBELOW", (0, -1), (-1, -1), 0.6, LINE),
                ("TOPPADDING", (0, 1), (-1, -1), 5),
                ("BOTTOMPADDING", (0, 1), (-1, -1), 6),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _totals(invoice: Invoice) -> Table:
    what = _("Reduction") if invoice.is_credit_note else _("Total due")
    rows = [
        [
            text(what, 11, bold=True, right=True),
            text(f"{number(invoice.amount)} RSD", 11, bold=True, right=True),
        ],
        [label(_("Price in EUR"), right=True), text(f"({number(invoice.eur_amount)} EUR)", 8, right=True)],
    ]
    table = Table(rows, colWidths=[WIDTH * 0.68, WIDTH * 0.32])
    table.setStyle(TableStyle([("RIGHTPADDING", (-1, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2)]))
    return table


def rate_note(invoice: Invoice) -> Message:
    """At which rate, of which day and whose; and how old it was when it is not the day's own."""
    values = {"rate": invoice.rate, "rate_date": invoice.rate_date}
    if invoice.rate_source == ExchangeRate.Source.CONFIGURED:
        return _("Rate: 1 EUR = {rate:,.4f} RSD (the issuer's list rate, {rate_date:%Y-%m-%d}).", **values)
    notes = [_("Rate: 1 EUR = {rate:,.4f} RSD (middle rate of the NBS, {rate_date:%Y-%m-%d}).", **values)]
    if invoice.rate_list_number:
        notes.append(_("NBS list no. {list_number}.", list_number=invoice.rate_list_number))
    if age := (invoice.issued_on - invoice.rate_date).days:
        notes.append(_("Days since this rate was published: {days}.", days=age))
    return join(notes)


def _notes(invoice: Invoice) -> list[Flowable]:
    lines = [rate_note(invoice), NO_VAT, *([] if invoice.is_credit_note else [SIGNATURE])]
    return [text(join(lines, by="\n"), 7.5, color=GREY)]


def _payment(invoice: Invoice) -> Table:
    seller = invoice.seller
    rows = [
        (_("Payee"), f"{seller['name']}, {seller['address']}, {seller['city']}"),
        (_("Payee's account"), shown_account(seller["account"])),
        (_("Model and reference"), f"{invoice.reference[:2]}  {invoice.reference[2:]}"),
        (_("Payment code"), PAYMENT_CODE),
        (_("Amount"), f"{number(invoice.amount)} RSD"),
        (_("Purpose"), f"Račun {invoice.number}"),
    ]
    left: list[Flowable] = [text(_("Payment details"), 10, bold=True), Spacer(1, 2 * mm)]
    facts = Table([[label(name), text(value, 8.5)] for name, value in rows], colWidths=[WIDTH * 0.27, WIDTH * 0.36])
    facts.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]))
    left.append(facts)
    right = [qr(invoice.qr_code_data), label("NBS IPS QR")]
    table = Table([[left, right]], colWidths=[WIDTH * 0.68, WIDTH * 0.32])
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.8, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("PADDING", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return table


def qr(payload: str) -> Drawing:
    """The payment's QR code as vectors: error level M, black on white, with its quiet zone."""
    code = segno.make(payload, error="m", encoding="utf-8", boost_error=False, micro=False)
    rows = [list(row) for row in code.matrix]
    side = len(rows) + 2 * QUIET
    module = QR_SIZE / side
    drawing = Drawing(QR_SIZE, QR_SIZE)
    drawing.add(Rect(0, 0, QR_SIZE, QR_SIZE, fillColor=colors.white, strokeColor=None))
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                drawing.add(
                    Rect(
                        (x + QUIET) * module,
                        QR_SIZE - (y + QUIET + 1) * module,
                        length * module,
                        module,
                        fillColor=colors.black,
                        strokeColor=None,
                        strokeWidth=0,
                    )
                )
            x += max(length, 1)
    return drawing
