"""A Magento 2 in memory: REST V1 with search criteria, store views, option ids, `%1` messages, and its habit of repeating
the last page past the end."""

from __future__ import annotations

import copy
import hashlib
import hmac
import itertools
import re
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.fakes.server import Reply, Request
from tests.fakes.stores import StoreServer

TOKEN = "integration-token"
STANDARD = {
    "name": "text",
    "description": "textarea",
    "short_description": "textarea",
    "url_key": "text",
    "meta_title": "text",
    "meta_description": "textarea",
    "meta_keyword": "textarea",
}
OAUTH = {"consumer_key": "ck", "consumer_secret": "cs", "access_token": TOKEN, "access_token_secret": "ts"}


def error(status: int, message: str, *parameters: str) -> Reply:
    return Reply(status, {"message": message, "parameters": list(parameters)})


class FakeMagento(StoreServer):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.products: dict[str, dict[str, Any]] = {}
        self.views: dict[str, dict[str, dict[str, Any]]] = {}  # store view -> sku -> attribute code -> value
        self.view_names = {"default": "Main Store", "de": "Deutsch"}
        self.locales = {"default": "en_US", "de": "de_DE"}  # store view -> locale
        self.category_views: dict[str, dict[int, dict[str, Any]]] = {}  # store view -> category -> attribute -> value
        self.global_codes: set[str] = set()  # standard attributes that the merchant keeps once for all store views
        self.categories = {
            2: {
                "id": 2,
                "parent_id": 1,
                "name": "Default",
                "is_active": True,
                "level": 1,
                "path": "1/2",
                "custom_attributes": [],
            }
        }
        self.attributes = {
            "material": {
                "attribute_code": "material",
                "scope": "global",
                "default_frontend_label": "Material",
                "frontend_input": "select",
                "options": [
                    {"label": " ", "value": ""},
                    {"label": "Steel", "value": "11"},
                    {"label": "Wool", "value": "12"},
                ],
            },
            "care": {
                "attribute_code": "care",
                "scope": "store",
                "default_frontend_label": "Care",
                "frontend_input": "text",
                "options": [],
            },
        }
        self.ids = itertools.count(1)
        self.bearer = True
        self.most_per_page = 300
        self.tells_totals = True
        self.null_is_default = True  # `null` takes a view's own value away; False: it is kept as an empty value

    def add(self, **fields: Any) -> dict[str, Any]:
        pk = next(self.ids)
        custom = {
            "description": f"<p>About {pk}</p>",
            "short_description": "",
            "url_key": f"product-{pk}",
            "meta_title": "",
            "meta_description": "",
            "meta_keyword": "",
            **fields.pop("custom", {}),
        }
        row = {
            "id": pk,
            "sku": f"SKU-{pk}",
            "name": f"Product {pk}",
            "attribute_set_id": 4,
            "price": 25,
            "status": 1,
            "visibility": 4,
            "type_id": "simple",
            "created_at": "2026-01-01 00:00:00",
            "updated_at": self.stamp("%Y-%m-%d %H:%M:%S"),
            "weight": 0.5,
            "extension_attributes": {"website_ids": [1], "category_links": [{"position": 0, "category_id": "2"}]},
            "product_links": [],
            "options": [],
            "media_gallery_entries": [
                {
                    "id": pk,
                    "media_type": "image",
                    "label": "front",
                    "position": 1,
                    "disabled": False,
                    "types": ["image"],
                    "file": f"/p/{pk}.jpg",
                }
            ],
            "tier_prices": [],
            "custom_attributes": [{"attribute_code": k, "value": v} for k, v in custom.items()],
            **fields,
        }
        self.products[row["sku"]] = row
        return row

    def edit(self, row: dict[str, Any], **fields: Any) -> None:
        """As the merchant does in the admin."""
        row.update(fields, updated_at=self.stamp("%Y-%m-%d %H:%M:%S"))

    def configurable(self, children: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
        row = self.add(type_id="configurable", **fields)
        row["extension_attributes"]["configurable_product_links"] = [c["id"] for c in children]
        for child in children:
            child["visibility"] = 1
        return row

    def value(self, row: dict[str, Any], code: str) -> Any:
        return next((a["value"] for a in row["custom_attributes"] if a["attribute_code"] == code), None)

    # --- answering

    def route(self, request: Request) -> str:
        return re.sub(r"/rest/\w+/V1", "", re.sub(r"/products/(?!attribute)[^/]+$", "/products/N", request.path))

    def respond(self, request: Request) -> Reply:
        match = re.fullmatch(r"/rest/(\w+)/V1(/.*)", request.path)
        if not match:
            return Reply(404, b"<html>404</html>", {"content-type": "text/html"})
        if not self.allowed(request):
            return error(401, "The consumer isn't authorized to access %resources.")
        view, path = match[1], match[2]
        if view not in ("all", *self.view_names):
            return error(404, "Request does not match any route.")
        query = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
        if path == "/store/storeConfigs":
            base = {
                "base_url": self.url + "/",
                "secure_base_url": self.url + "/",
                "secure_base_media_url": self.url + "/media/",
                "weight_unit": "kgs",
            }
            return Reply(
                200,
                [
                    {"id": i, "code": c, "website_id": 1, "locale": self.locales.get(c, "en_US"), **base}
                    for i, c in enumerate(self.view_names, 1)
                ],
            )
        if path == "/store/storeViews":
            return Reply(
                200,
                [
                    {"id": i, "code": c, "name": n, "is_active": 1}
                    for i, (c, n) in enumerate(self.view_names.items(), 1)
                ],
            )
        if path == "/products":
            return self.search([self.seen(r, view) for r in self.products.values()], query)
        if path == "/products/attributes":
            return self.search([*self.attributes.values(), *self.standard()], query)
        if path == "/products/attribute-sets/sets/list":
            return self.search([{"attribute_set_id": 4, "attribute_set_name": "Default"}], query)
        if path == "/categories/list":
            return self.search(list(self.categories.values()), query)
        if found := re.fullmatch(r"/categories/(\d+)", path):
            return self.category(int(found[1]), view, request)
        if found := re.fullmatch(r"/products/([^/]+)", path):
            return self.product(unquote(found[1]), view, request)
        return error(404, "Request does not match any route.")

    def allowed(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        if given.startswith("Bearer "):
            return self.bearer and given == f"Bearer {TOKEN}"
        if not given.startswith("OAuth "):
            return False
        sent = {k: unquote(v.strip('"')) for k, v in (p.strip().split("=", 1) for p in given[6:].split(","))}
        signature = sent.pop("oauth_signature")
        pairs = [*parse_qsl(urlsplit(request.target).query, keep_blank_values=True), *sent.items()]

        def q(text: str) -> str:
            return quote(text, safe="-._~")

        text = "&".join(f"{k}={v}" for k, v in sorted((q(k), q(v)) for k, v in pairs))
        base = "&".join([request.method, q(f"{self.url}{urlsplit(request.target).path}"), q(text)])
        key = f"{q(OAUTH['consumer_secret'])}&{q(OAUTH['access_token_secret'])}"
        made = b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha256).digest()).decode()
        return (
            hmac.compare_digest(made, signature) and sent["oauth_token"] == TOKEN and sent["oauth_consumer_key"] == "ck"
        )

    def seen(self, row: dict[str, Any], view: str) -> dict[str, Any]:
        """The product as a store view shows it: its own values over the default ones."""
        own = self.views.get(view, {}).get(row["sku"], {})
        if not own:
            return row
        shown = copy.deepcopy(row)
        for code, value in own.items():
            if code == "name":
                shown["name"] = value
            else:
                _set(shown, code, value)
        return shown

    def search(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Reply:
        groups: dict[str, dict[str, str]] = {}
        for key, value in query.items():
            if found := re.fullmatch(r"searchCriteria\[filter_groups\]\[(\d+)\]\[filters\]\[0\]\[(\w+)\]", key):
                groups.setdefault(found[1], {})[found[2]] = value
        for group in groups.values():
            rows = [r for r in rows if self.matches(r, **group)]
        size = int(query.get("searchCriteria[pageSize]", 20))
        if size > self.most_per_page:
            return error(
                400,
                "Maximum SearchCriteria pageSize is %max",
            )
        page = max(1, int(query.get("searchCriteria[currentPage]", 1)))
        if query.get("searchCriteria[sortOrders][0][field]") == "entity_id":
            rows = sorted(rows, key=lambda r: r["id"])
        last = max(1, -(-len(rows) // size))
        page = min(page, last)  # past the end the last page comes again
        some = rows[(page - 1) * size : page * size]
        total = {"total_count": len(rows)} if self.tells_totals else {}
        return Reply(200, {"items": copy.deepcopy(some), **total, "search_criteria": {}})

    def matches(self, row: dict[str, Any], field: str, value: str, condition_type: str = "eq") -> bool:
        if field == "category_id":
            held = [c["category_id"] for c in row["extension_attributes"]["category_links"]]
            return bool(set(held) & set(value.split(",")))
        held = str(row.get({"entity_id": "id"}.get(field, field)))
        if condition_type == "in":
            return held in value.split(",")
        return int(held) > int(value) if condition_type == "gt" else held == value

    def product(self, sku: str, view: str, request: Request) -> Reply:
        row = self.products.get(sku)
        if row is None:
            return error(404, "The product that was requested doesn't exist. Verify the product and try again.")
        if request.method == "PUT":
            body = request.json["product"]
            if body.get("name") in ("", "refused"):
                return error(400, 'The "%1" attribute value is empty. Set the attribute and try again.', "Product Name")
            self.wrote(sku if view == "all" else f"{view}:{sku}")
            row["updated_at"] = self.stamp("%Y-%m-%d %H:%M:%S")
            changes = {a["attribute_code"]: a["value"] for a in body.get("custom_attributes", [])}
            if "name" in body:
                changes["name"] = body["name"]
            if view == "all":
                for code, value in changes.items():
                    if code == "name":
                        row["name"] = value
                    else:
                        _set(row, code, value)
            else:
                own = self.views.setdefault(view, {}).setdefault(sku, {})
                own.update(changes)
                if self.null_is_default:
                    for code in [code for code, value in own.items() if value is None]:
                        del own[code]
            if self.dies_after(sku):
                return error(500, "Internal Error. Details are available in Magento log file.")
        return Reply(200, copy.deepcopy(self.seen(row, view)))

    def standard(self) -> list[dict[str, Any]]:
        """The attributes that every catalogue has, as far as they hold texts."""
        return [
            {
                "attribute_code": code,
                "default_frontend_label": code.replace("_", " ").capitalize(),
                "frontend_input": kind,
                "scope": "global" if code in self.global_codes else "store",
                "options": [],
            }
            for code, kind in STANDARD.items()
        ]

    def category(self, pk: int, view: str, request: Request) -> Reply:
        row = self.categories.get(pk)
        if row is None:
            return error(404, "No such entity with %fieldName = %fieldValue")
        if request.method == "PUT":
            self.wrote(f"category:{pk}" if view == "all" else f"{view}:category:{pk}")
            body = request.json["category"]
            changes = {a["attribute_code"]: a["value"] for a in body.get("custom_attributes", [])}
            changes |= {"name": body["name"]} if "name" in body else {}
            if view == "all":
                self._put(row, changes)
            else:
                self.category_views.setdefault(view, {}).setdefault(pk, {}).update(changes)
        shown = copy.deepcopy(row)
        self._put(shown, self.category_views.get(view, {}).get(pk, {}))
        return Reply(200, shown)

    @staticmethod
    def _put(row: dict[str, Any], changes: dict[str, Any]) -> None:
        for code, value in changes.items():
            if code == "name":
                row["name"] = value
            else:
                _set(row, code, value)


def _set(row: dict[str, Any], code: str, value: Any) -> None:
    for held in row["custom_attributes"]:
        if held["attribute_code"] == code:
            held["value"] = value
            return
    row["custom_attributes"].append({"attribute_code": code, "value": value})
