"""The languages that content is written in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    native_name: str
    rtl: bool = False
    base: str = ""  # of a country's variant: the language whose terms, memory and instructions it falls back to


LANGUAGES: tuple[Language, ...] = (
    Language("en", "English", "English"),
    Language("de", "German", "Deutsch"),
    Language("fr", "French", "Français"),
    Language("es", "Spanish", "Español"),
    Language("it", "Italian", "Italiano"),
    Language("pt", "Portuguese", "Português"),
    Language("pt-BR", "Portuguese (Brazil)", "Português (Brasil)"),
    Language("nl", "Dutch", "Nederlands"),
    Language("sr", "Serbian (Cyrillic)", "Српски"),
    Language("sr-Latn", "Serbian (Latin)", "Srpski"),
    Language("hr", "Croatian", "Hrvatski"),
    Language("bs", "Bosnian", "Bosanski"),
    Language("sl", "Slovenian", "Slovenščina"),
    Language("mk", "Macedonian", "Македонски"),
    Language("bg", "Bulgarian", "Български"),
    Language("ro", "Romanian", "Română"),
    Language("hu", "Hungarian", "Magyar"),
    Language("sq", "Albanian", "Shqip"),
    Language("el", "Greek", "Ελληνικά"),
    Language("tr", "Turkish", "Türkçe"),
    Language("pl", "Polish", "Polski"),
    Language("cs", "Czech", "Čeština"),
    Language("sk", "Slovak", "Slovenčina"),
    Language("ru", "Russian", "Русский"),
    Language("uk", "Ukrainian", "Українська"),
    Language("be", "Belarusian", "Беларуская"),
    Language("lt", "Lithuanian", "Lietuvių"),
    Language("lv", "Latvian", "Latviešu"),
    Language("et", "Estonian", "Eesti"),
    Language("fi", "Finnish", "Suomi"),
    Language("sv", "Swedish", "Svenska"),
    Language("da", "Danish", "Dansk"),
    Language("no", "Norwegian", "Norsk"),
    Language("is", "Icelandic", "Íslenska"),
    Language("ca", "Catalan", "Català"),
    Language("gl", "Galician", "Galego"),
    Language("eu", "Basque", "Euskara"),
    Language("ga", "Irish", "Gaeilge"),
    Language("mt", "Maltese", "Malti"),
    Language("ar", "Arabic", "العربية", rtl=True),
    Language("he", "Hebrew", "עברית", rtl=True),
    Language("fa", "Persian", "فارسی", rtl=True),
    Language("ur", "Urdu", "اردو", rtl=True),
    Language("hi", "Hindi", "हिन्दी"),
    Language("bn", "Bengali", "বাংলা"),
    Language("id", "Indonesian", "Bahasa Indonesia"),
    Language("ms", "Malay", "Bahasa Melayu"),
    Language("vi", "Vietnamese", "Tiếng Việt"),
    Language("th", "Thai", "ไทย"),
    Language("zh", "Chinese (Simplified)", "简体中文"),
    Language("zh-TW", "Chinese (Traditional)", "繁體中文"),
    Language("ja", "Japanese", "日本語"),
    Language("ko", "Korean", "한국어"),
    Language("ka", "Georgian", "ქართული"),
    Language("hy", "Armenian", "Հայերեն"),
    Language("az", "Azerbaijani", "Azərbaycanca"),
    Language("kk", "Kazakh", "Қазақша"),
    Language("sw", "Swahili", "Kiswahili"),
)
#: What a country writes otherwise. They are written where they are named; a shop's code means its language, unless the
#: project writes the variant.
VARIANTS: tuple[Language, ...] = (
    Language("en-AU", "English (Australia)", "English (Australia)", base="en"),
    Language("en-CA", "English (Canada)", "English (Canada)", base="en"),
    Language("en-GB", "English (United Kingdom)", "English (UK)", base="en"),
    Language("de-AT", "German (Austria)", "Deutsch (Österreich)", base="de"),
    Language("de-CH", "German (Switzerland)", "Deutsch (Schweiz)", base="de"),
    Language("fr-BE", "French (Belgium)", "Français (Belgique)", base="fr"),
    Language("fr-CA", "French (Canada)", "Français (Canada)", base="fr"),
    Language("fr-CH", "French (Switzerland)", "Français (Suisse)", base="fr"),
    Language("es-AR", "Spanish (Argentina)", "Español (Argentina)", base="es"),
    Language("es-CL", "Spanish (Chile)", "Español (Chile)", base="es"),
    Language("es-CO", "Spanish (Colombia)", "Español (Colombia)", base="es"),
    Language("es-MX", "Spanish (Mexico)", "Español (México)", base="es"),
    Language("it-CH", "Italian (Switzerland)", "Italiano (Svizzera)", base="it"),
    Language("nl-BE", "Dutch (Belgium)", "Nederlands (België)", base="nl"),
)
BY_CODE: dict[str, Language] = {language.code: language for language in (*LANGUAGES, *VARIANTS)}
_VARIANTS = {language.code.lower(): language for language in VARIANTS}


#: Codes of the same language: retired ones, the two written forms of Norwegian, and WordPress' own.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "mo": "ro", "cmn": "zh", "bel": "be", "hbs": "sr", "sh": "sr"}
#: The script in which a code without one is written, where it isn't that of our first entry of the language.
_SCRIPT_OF_REGION = {("zh", "tw"): "hant", ("zh", "hk"): "hant", ("zh", "mo"): "hant", ("sr", "me"): "latn"}
#: Our code by language and script, for languages that are written in two. Others have one script, which needs no name.
_BY_SCRIPT = {
    "sr": {"cyrl": "sr", "latn": "sr-Latn"},
    "zh": {"hans": "zh", "hant": "zh-TW"},
    "az": {"latn": "az"},
    "kk": {"cyrl": "kk"},
    "bs": {"latn": "bs"},
    "ms": {"latn": "ms"},
}
_BY_REGION = {("pt", "br"): "pt-BR"}
_SCRIPTS = {"latin": "latn", "cyrillic": "cyrl"}  # as POSIX's modifiers name them


def find(code: str) -> Language | None:
    """The language of `code`, as browsers (BCP 47), POSIX, WordPress and shops write it; None for one that we don't write.

    Case and separators don't matter. A region without a meaning of its own is left out: `de_AT` is German, `zh_Hant_HK`
    Chinese in traditional letters, `sr_RS@latin` Serbian in Latin, `pt_PT_ao90` Portuguese. A script that we don't write
    the language in is no match. The regions' scripts are those of CLDR's likely subtags.
    """
    plain, _, modifier = code.strip().lower().partition("@")
    tag, *parts = plain.partition(".")[0].replace("_", "-").split("-")
    script = next((part for part in parts if len(part) == 4 and part.isalpha()), _SCRIPTS.get(modifier, ""))
    region = next((part for part in parts if len(part) == 2 and part.isalpha()), "")
    if tag in ("sh", "hbs") and not script:
        script = "latn"
    tag = _SAME.get(tag, tag)
    if found := BY_CODE.get(_BY_REGION.get((tag, region), "")):
        return found
    script = script or _SCRIPT_OF_REGION.get((tag, region), "")
    if script and tag in _BY_SCRIPT:
        return BY_CODE.get(_BY_SCRIPT[tag].get(script, ""))
    return BY_CODE.get(tag)


def find_variant(code: str) -> Language | None:
    """Like `find`, but with the variants: `de_AT` is Austria's German."""
    plain = code.strip().partition("@")[0].partition(".")[0].replace("_", "-").lower()
    return _VARIANTS.get(plain) or find(code)


def base_of(code: str) -> str:
    """The language that one of our codes falls back to, or "" for a language that is no variant."""
    return BY_CODE[code].base if code in BY_CODE else ""
