"""Codes of languages, as browsers, systems and shops write them, and which of ours they mean."""

from __future__ import annotations

import pytest

from writing import languages


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("de", "de"),
        ("DE_at", "de"),
        ("de_DE_formal", "de"),
        ("en_US.UTF-8", "en"),
        ("zh_Hant_TW", "zh-TW"),
        ("zh-hant", "zh-TW"),
        ("zh_HK", "zh-TW"),
        ("zh-MO", "zh-TW"),
        ("zh_Hans_CN", "zh"),
        ("zh-Hans-HK", "zh"),
        ("zh-CN", "zh"),
        ("zh", "zh"),
        ("nb_NO", "no"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("no", "no"),
        ("pt_BR", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("pt_PT_ao90", "pt"),
        ("pt", "pt"),
        ("sr_Latn_RS", "sr-Latn"),
        ("SR-latn", "sr-Latn"),
        ("sr_RS@latin", "sr-Latn"),
        ("sr_ME", "sr-Latn"),
        ("sh", "sr-Latn"),
        ("sr_Cyrl_RS", "sr"),
        ("sr_Cyrl_ME", "sr"),
        ("sr_RS", "sr"),
        ("sr", "sr"),
        ("iw", "he"),
        ("bel", "be"),
        ("az-Latn-AZ", "az"),
        ("es-419", "es"),
        (" fr_CA ", "fr"),
    ],
)
def test_a_code_means_one_language(code: str, ours: str) -> None:
    """`zh_Hant_TW` was simplified Chinese, and `nb_NO` was none."""
    found = languages.find(code)
    assert found is not None
    assert found.code == ours


@pytest.mark.parametrize("code", ["", "-", "xx", "tlh", "az-Cyrl", "sr-Arab", "english", "d", "zh-Latn"])
def test_what_we_do_not_write_is_none(code: str) -> None:
    assert languages.find(code) is None


@pytest.mark.parametrize(
    ("code", "ours"),
    [("de_AT", "de-AT"), ("DE-at", "de-AT"), ("en_GB.UTF-8", "en-GB"), ("es-MX", "es-MX"), ("de_DE", "de"),
     ("en-US", "en"), ("de_DE_formal", "de"), ("pt-BR", "pt-BR"), ("zh_Hant_TW", "zh-TW"), ("xx", None)],
)  # fmt: skip
def test_a_variant_of_a_country_is_found_where_it_is_named(code: str, ours: str | None) -> None:
    found = languages.find_variant(code)
    assert (found and found.code) == ours


def test_each_variant_falls_back_to_one_of_ours() -> None:
    for variant in languages.VARIANTS:
        assert languages.find_variant(variant.code) is variant
        assert languages.find(variant.code) is languages.BY_CODE[variant.base]
        assert languages.base_of(variant.code) in {language.code for language in languages.LANGUAGES}
    assert languages.base_of("de") == languages.base_of("pt-BR") == ""


def test_each_of_ours_finds_itself() -> None:
    assert [languages.find(known.code) for known in languages.LANGUAGES] == list(languages.LANGUAGES)
