"""The codes of our languages at each platform, one row per language.

Shopify: the locales of its Admin API (https://shopify.dev/docs/api/admin-graphql/latest/queries/availableLocales). Magento:
the codes of `Magento\\Framework\\Locale\\Config`, in CLDR's form. WordPress: the locales of its translations, which Polylang
keeps, with the slug that Polylang offers for them. WPML: its own codes, which a site may change. The usual code comes first.
Shops hold other codes too (`de_LU`, `pt_PT_ao90`), so a code that no row has is read by `languages.find`.
"""

from dataclasses import dataclass, replace

from writing import languages


@dataclass(frozen=True, slots=True)
class Codes:
    ours: str
    shopify: tuple[str, ...]
    magento: tuple[str, ...]
    wordpress: tuple[str, ...]
    slug: str
    wpml: str


def _row(ours: str, shopify: str, magento: str, wordpress: str, slug: str, wpml: str) -> Codes:
    return Codes(ours, tuple(shopify.split()), tuple(magento.split()), tuple(wordpress.split()), slug, wpml)


_TABLE = """
en      | en      | en_US en_GB en_AU en_CA en_IE en_NZ     | en_US en_GB en_AU en_CA en_NZ en_ZA | en | en
de      | de      | de_DE de_AT de_CH                       | de_DE de_DE_formal de_AT de_CH      | de | de
fr      | fr      | fr_FR fr_BE fr_CA fr_CH                 | fr_FR fr_BE fr_CA                   | fr | fr
es      | es      | es_ES es_AR es_CL es_CO es_MX           | es_ES es_AR es_CL es_CO es_MX       | es | es
it      | it      | it_IT it_CH                             | it_IT                               | it | it
pt      | pt-PT   | pt_PT                                   | pt_PT pt_PT_ao90 pt_AO              | pt | pt-pt
pt-BR   | pt-BR   | pt_BR                                   | pt_BR                               | pt | pt-br
nl      | nl      | nl_NL nl_BE                             | nl_NL nl_NL_formal nl_BE            | nl | nl
sr      | sr      | sr_Cyrl_RS                              | sr_RS                               | sr | sr
sr-Latn | sr      | sr_Latn_RS                              | sr_Latn_RS                          | sr-latn | sr-latn
hr      | hr      | hr_HR                                   | hr                                  | hr | hr
bs      | bs      | bs_Latn_BA                              | bs_BA                               | bs | bs
sl      | sl      | sl_SI                                   | sl_SI                               | sl | sl
mk      | mk      | mk_MK                                   | mk_MK                               | mk | mk
bg      | bg      | bg_BG                                   | bg_BG                               | bg | bg
ro      | ro      | ro_RO                                   | ro_RO                               | ro | ro
hu      | hu      | hu_HU                                   | hu_HU                               | hu | hu
sq      | sq      | sq_AL                                   | sq                                  | sq | sq
el      | el      | el_GR                                   | el                                  | el | el
tr      | tr      | tr_TR                                   | tr_TR                               | tr | tr
pl      | pl      | pl_PL                                   | pl_PL                               | pl | pl
cs      | cs      | cs_CZ                                   | cs_CZ                               | cs | cs
sk      | sk      | sk_SK                                   | sk_SK                               | sk | sk
ru      | ru      | ru_RU                                   | ru_RU                               | ru | ru
uk      | uk      | uk_UA                                   | uk                                  | uk | uk
be      | be      | be_BY                                   | bel                                 | be | be
lt      | lt      | lt_LT                                   | lt_LT                               | lt | lt
lv      | lv      | lv_LV                                   | lv                                  | lv | lv
et      | et      | et_EE                                   | et                                  | et | et
fi      | fi      | fi_FI                                   | fi                                  | fi | fi
sv      | sv      | sv_SE sv_FI                             | sv_SE                               | sv | sv
da      | da      | da_DK                                   | da_DK                               | da | da
no      | no nb   | nb_NO nn_NO                             | nb_NO nn_NO                         | nb | no
is      | is      | is_IS                                   | is_IS                               | is | is
ca      | ca      | ca_ES                                   | ca                                  | ca | ca
gl      | gl      | gl_ES                                   | gl_ES                               | gl | gl
eu      | eu      | eu_ES                                   | eu                                  | eu | eu
ga      | ga      | ga_IE                                   | ga                                  | ga | ga
mt      | mt      | mt_MT                                   | mt_MT                               | mt | mt
ar      | ar      | ar_SA ar_AE ar_DZ ar_EG ar_KW ar_MA     | ar                                  | ar | ar
he      | he      | he_IL                                   | he_IL                               | he | he
fa      | fa      | fa_IR                                   | fa_IR                               | fa | fa
ur      | ur      | ur_PK                                   | ur                                  | ur | ur
hi      | hi      | hi_IN                                   | hi_IN                               | hi | hi
bn      | bn      | bn_BD                                   | bn_BD                               | bn | bn
id      | id      | id_ID                                   | id_ID                               | id | id
ms      | ms      | ms_Latn_MY ms_MY                        | ms_MY                               | ms | ms
vi      | vi      | vi_VN                                   | vi                                  | vi | vi
th      | th      | th_TH                                   | th                                  | th | th
zh      | zh-CN   | zh_Hans_CN                              | zh_CN zh_SG                         | zh | zh-hans
zh-TW   | zh-TW   | zh_Hant_TW zh_Hant_HK                   | zh_TW zh_HK                         | zh | zh-hant
ja      | ja      | ja_JP                                   | ja                                  | ja | ja
ko      | ko      | ko_KR                                   | ko_KR                               | ko | ko
ka      | ka      | ka_GE                                   | ka_GE                               | ka | ka
hy      | hy      | hy_AM                                   | hy                                  | hy | hy
az      | az      | az_Latn_AZ az_AZ                        | az                                  | az | az
kk      | kk      | kk_KZ kk_Cyrl_KZ                        | kk                                  | kk | kk
sw      | sw      | sw_KE                                   | sw                                  | sw | sw
"""

CODES: dict[str, Codes] = {
    row.ours: row for line in _TABLE.strip().splitlines() for row in [_row(*(part.strip() for part in line.split("|")))]
}


def codes_of(language: str) -> Codes:
    """The row of one of our languages. A variant has its base's, with its own locale where platforms have locales."""
    if not (base := languages.base_of(language)):
        return CODES[language]
    locale = (language.replace("-", "_"),)
    return replace(CODES[base], ours=language, magento=locale, wordpress=locale)


def languages_for_code(code: str, locale: str, systems: tuple[str, ...]) -> tuple[str, ...]:
    """Our languages that a shop's code can stand for: none for a language that we don't write, two where one slot serves
    two of ours (Shopify's `sr`, Polylang's slug `pt` without its locale), so that the merchant has to choose.

    `systems` are the columns that the platform's codes are looked up in. The `locale`, where there is one, decides.
    """
    if locale and (found := languages.find(locale)):
        return (found.code,)
    wanted = _plain(code)
    named = tuple(row.ours for row in CODES.values() if any(wanted in _column(row, system) for system in systems))
    if named:
        return named
    found = languages.find(code)
    return (found.code,) if found else ()


def _column(row: Codes, system: str) -> frozenset[str]:
    held = getattr(row, system)
    return frozenset(map(_plain, (held,) if isinstance(held, str) else held))


def _plain(code: str) -> str:
    return code.strip().lower().replace("_", "-")
