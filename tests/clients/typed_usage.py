"""What an integrator writes with the typed client. mypy refuses the lines that end in `# wrong`, and no others.

tests/clients/test_types.py has it checked, and tests/clients/test_clients.py does what is right.
"""

from __future__ import annotations

from email.message import Message
from pathlib import Path

from xcscribe import AsyncClient, Client, schemas, verify


def write(client: Client) -> list[str]:
    project = client.projects.create(name="Autumn", platform="woocommerce")
    client.sources.upload(project["id"], file=Path("products.csv"))
    client.sources.upload(project["id"], file=("again.csv", Path("products.csv").read_bytes()), match=True)
    quote = client.generation.estimate(project["id"], language="de")
    begun = client.generation.generate(project["id"], language="de", max_xct=quote["xct_max"], wait=0)
    client.wait(begun["job_id"], on_event=print)
    for item in client.items.list(project["id"], status="generated", limit=5):
        client.items.update(project["id"], item["id"], status="approved", version=item["version"])
    wish: schemas.ItemsListQuery = {"status": "approved"}
    names = [item["id"] for item in client.items.list(project["id"], **wish)]
    first = client.items.get(project["id"], names[0])["generated_content"]
    print(first["description"].title(), first["seo"]["title"], first.get("attributes", {}).get("Material"))
    client.items.update(project["id"], names[0], generated_content={"description": "<p>Ours</p>", "tags": None})
    written = client.items.export(project["id"], "out.csv")
    assert written > 0
    print(written.warnings.upper())
    print(client.items.get(project["id"], names[0], fields="id,status")["status"])
    return names


def take(body: bytes, headers: Message, asgi: dict[str, str]) -> list[str]:
    return [verify(body, given, "whsec_x")["type"] for given in (headers, asgi)]


async def write_async(client: AsyncClient) -> list[str]:
    project = await client.projects.create(name="Autumn", platform="woocommerce")
    await client.sources.upload(project["id"], file="products.csv")
    begun = await client.generation.generate(project["id"], wait=0, idempotency_key="mine")
    await client.wait(begun["job_id"], on_event=print)
    async for item in client.items.list(project["id"], status="generated", limit=5):
        await client.items.update(project["id"], item["id"], status="approved", version=item["version"])
    async for event in client.generation.generate_stream(project["id"], language="de"):
        print(event.name)
    await client.items.export(project["id"], "out.csv", status_filter="approved")
    return [item["id"] async for item in client.items.list(project["id"], status="approved")]


def refused(client: Client) -> None:
    client.itmes.list("1")  # wrong
    client.items.lst("1")  # wrong
    client.items.list()  # wrong
    client.items.list("1", statsu="flagged")  # wrong
    client.items.list("1", status="flaged")  # wrong
    client.items.list("1", limit="3")  # wrong
    client.projects.create(platform="woocommerce")  # wrong
    client.projects.create(name="Autumn", platform="wocommerce")  # wrong
    client.projects.create(name="Autumn", platform="woocommerce", store="1")  # wrong
    client.items.update("1", "2", status="approved", version="3")  # wrong
    client.items.get("1", "2", field="id")  # wrong
    client.items.update("1", "2", status="approved", wait=0)  # wrong
    client.api_keys.create(name="ERP", scopes=["projects:write"], expire_at="2026-12-01T00:00:00Z")  # wrong
    client.api_keys.create(name="ERP", scopes=["projcts:write"])  # wrong
    print(client.items.get("1", "2")["statsu"])  # wrong
    print(client.items.get("1", "2")["version"].upper())  # wrong
    print(client.items.get("1", "2")["generated_content"]["describtion"])  # wrong
    client.items.update("1", "2", generated_content={"describtion": "<p>Ours</p>"})  # wrong
    client.call("GET", "projects", quary={})  # wrong
    Client("https://api.example.com", api_key="x")  # wrong


async def refused_async(client: AsyncClient) -> None:
    await client.items.list("1")  # wrong
    for _ in client.items.list("1"):  # wrong
        pass
    await client.items.update("1", "2", staus="approved")  # wrong
    client.projects.create(name="Autumn", platform="woocommerce")["id"]  # wrong
