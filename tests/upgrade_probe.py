"""One merchant's way over the public API, again and again, to see whether a web process and its workers can serve.

Nothing is read but the API: the processes may be of another release than these tests.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from typing import Any

import requests

CATALOGUE = b"""SKU,Name,Description,Regular price
S-1,Steel bottle,A bottle of steel for 500 ml.,19.90
S-2,Wooden spoon,A spoon of olive wood.,7.50
S-3,Wool blanket,A blanket of wool in grey.,59.00
"""


class Merchant:
    """A new organization. `replies` counts what was answered, as `(call, status)`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.replies: Counter[tuple[str, int]] = Counter()
        self.project = self.source = ""
        self.texts: dict[str, str] = {}

    def call(self, method: str, path: str, **more: Any) -> Any:
        found = self.http.request(method, f"{self.url}/api/v1/{path}", timeout=120, **more)
        name = "/".join(part for part in path.split("?")[0].split("/") if "-" not in part or part.isalpha())
        self.replies[f"{method} {name}", found.status_code] += 1
        assert found.status_code < 400, f"{method} {path}: {found.status_code}: {found.text[:1000]}"
        return found.json() if "json" in found.headers.get("Content-Type", "") else found.content

    def register(self) -> None:
        body = {
            "email": f"m-{secrets.token_hex(6)}@example.com",
            "password": secrets.token_urlsafe(16),
            "company_name": "Upgraded",
        }
        token = self.call("POST", "auth/register", json=body)["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def work(self) -> None:
        """Import, generate, list, edit, approve and export."""
        self.texts = {}
        self.project = self.call("POST", "projects", data={"name": "Autumn", "platform": "woocommerce"})["id"]
        upload = {"file": ("catalogue.csv", CATALOGUE, "text/csv")}
        self.source = self.call("POST", f"projects/{self.project}/sources/file", files=upload)["id"]
        self.until(lambda: len(self.items()) == 3)
        self.call("POST", f"projects/{self.project}/generate/estimate", json={})
        self.call("POST", f"projects/{self.project}/jobs", json={"job_type": "generation"})
        self.until(lambda: all(item["status"] in ("generated", "flagged") for item in self.items()))
        for item in self.items():
            path = f"projects/{self.project}/items/{item['id']}"
            text = f"A plain thing of everyday use, {item['source_data']['name'].lower()}."
            self.call("PATCH", path, json={"generated_content": {"short_description": text}})
            self.call("PATCH", path, json={"status": "approved"})
            self.texts[item["id"]] = text
        self.check()

    def check(self) -> None:
        """What was written is there, and is exported."""
        assert {item["id"]: item["generated_content"]["short_description"] for item in self.items()} == self.texts
        exported = self.call("GET", f"projects/{self.project}/sources/{self.source}/export").decode()
        assert all(text in exported for text in self.texts.values())
        self.call("GET", "billing/balance")

    def items(self) -> list[dict[str, Any]]:
        return self.call("GET", f"projects/{self.project}/items")

    def until(self, true: Any, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.items()
            time.sleep(0.3)
