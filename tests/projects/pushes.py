"""Imports, approvals and syncs as a caller of the API does them, each waited for."""

from __future__ import annotations

from integrations.models import StoreConnection
from projects.api.views.sync import render_item
from projects.models import ContentItem
from scribe.errors import Conflict
from scribe.models import Job
from tests.factories import make_project
from tests.fakes.shopify import TOKEN
from tests.helpers import run_jobs


def imported(caller, project, shop, count=1, **fields):
    """`count` products in the shop and as approved items with generated texts."""
    rows = [shop.add(**fields) for _ in range(count)]
    caller.post(f"projects/{project.pk}/import/execute", {}, status=202)
    run_jobs()
    approve(project)
    shop.writes.clear()
    shop.calls.clear()
    return rows


def approved(organization, shop, count):
    """A project with `count` approved products of the shop."""
    connection = StoreConnection.objects.create(
        organization=organization,
        name="Shop",
        platform="shopify",
        base_url=shop.url,
        status="active",
        access_token=TOKEN,
    )
    project = make_project(organization, platform="shopify", store_connection=connection)
    rows = [shop.add() for _ in range(count)]
    ContentItem.objects.bulk_create(
        ContentItem(
            organization=organization,
            project=project,
            external_id=row["legacyResourceId"],
            status="approved",
            source_data={"name": row["title"], "description": row["descriptionHtml"], "tags": [], "seo": {}},
            generated_content={"name": f"New {row['legacyResourceId']}", "description": "<p>Neu.</p>"},
        )
        for row in rows
    )
    return project


def approve(project, **content):
    for item in ContentItem.objects.filter(project=project).exclude(item_type="variant"):
        texts = {
            "name": f"New {item.external_id}",
            "description": f"<p>Generated for {item.external_id}</p>",
            **content,
        }
        ContentItem.objects.filter(pk=item.pk).update(generated_content=texts, status="approved")


def sync(caller, project, status=202, **body):
    """A whole sync: the request starts the job, the worker runs it, and the job's row has the totals."""
    answer = caller.post(f"projects/{project.pk}/sync", body, status=status)
    if status != 202:
        return answer
    run_jobs()
    return Job.objects.get(pk=answer["job_id"])


def one(caller, project, item, status=200, verb="", **body):
    """A single sync or undo: started, worked on, and the reply that its waiter would get."""
    answer = caller.post(f"projects/{project.pk}/sync/{item.pk}{verb}", body, status=202)
    run_jobs()
    try:
        reply = render_item(Job.objects.get(pk=answer["job_id"]))
    except Conflict as conflict:
        assert status == 409
        return {"code": conflict.code, **conflict.extra}
    assert reply.status_code == status
    return reply.data
