"""A Shopify shop in memory: GraphQL Admin API with costs and throttling, OAuth with tokens that expire, webhooks' signer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import time
from typing import Any
from urllib.parse import urlencode

from tests.fakes.graphql import Document, Unknown, cost, project
from tests.fakes.server import Reply, Request
from tests.fakes.shopify_bulk import BulkOperations
from tests.fakes.shopify_languages import Denied, Languages
from tests.fakes.stores import StoreServer

TOKEN = "shpat_0123456789"
KEY, SECRET = "app-key", "hush"
MOST = 1000.0


class FakeShopify(BulkOperations, Languages, StoreServer):
    def __init__(self, *, version: str = "2026-10", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.version = version
        self.name = "Demo Apparel"
        self.products: dict[str, dict[str, Any]] = {}
        self.collections: dict[str, dict[str, Any]] = {}
        self.definitions: list[dict[str, Any]] = []  # of products' metafields: {namespace, key, name, type: {name}}
        self.keeps_metafields = False  # of an app of its own
        self.articles: dict[str, dict[str, Any]] = {}
        self.blogs = [{"__typename": "Blog", "id": "gid://shopify/Blog/1", "title": "News", "handle": "news"}]
        self.webhooks: list[tuple[str, str]] = []
        self.tokens = {TOKEN}
        self.codes: dict[str, str] = {}
        self.scopes = "read_products,write_products"
        self.refresh_tokens: set[str] = set()
        self.expiring = False
        self.lifetime: Any = 3600
        self.ids = itertools.count(8_000_000_000_001)
        self.most, self.rate = 2000.0, 100_000.0
        self.available, self.at = self.most, time.monotonic()
        self.throttles = 0

    # --- filling it

    def add(self, **fields: Any) -> dict[str, Any]:
        number = next(self.ids)
        metafields = fields.pop("metafields", {})
        row: dict[str, Any] = {
            "__typename": "Product",
            "id": f"gid://shopify/Product/{number}",
            "legacyResourceId": str(number),
            "title": f"Product {number}",
            "handle": f"product-{number}",
            "descriptionHtml": f"<p>About {number}</p>",
            "updatedAt": self.stamp("%Y-%m-%dT%H:%M:%SZ"),
            "status": "ACTIVE",
            "productType": "",
            "vendor": "Acme",
            "tags": [],
            "onlineStoreUrl": f"https://demo.example/products/product-{number}",
            "seo": {"title": None, "description": None},
            "category": None,
            "hasOnlyDefaultVariant": True,
            "options": [
                {"id": "gid://shopify/ProductOption/1", "name": "Title", "position": 1, "values": ["Default Title"]}
            ],
            "priceRangeV2": {"minVariantPrice": {"amount": "50.0", "currencyCode": "USD"}},
            "image_urls": [f"https://cdn.shopify.com/{number}.jpg"],
            "collection_ids": [],
            "variant_rows": [self.variant(number, "Default Title", {"Title": "Default Title"})],
            "metafield_rows": {
                k: {
                    "id": f"gid://shopify/Metafield/{next(self.ids)}",
                    "namespace": k.rsplit(".", 1)[0],
                    "key": k.rsplit(".", 1)[1],
                    **v,
                }
                for k, v in metafields.items()
            },
            **fields,
        }
        row["media"] = lambda first, after=None: self.connection(
            [self.image(u, n) for n, u in enumerate(row["image_urls"], 1)], first, after
        )
        row["collections"] = lambda first, after=None: self.connection(
            [self.collections[c] for c in row["collection_ids"]], first, after
        )
        row["variants"] = lambda first, after=None: self.connection(row["variant_rows"], first, after)
        row["metafields"] = lambda first, after=None, namespace=None: self.connection(
            [m for m in row["metafield_rows"].values() if namespace in (None, m["namespace"])], first, after
        )
        row["metafield"] = lambda namespace, key: row["metafield_rows"].get(f"{namespace}.{key}")
        self.products[row["id"]] = row
        return row

    def edit(self, row: dict[str, Any], **fields: Any) -> None:
        """As the merchant does in the shop's admin."""
        row.update(fields, updatedAt=self.stamp("%Y-%m-%dT%H:%M:%SZ"))

    def with_variants(self, row: dict[str, Any], option: str, values: list[str]) -> None:
        number = int(row["legacyResourceId"])
        row["hasOnlyDefaultVariant"] = False
        row["options"] = [{"id": "gid://shopify/ProductOption/1", "name": option, "position": 1, "values": values}]
        row["variant_rows"] = [self.variant(number, v, {option: v}) for v in values]

    def variant(self, product: int, title: str, options: dict[str, str]) -> dict[str, Any]:
        number = next(self.ids)
        return {
            "__typename": "ProductVariant",
            "id": f"gid://shopify/ProductVariant/{number}",
            "legacyResourceId": str(number),
            "title": title,
            "sku": f"SKU-{product}",
            "barcode": None,
            "price": "50.00",
            "position": 1,
            "selectedOptions": [{"name": k, "value": v} for k, v in options.items()],
        }

    def image(self, url: str, number: int = 1) -> dict[str, Any]:
        shown = {"url": url, "altText": "front"}
        return {
            "__typename": "MediaImage",
            "id": f"gid://shopify/MediaImage/{number}",
            "alt": "front",
            "mediaContentType": "IMAGE",
            "image": shown,
        }

    def collection(self, title: str) -> dict[str, Any]:
        number = next(self.ids)
        row = {
            "__typename": "Collection",
            "id": f"gid://shopify/Collection/{number}",
            "legacyResourceId": str(number),
            "title": title,
            "handle": title.lower(),
            "descriptionHtml": "",
            "updatedAt": self.stamp("%Y-%m-%dT%H:%M:%SZ"),
            "seo": {"title": None, "description": None},
            "image": None,
        }
        self.collections[row["id"]] = row
        return row

    def define(self, place: str, name: str, kind: str) -> None:
        """A metafield definition, as a merchant makes one in the shop's settings."""
        namespace, key = place.rsplit(".", 1)
        made = {"id": f"gid://shopify/MetafieldDefinition/{next(self.ids)}", "namespace": namespace, "key": key}
        self.definitions.append({**made, "name": name, "type": {"name": kind}})

    def metafield(self, row: dict[str, Any], key: str) -> str | None:
        return (row["metafield_rows"].get(key) or {}).get("value")

    def connection(self, rows: list[dict[str, Any]], first: int, after: str | None) -> dict[str, Any]:
        start = next((i + 1 for i, r in enumerate(rows) if r["id"] == after), 0) if after else 0
        some = rows[start : start + first]
        more = start + first < len(rows)
        return {"nodes": some, "pageInfo": {"hasNextPage": more, "endCursor": some[-1]["id"] if some else None}}

    # --- the app's side

    def signed(self, **query: str) -> str:
        """A query string as Shopify would send it."""
        message = "&".join(f"{k}={v}" for k, v in sorted(query.items()))
        return urlencode({**query, "hmac": hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()})

    def signature(self, body: bytes) -> str:
        return base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()

    def code(self, shop: str) -> str:
        """An authorization code, good for one exchange."""
        code = f"code-{next(self.ids)}"
        self.codes[code] = shop
        return code

    # --- answering

    def route(self, request: Request) -> str:
        if request.path.endswith("graphql.json"):
            match = re.match(r"\s*(?:query|mutation)\s+(\w+)", (request.json or {}).get("query", ""))
            return match[1] if match else "?"
        return "/bulk/" if request.path.startswith("/bulk/") else request.path

    def too_fast(self) -> Reply:
        return Reply(429, {"errors": "Exceeded 2 calls per second"}, {"Retry-After": "1.0"})

    def respond(self, request: Request) -> Reply:
        if request.path.endswith("/admin/oauth/access_token"):
            return self.grant(request.json or {})
        if request.path.startswith("/bulk/"):
            return self.bulk_file(request)
        if not re.search(r"/admin/api/[^/]+/graphql\.json$", request.path):
            return Reply(404, b"<html>Not found</html>", {"content-type": "text/html"})
        if request.headers.get("x-shopify-access-token") not in self.tokens:
            return Reply(
                401, {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
            )
        if f"/api/{self.version}/" not in request.path:
            return Reply(404, {"errors": "Not Found"})
        asked = request.json
        try:
            document = Document(asked["query"], asked.get("variables") or {})
        except (ValueError, IndexError) as error:
            return Reply(200, {"errors": [{"message": f"syntax error: {error}"}]})
        return self.execute(document)

    def grant(self, body: dict[str, str]) -> Reply:
        if (body.get("client_id"), body.get("client_secret")) != (KEY, SECRET):
            return Reply(400, {"error": "invalid_client"})
        if body.get("grant_type") == "refresh_token":
            if body["refresh_token"] not in self.refresh_tokens:
                return Reply(400, {"error": "invalid_grant"})
        elif self.codes.pop(body.get("code", ""), None) is None:
            return Reply(
                400,
                {
                    "error": "invalid_request",
                    "error_description": "The authorization code was not found or was already used.",
                },
            )
        token = f"shpat_{next(self.ids)}"
        self.tokens.add(token)
        answer: dict[str, Any] = {"access_token": token, "scope": self.scopes}
        if self.expiring:
            refresh = f"shprt_{next(self.ids)}"
            self.refresh_tokens.add(refresh)
            answer |= {"expires_in": self.lifetime, "refresh_token": refresh, "refresh_token_expires_in": 7776000}
        return Reply(200, answer)

    def execute(self, document: Document) -> Reply:
        price = cost(document.selections) + (10 * len(document.selections) if document.kind == "mutation" else 0)
        now = time.monotonic()
        self.available = min(self.most, self.available + (now - self.at) * self.rate)
        self.at = now
        if price > MOST:
            text = f"Query cost is {price:g}, which exceeds the single query max cost limit ({MOST:g})."
            return Reply(
                200,
                {
                    "errors": [
                        {"message": text, "extensions": {"code": "MAX_COST_EXCEEDED", "cost": price, "maxCost": MOST}}
                    ]
                },
            )
        if price > self.available:
            self.throttles += 1
            return Reply(
                200,
                {
                    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
                    "extensions": {"cost": self.costs(price, None)},
                },
            )
        self.available -= price
        roots = {"__typename": document.kind.capitalize(), **self.roots()}
        data: dict[str, Any] = {}
        errors: list[dict[str, Any]] = []
        for part in document.selections:
            try:
                data |= project(roots, [part])
            except Unknown as error:
                return Reply(200, {"errors": [{"message": str(error), "extensions": {"code": "undefinedField"}}]})
            except Denied as scope:
                data[part.alias] = None
                text = f"Access denied for {part.name} field. Required access: `{scope}` access scope."
                code = {"code": "ACCESS_DENIED", "requiredAccess": f"`{scope}` access scope."}
                errors.append({"message": text, "path": [part.alias], "extensions": code})
                continue
            asked = part.arguments.get("product") or {"id": part.arguments.get("resourceId")}
            if isinstance(asked, dict) and self.dies_after(str(asked.get("id")).rpartition("/")[2]):
                data[part.alias] = None
                text = "Internal error. Looks like something went wrong on our end."
                code = {"code": "INTERNAL_SERVER_ERROR"}
                errors.append({"message": text, "path": [part.alias], "extensions": code})
        answer: dict[str, Any] = {"data": data, "extensions": {"cost": self.costs(price, price)}}
        return Reply(200, answer | ({"errors": errors} if errors else {}), {"X-Shopify-API-Version": self.version})

    def costs(self, requested: float, actual: float | None) -> dict[str, Any]:
        status = {"maximumAvailable": self.most, "currentlyAvailable": self.available, "restoreRate": self.rate}
        return {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}

    def roots(self) -> dict[str, Any]:
        shop = {
            "id": "gid://shopify/Shop/1",
            "name": self.name,
            "myshopifyDomain": "demo.myshopify.com",
            "currencyCode": "USD",
            "primaryDomain": {"host": "demo.example", "url": "https://demo.example"},
        }
        return {
            "shop": shop,
            "currentAppInstallation": {"accessScopes": [{"handle": s} for s in self.scopes.split(",")]},
            "products": lambda first, after=None, query=None, sortKey=None: self.connection(
                self.found(query), first, after
            ),
            "productsCount": lambda query=None, limit=None: {"count": len(self.found(query)), "precision": "EXACT"},
            "collections": lambda first, after=None, sortKey=None: self.connection(
                list(self.collections.values()), first, after
            ),
            "collectionsCount": lambda limit=None: {"count": len(self.collections)},
            "productTypes": lambda first: {"nodes": sorted({p["productType"] for p in self.products.values()})},
            "productVendors": lambda first: {"nodes": sorted({p["vendor"] for p in self.products.values()})},
            "productTags": lambda first: {"nodes": sorted({t for p in self.products.values() for t in p["tags"]})},
            "product": lambda id: self.products.get(id),
            "nodes": lambda ids: [self.products.get(i) or self.collections.get(i) for i in ids],
            "productUpdate": lambda product: self.update(self.products, product, "product"),
            "collectionUpdate": lambda input: self.update(self.collections, input, "collection"),
            "metafieldDefinitions": lambda ownerType, namespace, first, after=None: self.connection(
                [d for d in self.definitions if d["namespace"] == namespace], first, after
            ),
            "metafieldDefinitionCreate": self.create_definition,
            "metafieldsDelete": self.delete_metafields,
            "webhookSubscriptionCreate": self.subscribe,
            "blogs": lambda first: {"nodes": self.blogs},
            "article": lambda id: self.articles.get(id),
            "articles": lambda first, query=None: {
                "nodes": [a for a in self.articles.values() if self.article_matches(a, query or "")]
            },
            "articleCreate": self.create_article,
            "articleUpdate": self.update_article,
            "articleDelete": self.delete_article,
            **self.language_roots(),
            **self.bulk_roots(),
        }

    def found(self, query: str | None) -> list[dict[str, Any]]:
        rows = list(self.products.values())
        for name, value in re.findall(r'(\w+):("(?:[^"\\]|\\.)*"|[\w,-]+)', query or ""):
            value = value.strip('"')
            group = [
                re.sub(r"\\(.)", r"\1", v[1:-1]) if v[:1] == '"' else v
                for v in re.findall(rf'{name}:("(?:[^"\\]|\\.)*"|[\w,-]+)', query or "")
            ]
            if name == "status":
                rows = [r for r in rows if r["status"].lower() in value.split(",")]
            elif name == "collection_id":
                rows = [r for r in rows if any(c.rsplit("/", 1)[1] in group for c in r["collection_ids"])]
            elif name == "tag":
                rows = [r for r in rows if set(group) & set(r["tags"])]
            elif name in ("vendor", "product_type", "handle"):
                key = {"product_type": "productType"}.get(name, name)
                rows = [r for r in rows if r[key] in group]
        return rows

    def update(self, rows: dict[str, dict[str, Any]], body: dict[str, Any], name: str) -> dict[str, Any]:
        row = rows.get(body["id"])
        if row is None:
            return {name: None, "userErrors": [{"field": ["id"], "message": f"{name.capitalize()} does not exist"}]}
        if body.get("title") == "refused":
            return {name: row, "userErrors": [{"field": ["title"], "message": "Title is too long"}]}
        if "title" in body and not body["title"]:
            return {name: row, "userErrors": [{"field": ["title"], "message": "Title can't be blank"}]}
        for m in body.get("metafields", []):
            if refused := self.metafield_trouble(row, m):
                return {name: row, "userErrors": [{"field": ["metafields"], "message": refused}]}
        self.wrote(row["legacyResourceId"])
        row["updatedAt"] = self.stamp("%Y-%m-%dT%H:%M:%SZ")
        for key in ("title", "descriptionHtml", "tags", "handle"):
            if key in body:
                row[key] = body[key]
        if "tags" in body:  # trimmed, once each without case, in alphabetical order
            row["tags"] = sorted({t.strip().casefold(): t.strip() for t in reversed(body["tags"])}.values())
        if "descriptionHtml" in body:
            row["descriptionHtml"] = re.sub(r"<script\b.*?</script>", "", body["descriptionHtml"], flags=re.S | re.I)
        if "handle" in body:
            row["handle"] = re.sub(r"[^\w]+", "-", body["handle"].lower()).strip("-")
        if "seo" in body:
            row["seo"] = {k: body["seo"].get(k) or None for k in ("title", "description")}
        for m in body.get("metafields", []):
            held = {"id": f"gid://shopify/Metafield/{next(self.ids)}", **m}
            if m["type"] == "json" or m["type"].startswith("list."):  # kept as data, and written anew
                held["value"] = json.dumps(json.loads(m["value"]), ensure_ascii=False, separators=(",", ":"))
            row["metafield_rows"][f"{m['namespace']}.{m['key']}"] = held
        return {name: row, "userErrors": []}

    def metafield_trouble(self, row: dict[str, Any], given: dict[str, str]) -> str:
        """Why the shop refuses a metafield, and with it the whole product."""
        place, kind, value = f"{given['namespace']}.{given['key']}", given["type"], given.get("value")
        held = row["metafield_rows"].get(place)
        defined = [d["type"]["name"] for d in self.definitions if f"{d['namespace']}.{d['key']}" == place]
        if not re.fullmatch(r"[A-Za-z0-9_-]{2,64}", given["key"]):
            return "Key must be 2-64 characters and only contain alphanumeric, hyphen, and underscore characters."
        if not value:
            return "Value can't be blank"
        if kind not in (defined or [held["type"] if held else kind]):
            return f"Type '{kind}' must be consistent with the definition's type"
        if kind == "single_line_text_field" and "\n" in value:
            return "Value must be a single line text string."
        if kind == "json" or kind.startswith("list."):
            try:
                json.loads(value)
            except ValueError:
                return "Value is invalid JSON."
        return ""

    def create_definition(self, definition: dict[str, Any]) -> dict[str, Any]:
        place = (definition["namespace"], definition["key"])
        if any((d["namespace"], d["key"]) == place for d in self.definitions):
            message = "Key is in use for Product metafields on the 'xcscribe' namespace."
            return {"userErrors": [{"field": ["definition", "key"], "message": message}]}
        made = {"id": f"gid://shopify/MetafieldDefinition/{next(self.ids)}", "type": {"name": definition["type"]}}
        self.definitions.append({**definition, **made})
        return {"userErrors": []}

    def delete_metafields(self, metafields: list[dict[str, str]]) -> dict[str, Any]:
        if self.keeps_metafields:
            return {"userErrors": [{"field": ["metafields"], "message": "Metafield can't be deleted"}]}
        for m in metafields:
            self.products[m["ownerId"]]["metafield_rows"].pop(f"{m['namespace']}.{m['key']}", None)
        return {"userErrors": []}

    def subscribe(self, topic: str, webhookSubscription: dict[str, str]) -> dict[str, Any]:
        if any(t == topic for t, _ in self.webhooks):
            return {
                "userErrors": [
                    {"field": ["webhookSubscription"], "message": "Address for this topic has already been taken"}
                ]
            }
        self.webhooks.append((topic, webhookSubscription["uri"]))
        return {"userErrors": []}

    # --- articles

    def article_matches(self, article: dict[str, Any], query: str) -> bool:
        handle = re.search(r'handle:"([^"]*)"', query)
        blog = re.search(r"blog_id:(\d+)", query)
        return (not handle or article["handle"] == handle[1]) and (
            not blog or article["blog"]["id"].endswith(f"/{blog[1]}")
        )

    def create_article(self, article: dict[str, Any]) -> dict[str, Any]:
        blog = next((b for b in self.blogs if b["id"] == article.get("blogId")), None)
        if blog is None:
            return {
                "article": None,
                "userErrors": [
                    {"code": "BLOG_REFERENCE_REQUIRED", "field": ["article"], "message": "Must reference a blog."}
                ],
            }
        if not (article.get("author") or {}).get("name"):
            return {
                "article": None,
                "userErrors": [
                    {"code": "AUTHOR_FIELD_REQUIRED", "field": ["article"], "message": "Author is required."}
                ],
            }
        handle = article.get("handle") or re.sub(r"\W+", "-", article["title"].lower())
        if any(a["handle"] == handle for a in self.articles.values()):
            return {
                "article": None,
                "userErrors": [
                    {"code": "TAKEN", "field": ["article", "handle"], "message": "Handle has already been taken"}
                ],
            }
        gid = f"gid://shopify/Article/{next(self.ids)}"
        row = {
            "__typename": "Article",
            "id": gid,
            "blog": blog,
            "publishedAt": None,
            "tags": [],
            "body": "",
            "summary": "",
            "image": None,
            "metafields": [],
        }
        row["metafield"] = lambda namespace, key: next(
            (m for m in row["metafields"] if (m["namespace"], m["key"]) == (namespace, key)), None
        )
        self.articles[gid] = row
        self.wrote(gid)
        return {"article": self.write_article(row, {**article, "handle": handle}), "userErrors": []}

    def update_article(self, id: str, article: dict[str, Any]) -> dict[str, Any]:
        row = self.articles.get(id)
        if row is None:
            return {
                "article": None,
                "userErrors": [{"code": "NOT_FOUND", "field": ["id"], "message": "Article does not exist"}],
            }
        self.wrote(id)
        return {"article": self.write_article(row, article), "userErrors": []}

    def write_article(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        row.update({k: body[k] for k in ("title", "body", "summary", "handle", "tags", "isPublished") if k in body})
        if body.get("image"):  # the shop fetches it, and keeps it at an address of its own
            name = body["image"]["url"].rsplit("/", 1)[-1].partition("?")[0]
            row["image"] = {**body["image"], "url": f"https://cdn.shopify.com/s/files/1/0001/articles/{name}?v=1"}
        fresh = {(m["namespace"], m["key"]): m for m in [*row["metafields"], *body.get("metafields", [])]}
        row["metafields"] = list(fresh.values())
        row["publishedAt"] = "2026-11-25T00:00:00Z" if row.get("isPublished") else None
        return row

    def delete_article(self, id: str) -> dict[str, Any]:
        if self.articles.pop(id, None) is None:
            return {
                "deletedArticleId": None,
                "userErrors": [{"code": "NOT_FOUND", "field": ["id"], "message": "Article does not exist"}],
            }
        return {"deletedArticleId": id, "userErrors": []}
