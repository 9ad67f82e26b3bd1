"""Which language a Magento store view is in, by its code and by the connection's choice."""

from __future__ import annotations

import pytest

from catalog.view_languages import MAIN, TAKEN, UNKNOWN, assign_languages, language_of

TOLD = {
    "de": "de", "DE": "de", "de_at": "de", "de-ch": "de", "fr_ca": "fr", "fr_be": "fr", "pt_br": "pt-BR", "pt_pt": "pt",
    "sr_latn": "sr-Latn", "sr_Cyrl_RS": "sr", "zh_hant_tw": "zh-TW", "zh_cn": "zh", "uk_ua": "uk", "ar_sa": "ar", "no": "no",
    "nb_no": "no", "german": "de", "français": "fr", "Srpski": "sr-Latn", "en_us": "en", "de_de": "de",
}  # fmt: skip
UNTOLD = (
    "", "shop", "b2b_de", "at", "ch_fr", "be_nl", "be", "uk", "uk_en", "ca", "eu", "ar", "in", "in_en", "de_en", "de_it",
    "sr", "sr_rs", "pt", "zh", "de_store", "is_default", "no_vat_de", "no_prices", "x" * 400, "de\x00", "_", "de_", "__",
)  # fmt: skip


def language(view, named=(), **chosen):
    return language_of(view, named=named, chosen=chosen, systems=("magento",))


@pytest.mark.parametrize(("view", "expected"), [*TOLD.items(), *((view, "") for view in UNTOLD)])
def test_a_code_tells_its_language_or_nothing(view, expected):
    assert language(view) == expected


def test_what_the_project_writes_and_the_merchant_chose_settles_a_doubtful_code():
    assert [language(code, named=["uk", "sr-Latn", "pt-BR"]) for code in ("uk", "sr", "pt")] == [
        "uk",
        "sr-Latn",
        "pt-BR",
    ]
    assert language("sr", named=["sr", "sr-Latn"]) == ""
    assert language("shop_3", de=["shop_3"]) == "de"
    assert language("de", fr=["de"]) == "fr"


def test_a_view_of_a_country_is_the_variant_that_the_project_writes():
    assert language("de_at") == "de"
    assert language("de_at", named=["de-AT"]) == language("de_at", **{"de-AT": ["x"]}) == "de-AT"
    assert language("de_de", named=["de-AT"]) == language("de_ch", named=["de-AT"]) == "de"


def test_one_view_speaks_for_a_language_and_the_others_are_told_why_not():
    views = ["en", "de_at", "de_de", "fr_ca", "fr_fr", "shop", "default", "admin", "own_de"]
    found = assign_languages(views, main="en", own="own_de", named=(), chosen={"fr": ["fr_fr"]}, systems=("magento",))
    assert found.languages == {"fr_fr": "fr", "de_at": "de"}
    assert {view: code for view, (code, _) in found.left.items()} == {
        "en": MAIN, "de_de": TAKEN, "fr_ca": TAKEN, "shop": UNKNOWN,
    }  # fmt: skip
    assert "German as “de_at”" in found.left["de_de"][1]
    both = assign_languages(
        ["fr_ca", "fr_fr"], main="en", own="", named=(), chosen={"fr": ["fr_fr", "fr_ca"]}, systems=("magento",)
    )
    assert both.languages == {"fr_fr": "fr"}
