"""`make demo`: the main job of the product over its public REST API, on a stack of its own that is gone afterwards.

Register, create a project, upload a messy shop export, get a quote, generate with live progress, review, and export. What is
printed was read from the API, and the exported file is compared with the uploaded one cell by cell.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from scribe.local import addresses, servers
from scribe.local.supervisor import BASE_DIR, Stack

SAMPLE = BASE_DIR / "projects" / "sample" / "woocommerce_export.csv"
LANGUAGE = os.environ.get("DEMO_LANGUAGE", "en")
BAR = 32


class Client:
    """A caller of the API, as any REST client would be."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}/api/v1/"
        self.http = requests.Session()

    def call(self, method: str, path: str, **more: Any) -> Any:
        response = self.http.request(method, self.url + path, timeout=120, **more)
        if response.status_code >= 400:
            raise SystemExit(f"{method} {path} answered {response.status_code}:\n{response.text}")
        return response.json() if "json" in response.headers.get("Content-Type", "") else response.content

    def events(self, path: str, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        with self.http.post(self.url + path, json=body, stream=True, timeout=300) as response:
            if response.status_code != 200:
                raise SystemExit(f"{path} answered {response.status_code}:\n{response.text}")
            name = ""
            for line in response.iter_lines(decode_unicode=True):
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    yield name, json.loads(line[6:])


def main() -> int:
    began = time.monotonic()
    data_dir = Path(os.environ.get("DATA_DIR") or addresses.default_data_dir(BASE_DIR)) / "demo"
    os.environ["DATA_DIR"] = str(data_dir)
    os.environ.setdefault("PORT", str(servers.free_port()))
    stack = Stack()
    try:
        stack.up()
        if stack.ending:
            return 1
        print(f"The stack is up after {time.monotonic() - began:.1f} s.\n")
        play(Client(stack.url), data_dir)
    finally:
        stack.down()
    print(f"\nEverything stopped. {time.monotonic() - began:.1f} s in all.")
    return 0


def play(client: Client, data_dir: Path) -> None:
    step("Register")
    email, password = f"demo-{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16)
    body = {"email": email, "password": password, "company_name": "Alpine Corner"}
    client.http.headers["Authorization"] = "Bearer " + client.call("POST", "auth/register", json=body)["access_token"]
    before = client.call("GET", "billing/balance")
    print(f"  {email}, {before['total_balance']} XCT on the {before['subscription_tier']} plan")

    step("Create a project and upload a WooCommerce export")
    project = client.call("POST", "projects", data={"name": "Autumn catalogue", "platform": "woocommerce"})["id"]
    with SAMPLE.open("rb") as file:
        found = client.call("POST", f"projects/{project}/sources/detect-columns", files={"file": file})
    print(
        f"  {SAMPLE.name}: {found['encoding']}, delimiter {found['delimiter']!r}, {found['row_count']} rows, mapping confidence {found['confidence']:.2f}"
    )
    with SAMPLE.open("rb") as file:
        source = client.call("POST", f"projects/{project}/sources/file", files={"file": file})
    items = client.call("GET", f"projects/{project}/items")
    variants = sum(item["item_type"] == "variant" for item in items)
    print(f"  {len(items)} items imported, {variants} of them variants")
    for fault in source.get("errors", []):
        print(f"  line {fault['line']} was left out: {fault['reason']}")

    # A house rule: nobody publishes a text about climbing before a person has read it.
    rules = {"forbidden_words": ["climbing"]}
    client.call("PATCH", f"projects/{project}", json={"settings": rules})
    print(f"  house rule: texts with {', '.join(map(repr, rules['forbidden_words']))} are flagged")

    step("Quote")
    wishes = {
        "language": LANGUAGE,
        "generate_bullet_points": True,
        "generate_tags": True,
        "structured_data_enabled": True,
    }
    quote = client.call("POST", f"projects/{project}/generate/estimate", json=wishes)
    print(
        f"  {quote['items']} items by {quote['ai_provider']}/{quote['ai_model']}: {quote['xct_expected']} XCT expected, {quote['xct_max']} at most"
    )

    step("Generate")
    total = generate(client, project, wishes)
    items = {item["id"]: item for item in client.call("GET", f"projects/{project}/items")}

    step("Three items, before and after")
    written = [item for item in items.values() if item["generated_content"]]
    for item in sorted(written, key=lambda item: -len(str(item["source_data"].get("description") or "")))[:3]:
        show(item)

    step("Review")
    review(client, project, list(items.values()))

    step("Export")
    export(client, project, source, data_dir)

    after = client.call("GET", "billing/balance")
    approved = client.call("GET", f"projects/{project}")["status_counts"]["approved"]
    step("Summary")
    rows = [
        ("items imported", len(items)),
        ("generated", total["generated"]),
        ("flagged", total["flagged"]),
        ("failed", total["failed"]),
        ("approved", approved),
        ("XCT quoted at most", quote["xct_max"]),
        ("XCT spent", total["xct_used"]),
        ("XCT left", after["total_balance"]),
    ]
    for name, value in rows:
        print(f"  {name:<22}{value!s:>12}")
    print(f"\n  To look at the result: DATA_DIR={data_dir} make run")
    print(f"  then http://127.0.0.1:8000/app/projects/{project}/review as {email}, password {password}")


def generate(client: Client, project: str, wishes: dict[str, Any]) -> dict[str, Any]:
    for name, data in client.events(f"projects/{project}/generate/stream", wishes):
        if name == "progress":
            bar(data["current"], data["total"])
        elif name in ("complete", "failed", "cancelled"):
            print()
            if name != "complete":
                raise SystemExit(f"The generation ended as {name}: {data}")
            return data
    raise SystemExit("The stream ended without its last event.")


def bar(current: int, total: int) -> None:
    done = BAR * current // max(1, total)
    end = "\r" if sys.stdout.isatty() else "\n"
    print(f"  [{'█' * done}{'·' * (BAR - done)}] {current}/{total}", end=end, flush=True)


def show(item: dict[str, Any]) -> None:
    content = item["generated_content"]
    print(f"\n  {item['source_data']['name']}   (score {item['confidence_score']}, {item['status']})")
    print(
        f"    before: {brief(item['source_data'].get('description') or item['source_data'].get('short_description'))}"
    )
    print(f"    after:  {brief(content.get('description'))}")
    print(f"    short:  {brief(content.get('short_description'))}")
    print(f"    SEO:    {content['seo']['title']} | {content['seo'].get('description', '')}")


def review(client: Client, project: str, items: list[dict[str, Any]]) -> None:
    for item in items:
        if item["status"] == "flagged":
            reasons = "; ".join(item["generation_metadata"].get("reasons", []))
            print(f"  flagged: {item['source_data']['name']}: {reasons}")
    good = [item["id"] for item in items if item["status"] == "generated"]
    client.call("PATCH", f"projects/{project}/items/batch", json={"item_ids": good, "status": "approved"})
    print(f"  {len(good)} items approved")
    # A colleague adds a claim that the product data doesn't support, and one that it does.
    item = next(item for item in items if item["id"] in good and item["source_data"].get("attributes"))
    text = item["generated_content"]["short_description"] + " Comes with a 25-year warranty."
    edited = client.call(
        "PATCH", f"projects/{project}/items/{item['id']}", json={"generated_content": {"short_description": text}}
    )
    check = next(check for check in edited["generation_metadata"]["checks"] if check["id"] == "grounding")
    print(f"\n  A colleague edits “{item['source_data']['name']}”; every claim is traced to its source:")
    traced = [finding for finding in check["findings"] if finding.get("supported")][:2]
    for finding in traced:
        print(f"    ✓ {finding['text']!r}: {finding['source_field']} says {finding['source_excerpt']!r}")
    for finding in check["findings"]:
        if not finding.get("supported"):
            print(f"    ✗ {finding['text']!r} ({finding['kind']}): in no source field")
    refused = client.http.patch(
        f"{client.url}projects/{project}/items/{item['id']}", json={"status": "approved"}, timeout=30
    )
    print(f"    approving it is refused: {refused.status_code} {refused.json()['code']}")
    client.call(
        "PATCH", f"projects/{project}/items/{item['id']}", json={"generated_content": item["generated_content"]}
    )
    client.call("PATCH", f"projects/{project}/items/{item['id']}", json={"status": "approved"})
    print("    the claim is taken back, and the item approved again")


def export(client: Client, project: str, source: dict[str, Any], data_dir: Path) -> None:
    exported = client.call("GET", f"projects/{project}/sources/{source['id']}/export")
    path = data_dir / "woocommerce_export.filled.csv"
    path.write_bytes(exported)
    identical, changed, added = compare(SAMPLE.read_bytes(), exported)
    print(f"  {identical} untouched cells are identical, {changed} were written, {added} columns were added")
    print(f"  {path}")
    target = Path(os.environ.get("DEMO_EXPORT", ""))
    if target.name:
        shutil.copy(path, target)


def compare(before: bytes, after: bytes) -> tuple[int, int, int]:
    """Cells that are the same, cells that differ, and columns that came along."""
    old, new = rows_of(before), rows_of(after)
    if len(old) != len(new):
        raise SystemExit(f"The export has {len(new)} records, the file had {len(old)}.")
    same = changed = 0
    for one, other in zip(old, new, strict=True):
        for cell, written in zip(one, other, strict=False):
            same += cell == written
            changed += cell != written
    return same, changed, len(new[0]) - len(old[0])


def rows_of(data: bytes) -> list[list[str]]:
    text = data.decode("cp1250", "surrogateescape")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def step(title: str) -> None:
    print(f"\n── {title} " + "─" * max(0, 60 - len(title)), flush=True)


def brief(text: str | None, length: int = 150) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>|\\n", " ", text or "")).strip()
    return plain if len(plain) <= length else plain[: length - 1] + "…"


if __name__ == "__main__":
    sys.exit(main())
