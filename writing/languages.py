"""The languages that content is written in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    name: str
    native_name: str
    rtl: bool = False

    def as_dict(self) -> dict[str, str | bool]:
        return {"code": self.code, "name": self.name, "native_name": self.native_name, "rtl": self.rtl}


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
BY_CODE: dict[str, Language] = {language.code: language for language in LANGUAGES}


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
