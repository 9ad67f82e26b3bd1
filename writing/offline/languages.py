"""Comparing codes of languages, as the built-in writer needs it."""

from __future__ import annotations


def base(language: str) -> str:
    """The language without its script or region: `sr-Latn` → `sr`, `pt-BR` → `pt`."""
    return language.split("-")[0].lower()


def same(found: str, language: str) -> bool:
    """Whether a detected language is the wanted one. Serbian, Croatian and Bosnian count as the same."""
    wanted = base(language)
    return found == wanted or (found == "sr" and wanted in ("hr", "bs", "cnr"))
