"""Check digits, references and QR texts against the published vectors."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.rs import pib

from billing import identifiers, ips
from billing.amounts import cents

VECTORS = json.loads((Path(__file__).parent / "data" / "invoices.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["pib"], ids=lambda v: v["value"] or "empty")
def test_pib(vector):
    """What the check of billing details relies on."""
    assert pib.is_valid(vector["value"]) is vector["valid"]


@pytest.mark.parametrize("vector", VECTORS["account"], ids=lambda v: v["input"] or "empty")
def test_account(vector):
    assert identifiers.account(vector["input"]) == (vector["normalized"] if vector["valid"] else None)


@pytest.mark.parametrize("vector", VECTORS["reference_97"], ids=lambda v: v["full"])
def test_reference_97(vector):
    if "body" in vector:
        assert identifiers.reference_97(vector["body"]) == vector["full"]
    assert identifiers.is_reference_97(vector["full"]) is vector.get("valid", True)


@pytest.mark.parametrize("vector", VECTORS["ips"], ids=lambda v: v["payload"][-40:])
def test_ips(vector):
    fault = ips.check(vector["payload"])
    if vector["valid"]:
        assert fault is None
        assert (len(vector["payload"]), len(vector["payload"].encode())) == (vector["chars"], vector["utf8_bytes"])
    else:
        assert fault == vector["error"]


@pytest.mark.parametrize("case", VECTORS["eur_to_rsd"]["cases"], ids=lambda c: c["eur"])
def test_euro_to_dinar(case):
    rsd = cents(Decimal(case["eur"]) * Decimal(VECTORS["eur_to_rsd"]["rate"]))
    assert (str(rsd), ips.amount(rsd)) == (case["rsd"], case["ips"])


def test_the_worked_example():
    text = ips.payload(
        account=identifiers.account("310-1234567891211-86"),
        name=ips.payee("Primer Studio d.o.o."),
        rsd=Decimal("21600.00"),
        code="221",
        purpose="Račun 2026-00124",
        reference=identifiers.reference_97("202600124"),
    )
    assert text == VECTORS["ips"][0]["payload"]
    assert identifiers.shown_account("840000000095584510") == "840-955845-10"


def test_names_cannot_break_the_text():
    assert ips.payee("Firma | „Zlo“ d.o.o.  –  Niš") == 'Firma "Zlo" d.o.o. - Niš'
    assert len(ips.payee("x" * 100, "Ulica 1", "Beograd")) <= 70
    assert ips.payee("Firma", "Ulica 1", "Beograd") == "Firma\r\nUlica 1\r\nBeograd"
