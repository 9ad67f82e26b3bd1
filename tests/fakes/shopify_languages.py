"""The languages of a Shopify shop in memory: locales, translatable resources, and translations with the digests, checks and
errors of API 2026-04's recorded answers."""

from __future__ import annotations

import hashlib
import re
from typing import Any

MOST_KEYS = 100
NEEDED = {
    "shopLocales": "read_locales",
    "translatableResourcesByIds": "read_translations",
    "translatableResource": "read_translations",
    "translationsRegister": "write_translations",
    "translationsRemove": "write_translations",
}
TEXT_TYPES = ("single_line_text_field", "multi_line_text_field", "list.single_line_text_field", "json")


class Denied(Exception):
    """The app lacks a scope."""


def in_order(text: str) -> str:
    """A source text as Shopify keeps it for its digest: it puts HTML in order, so a digest of the text as sent is another."""
    return re.sub(r"\s*(</?(?:p|ul|li|div)\b[^>]*>)\s*", r"\n\1", text).strip() if "<" in text else text


def refusal(at: int, name: str, code: str, message: str) -> dict[str, Any]:
    return {"code": code, "field": ["translations", str(at), name], "message": message}


class Languages:
    """A part of the fake shop. `translated` is `{(resource, locale, market): {key: {value, digest}}}`."""

    products: dict[str, dict[str, Any]]
    collections: dict[str, dict[str, Any]]
    articles: dict[str, dict[str, Any]]
    scopes: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.locales = [{"locale": "en", "name": "English", "primary": True, "published": True}]
        self.translated: dict[tuple[str, str, str], dict[str, dict[str, str]]] = {}
        self.before_register: Any = None  # called with the resource's id, just before a registration is judged

    def speaks(self, *locales: str, published: bool = True) -> None:
        self.locales += [{"locale": code, "name": code, "primary": False, "published": published} for code in locales]
        self.scopes += ",read_translations,write_translations,read_locales"

    def translation(self, row: dict[str, Any], locale: str, key: str, market: str = "") -> str:
        held = self.translated.get((row["id"], locale, market), {}).get(key)
        return held["value"] if held else ""

    def translate(self, row: dict[str, Any], locale: str, key: str, value: str, market: str = "") -> None:
        """As the merchant or another app does it."""
        digest = self.digest(self.content(row["id"])[key])
        self.translated.setdefault((row["id"], locale, market), {})[key] = {"value": value, "digest": digest}

    def content(self, gid: str) -> dict[str, str] | None:
        """The source texts of a resource by key: one that is empty has no key."""
        if article := self.articles.get(gid):
            seo = {held["key"]: held["value"] for held in article.get("metafields") or []}
            found = {"title": article["title"], "body_html": article["body"], "summary_html": article["summary"]}
            found |= {"handle": article["handle"], "meta_title": seo.get("title_tag", "")}
            return {
                key: text for key, text in {**found, "meta_description": seo.get("description_tag")}.items() if text
            }
        row = self.products.get(gid) or self.collections.get(gid)
        if row is None:
            held = next(
                (m for p in self.products.values() for m in p["metafield_rows"].values() if m["id"] == gid), None
            )
            return {"value": held["value"]} if held and held["type"] in TEXT_TYPES else None
        seo = row.get("seo") or {}
        found = {"title": row["title"], "body_html": row["descriptionHtml"], "handle": row["handle"]}
        found |= {"meta_title": seo.get("title") or "", "meta_description": seo.get("description") or ""}
        found = {key: text for key, text in found.items() if text}
        return {**found, "product_type": row["productType"]} if "productType" in row else found

    @staticmethod
    def digest(text: str) -> str:
        return hashlib.sha256(in_order(text).encode()).hexdigest()

    def allow(self, name: str) -> None:
        granted = {*self.scopes.split(",")}
        granted |= {scope.replace("write_", "read_", 1) for scope in granted}
        if NEEDED[name] not in granted:
            raise Denied(NEEDED[name])

    def language_roots(self) -> dict[str, Any]:
        return {
            "shopLocales": self._shop_locales,
            "translatableResourcesByIds": self._resources,
            "translatableResource": self._one_resource,
            "translationsRegister": self._register,
            "translationsRemove": self._remove,
        }

    def _shop_locales(self, published: bool | None = None) -> list[dict[str, Any]]:
        self.allow("shopLocales")
        return [row for row in self.locales if published is None or row["published"] is published]

    def _resources(self, resourceIds: list[str], first: int, after: str | None = None) -> dict[str, Any]:
        self.allow("translatableResourcesByIds")
        rows = [{"id": gid, **self._resource(gid)} for gid in resourceIds if self.content(gid) is not None]
        return self.connection(rows, first, after)  # type: ignore[attr-defined,no-any-return]

    def _one_resource(self, resourceId: str) -> dict[str, Any] | None:
        self.allow("translatableResource")
        return None if self.content(resourceId) is None else self._resource(resourceId)

    def _resource(self, gid: str) -> dict[str, Any]:
        content = self.content(gid) or {}
        return {
            "__typename": "TranslatableResource",
            "resourceId": gid,
            "translatableContent": [
                {"key": key, "value": text, "digest": self.digest(text), "locale": "en"}
                for key, text in content.items()
            ],
            "translations": lambda locale, marketId=None, outdated=None: [
                {
                    "key": key,
                    "value": held["value"],
                    "locale": locale,
                    "outdated": held["digest"] != self.digest(content.get(key, "")),
                    "market": {"id": market} if market else None,
                }
                for (owner, spoken, market), keys in self.translated.items()
                if owner == gid and spoken == locale and marketId in (None, market)
                for key, held in keys.items()
            ],
        }

    def _register(self, resourceId: str, translations: list[dict[str, Any]]) -> dict[str, Any]:
        self.allow("translationsRegister")
        if self.before_register:
            self.before_register(resourceId)
        content = self.content(resourceId)
        if content is None:
            gone = {
                "code": "RESOURCE_NOT_FOUND",
                "field": ["resourceId"],
                "message": f"Resource {resourceId} does not exist",
            }
            return {"translations": None, "userErrors": [gone]}
        if len(translations) > MOST_KEYS:
            many = {
                "code": "TOO_MANY_KEYS_FOR_RESOURCE",
                "field": ["translations"],
                "message": "Too many keys for resource",
            }
            return {"translations": None, "userErrors": [many]}
        kept, errors = [], []
        for at, given in enumerate(translations):
            if error := self._trouble(at, given, content):
                errors.append(error)
                continue
            value = given["value"]
            if given["key"] == "handle":
                value = re.sub(r"[^\w]+", "-", value.lower()).strip("-")
            elif given["key"] == "body_html":
                value = re.sub(r"<script\b.*?</script>", "", value, flags=re.S | re.I)
            owner = (resourceId, given["locale"], given.get("marketId") or "")
            self.translated.setdefault(owner, {})[given["key"]] = {
                "value": value,
                "digest": given["translatableContentDigest"],
            }
            kept.append({"key": given["key"], "value": value, "locale": given["locale"]})
        if kept:
            self.wrote(f"{translations[0]['locale']}:{resourceId.rpartition('/')[2]}")  # type: ignore[attr-defined]
        return {"translations": kept, "userErrors": errors}

    def _trouble(self, at: int, given: dict[str, Any], content: dict[str, str]) -> dict[str, Any] | None:
        """Checked in Shopify's order: market, locale, value, digest."""
        key, value = given["key"], given["value"]
        if key not in content:
            return refusal(at, "key", "INVALID_KEY_FOR_MODEL", f"Key {key} is not a valid translatable field")
        if given.get("marketId"):
            return refusal(at, "marketId", "MARKET_DOES_NOT_EXIST", "The market does not exist")
        if given["locale"] not in [row["locale"] for row in self.locales if not row["primary"]]:
            return refusal(at, "locale", "INVALID_LOCALE_FOR_SHOP", "Locale is not valid for the shop")
        if not value.strip():
            return refusal(at, "value", "FAILS_RESOURCE_VALIDATION", "Value can't be blank")
        if key == "handle" and len(value) > 255:
            return refusal(at, "value", "FAILS_RESOURCE_VALIDATION", "Handle is too long (maximum is 255 characters)")
        if value == "refused":
            return refusal(at, "value", "FAILS_RESOURCE_VALIDATION", "Title is too long")
        if given["translatableContentDigest"] != self.digest(content[key]):
            text = "Translatable content hash is invalid"
            return refusal(at, "translatableContentDigest", "INVALID_TRANSLATABLE_CONTENT", text)
        return None

    def _remove(self, resourceId: str, translationKeys: list[str], locales: list[str]) -> dict[str, Any]:
        self.allow("translationsRemove")
        gone = []
        for locale in locales:
            held = self.translated.get((resourceId, locale, ""), {})
            gone += [{"key": key} for key in translationKeys if held.pop(key, None)]
            if gone:
                self.wrote(f"{locale}:{resourceId.rpartition('/')[2]}")  # type: ignore[attr-defined]
        return {"translations": gone or None, "userErrors": []}  # removing nothing is no error
