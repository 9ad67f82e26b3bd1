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


def find(code: str) -> Language | None:
    """The language of `code`, forgiving case, underscores and regions (`de-AT` is German, `SR-latn` Serbian in Latin)."""
    wanted = code.strip().replace("_", "-").lower()
    exact = {known.lower(): language for known, language in BY_CODE.items()}
    aliases = {
        "sr-cyrl": "sr",
        "sr-rs": "sr",
        "nb": "no",
        "nn": "no",
        "zh-hant": "zh-TW",
        "zh-hans": "zh",
        "zh-hk": "zh-TW",
        "iw": "he",
    }
    if wanted.startswith("sr-latn"):
        return BY_CODE["sr-Latn"]
    return exact.get(wanted) or BY_CODE.get(aliases.get(wanted, "")) or exact.get(wanted.split("-")[0])
