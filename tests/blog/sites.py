"""The sites that the blog's tests publish to: the fakes of WordPress and Shopify, stricter where posts are concerned."""

from __future__ import annotations

import itertools
import re
from typing import Any

from tests.fakes.server import Reply, Request
from tests.fakes.shopify import FakeShopify
from tests.fakes.wordpress import FakeWordPress


class BlogSite(FakeWordPress):
    """A WordPress with unique slugs and a search over texts, as core has them. `strips_comments`: a site whose filters
    drop HTML comments. `created` counts posts that ever came into being."""

    strips_comments = False
    created = 0

    @property
    def posts(self) -> dict[int, dict[str, Any]]:
        """The posts with their raw texts."""
        texts = ("title", "content", "excerpt")
        return {
            pk: {**row, **{t: row[t]["raw"] for t in texts}} for pk, row in self.rows.items() if row["type"] == "post"
        }

    def live(self) -> list[dict[str, Any]]:
        return [post for post in self.posts.values() if post["status"] == "publish"]

    def make(self, body: dict[str, Any]) -> Reply:
        """What a request to create a post does."""
        return self.texts("post", 0, "POST", {}, body)

    def texts(self, kind: str, pk: int, method: str, query: dict[str, str], body: Any) -> Reply:
        reply = super().texts(kind, pk, method, query, body)
        self.created += reply.status == 201
        return reply

    def found(self, kind: str, query: dict[str, str]) -> list[dict[str, Any]]:
        query = dict(query)
        slug, search = query.pop("slug", None), query.pop("search", None)
        rows = super().found(kind, query)
        if slug is not None:
            rows = [r for r in rows if r["slug"] in slug.split(",")]
        if search is not None:
            rows = [r for r in rows if search.lower() in (r["title"]["raw"] + r["content"]["raw"]).lower()]
        return rows

    def write(self, row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        if body.get("slug"):
            taken = {r["slug"] for r in self.rows.values() if r["id"] != row["id"]}
            names = itertools.chain([body["slug"]], (f"{body['slug']}-{n}" for n in itertools.count(2)))
            body = {**body, "slug": next(name for name in names if name not in taken)}
        if self.strips_comments and "content" in body:
            body = {**body, "content": re.sub(r"<!--.*?-->", "", body["content"], flags=re.S)}
        return super().write(row, body)

    def call(self, method: str, route: str, query: dict[str, str], request: Request | None, body: Any = None) -> Reply:
        if route == "/wp/v2/media" and method == "GET" and "slug" in query:
            return self.listed([m for m in self.media.values() if m["slug"] == query["slug"]], query)
        reply = super().call(method, route, query, request, body)
        if route == "/wp/v2/media" and method == "POST" and reply.status == 201:
            reply.body["slug"] = reply.body["source_url"].rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
        return reply


class BlogShop(FakeShopify):
    """`lag`: so many searches for articles find nothing yet, as after a recent change."""

    lag = 0

    def article_matches(self, article: dict[str, Any], query: str) -> bool:
        if self.lag:
            self.lag -= 1
            return False
        return super().article_matches(article, query)

    def live(self) -> list[dict[str, Any]]:
        return [article for article in self.articles.values() if article["isPublished"]]
