"""Polylang and WPML on the fakes of WordPress and WooCommerce: a row for each language, linked where the paid parts are active.

`plugin` is `polylang` (its paid parts), `polylang_free`, `wpml` (with WooCommerce Multilingual), `wpml_alone`, or "".
"""

from __future__ import annotations

import re
from typing import Any

PAID = ("polylang", "wpml")
SPACES = {
    "polylang": ["pll/v1"],
    "polylang_free": ["pll/v1"],
    "wpml": ["wpml/v1", "wpml/tm/v1", "wpml/st/v1"],
    "wpml_alone": ["wpml/v1", "wpml/tm/v1", "wpml/st/v1"],
    "": [],
}
LOCALES = {
    "en": "en_US", "de": "de_DE", "fr": "fr_FR", "sr": "sr_RS", "he": "he_IL", "pl": "pl_PL", "pt": "pt_BR", "pt-br": "pt_BR", "zh": "zh_TW",
}  # fmt: skip


class Languages:
    def __init__(
        self, *args: Any, plugin: str = "", codes: tuple[str, ...] = ("en", "de", "fr"), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plugin = plugin
        self.codes = codes if plugin else ()
        self.addressed = True  # Polylang's "URL modifications": the address of a row shows its language

    @property
    def spaces(self) -> list[str]:
        return SPACES[self.plugin]

    def speak(self, row: dict[str, Any], code: str = "") -> dict[str, Any]:
        """Give a row its language, alone in its group. The free parts tell nothing about it."""
        if self.plugin in PAID:
            code = code or self.codes[0]
            row |= {"lang": code, "translations": {code: self._id(row)}}
        return self.at_home(row, code)

    def at_home(self, row: dict[str, Any], code: str) -> dict[str, Any]:
        """Give a row the address that Polylang gives it, by its free part as well: `/de/…`; the default's has none."""
        if self.plugin.startswith("polylang") and self.addressed and code and code != self.codes[0]:
            for key in row.keys() & {"link", "permalink"}:
                row[key] = row[key].replace(self.url, f"{self.url}/{code}", 1)  # type: ignore[attr-defined]
        return row

    def link(self, row: dict[str, Any], code: str, made: dict[str, Any]) -> dict[str, Any]:
        """Make `made` the translation of `row`. All rows of a group name each other."""
        if self.plugin in PAID:
            group = row["translations"]
            group[code] = self._id(made)
            made |= {"lang": code, "translations": group}
        return self.at_home(made, code)

    def made(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """A row that a program makes. Polylang Pro takes `lang` and `translations`; a language that it lacks is silently the
        default. The free version and WPML take neither for posts."""
        if self.plugin != "polylang" or body.get("lang") not in self.codes:
            return row
        row |= {"lang": body["lang"], "translations": {body["lang"]: row["id"]}}
        for pk in (body.get("translations") or {}).values():
            if other := self.rows.get(int(pk)):  # type: ignore[attr-defined]
                self.link(other, body["lang"], row)
        return row

    def _id(self, row: dict[str, Any]) -> Any:
        return str(row["id"]) if self.plugin == "wpml" else row["id"]

    def languages_listed(self) -> list[dict[str, Any]]:
        """`GET /pll/v1/languages`, which everybody may read."""
        return [
            {
                "slug": code,
                "name": code.upper(),
                "locale": LOCALES[code],
                "w3c": LOCALES[code].replace("_", "-"),
                "is_default": code == self.codes[0],
                "home_url": f"{self.url}/" if code == self.codes[0] else f"{self.url}/{code}/",  # type: ignore[attr-defined]
            }
            for code in self.codes
        ]

    def spoken(self, rows: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
        """The rows that a list shows. WPML shows the default language alone, unless it is asked for another or all."""
        asked = query.get("lang", "")
        if self.plugin == "wpml":
            asked = asked or self.codes[0]
            return rows if asked == "all" else [row for row in rows if row.get("lang") == asked]
        if self.plugin == "polylang" and asked in self.codes:
            return [row for row in rows if row.get("lang") == asked]
        return rows

    def wrong_language(self, query: dict[str, str]) -> str:
        """WPML's message for a language that it does not know; the others ignore it."""
        asked = query.get("lang", "")
        if self.plugin == "wpml" and asked and asked not in (*self.codes, "all"):
            return f'Invalid language parameter: "{asked}"'
        return ""


def lists_languages(path: str) -> bool:
    return re.fullmatch(r"(/wp-json)?/pll/v1/languages", path) is not None
