"""The invoice as a PDF, in Serbian and English, from its frozen row alone: the same row always gives the same page."""

import io
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import segno
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
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from billing.identifiers import shown_account
from billing.invoices import PAYMENT_CODE
from billing.models import ExchangeRate, Invoice
from scribe.types import Json

FONTS = Path(__file__).parent / "fonts"
WIDTH = A4[0] - 36 * mm
INK, GREY, LINE = colors.HexColor("#1b1f24"), colors.HexColor("#5b6470"), colors.HexColor("#c8ced6")
QR_SIZE = 40 * mm
QUIET = 4
NO_VAT = (
    "PDV nije obračunat: izdavalac nije u sistemu PDV-a (član 33. Zakona o porezu na dodatu vrednost). Cene su konačne. / "
    "VAT not charged: the issuer is outside the VAT system (Article 33 of the VAT Act). Prices are final."
)
SIGNATURE = "Račun je sastavljen elektronski i važi bez pečata i potpisa. / Made electronically; valid without stamp or signature."


def number(value: Decimal, places: int = 2) -> str:
    """1.234.567,89"""
    return f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))


def day(value: date) -> str:
    """24.11.2026."""
    return f"{value:%d.%m.%Y}."


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
    """A paragraph; the text is data, never markup."""
    return Paragraph(escape(str(value)).replace("\n", "<br/>"), style(size, **look))  # type: ignore[arg-type]  # handed on


def label(value: str, **look: object) -> Paragraph:
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
            self.drawRightString(A4[0] - 18 * mm, 11 * mm, f"Strana / Page {self._pageNumber}/{len(self._kept)}")
            self.drawString(18 * mm, 11 * mm, self._doc.info.subject or "")
            super().showPage()
        super().save()


def render(invoice: Invoice) -> bytes:
    """The PDF of an issued invoice or credit note."""
    fonts()
    out = io.BytesIO()
    title = _title(invoice)
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm - 6,  # the frame itself pads by 6 points
        rightMargin=18 * mm - 6,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=title,
        author=invoice.seller["name"],
        subject=title,
        lang="sr-Latn",
        invariant=1,
    )
    story: list[Flowable] = [
        _head(invoice),
        Spacer(1, 8 * mm),
        text(title, 15, bold=True),
        Spacer(1, 4 * mm),
        _facts(invoice),
        Spacer(1, 6 * mm),
        _lines(invoice),
        Spacer(1, 3 * mm),
        KeepTogether([_totals(invoice), Spacer(1, 4 * mm), *_notes(invoice)]),
    ]
    if not invoice.is_credit_note:
        story += [Spacer(1, 6 * mm), KeepTogether([_payment(invoice)])]
    document.build(story, canvasmaker=_Pages)
    return out.getvalue()


def _title(invoice: Invoice) -> str:
    kind = "Knjižno odobrenje / Credit note" if invoice.is_credit_note else "Račun / Invoice"
    return f"{kind} br. {invoice.number}"


def _party(party: dict[str, str]) -> str:
    town = " ".join(filter(None, (party.get("postal_code", ""), party["city"])))
    town = ", ".join(filter(None, (town, party.get("country", ""))))
    numbers = [f"PIB / Tax ID: {party['pib']}"] if party.get("pib") else []
    numbers += [f"MB / Reg. no.: {party['mb']}"] if party.get("mb") else []
    return "\n".join([party["address"], town, *numbers])


def _head(invoice: Invoice) -> Table:
    seller, buyer = invoice.seller, invoice.buyer
    account = shown_account(seller["account"])
    left = [
        label("Izdavalac / Issuer"),
        text(seller["name"], 11, bold=True),
        text(f"{_party(seller)}\nTekući račun / Account: {account}", 8.5),
    ]
    right = [
        label("Kupac / Buyer"),
        text(buyer["company_name"], 11, bold=True),
        text(_party(buyer), 8.5),
    ]
    table = Table([[left, right]], colWidths=[WIDTH * 0.52, WIDTH * 0.48])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0)]))
    return table


def _facts(invoice: Invoice) -> Table:
    cells = [
        ("Datum i mesto izdavanja / Issued", f"{day(invoice.issued_on)} {invoice.seller['city']}"),
        ("Datum prometa / Date of supply", day(invoice.issued_on)),
    ]
    if invoice.corrects is not None:
        original = invoice.corrects
        cells.append(("Uz račun / Corrects invoice", f"{original.number} ({day(original.issued_on)})"))
        cells.append(("Razlog / Reason", invoice.reason))
    elif invoice.due_date is not None:
        cells.append(("Rok plaćanja / Due date", day(invoice.due_date)))
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
        label("R. br. / No."),
        label("Opis / Description"),
        label("Kol. / Qty", right=True),
        label("Cena EUR / Price EUR", right=True),
        label("Iznos RSD / Amount RSD", right=True),
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
    what = "Umanjenje / Reduction" if invoice.is_credit_note else "Ukupno za uplatu / Total due"
    rows = [
        [
            text(what, 11, bold=True, right=True),
            text(f"{number(invoice.amount)} RSD", 11, bold=True, right=True),
        ],
        [label("Cena u EUR / Price in EUR", right=True), text(f"({number(invoice.eur_amount)} EUR)", 8, right=True)],
    ]
    table = Table(rows, colWidths=[WIDTH * 0.68, WIDTH * 0.32])
    table.setStyle(TableStyle([("RIGHTPADDING", (-1, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 2)]))
    return table


def rate_note(invoice: Invoice) -> str:
    """At which rate, of which day and whose; and how old it was when it is not the day's own."""
    rate = f"Kurs: 1 EUR = {number(invoice.rate, 4)} RSD"
    if invoice.rate_source == ExchangeRate.Source.CONFIGURED:
        return f"{rate} (kurs iz cenovnika izdavaoca / issuer's own list rate, {day(invoice.rate_date)})"
    listed = f", lista br. {invoice.rate_list_number}" if invoice.rate_list_number else ""
    note = f"{rate} (NBS srednji kurs / NBS middle rate, {day(invoice.rate_date)}{listed})"
    age = (invoice.issued_on - invoice.rate_date).days
    return f"{note}; poslednji objavljen, dana / last published, days: {age}" if age else note


def _notes(invoice: Invoice) -> list[Flowable]:
    lines = [rate_note(invoice), NO_VAT]
    if invoice.corrects is None:
        lines.append(SIGNATURE)
    return [text("\n".join(lines), 7.5, color=GREY)]


def _payment(invoice: Invoice) -> Table:
    seller = invoice.seller
    rows = [
        ("Primalac / Payee", f"{seller['name']}, {seller['address']}, {seller['city']}"),
        ("Račun primaoca / Account", shown_account(seller["account"])),
        ("Model i poziv na broj / Reference", f"{invoice.reference[:2]}  {invoice.reference[2:]}"),
        ("Šifra plaćanja / Payment code", PAYMENT_CODE),
        ("Iznos / Amount", f"{number(invoice.amount)} RSD"),
        ("Svrha / Purpose", f"Račun {invoice.number}"),
    ]
    left: list[Flowable] = [text("Podaci za uplatu / Payment details", 10, bold=True), Spacer(1, 2 * mm)]
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
