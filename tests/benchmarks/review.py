"""The review in a real browser, by keyboard alone: a hundred items, and how soon the next item shows in a queue of 50,000,
beside a bare view that renders one row. Without Chromium there is nothing to measure."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from projects.models import ContentItem
from scribe.local.servers import free_port
from tests import factories
from tests.acceptance.browser import CHROMIUM, Browser, browser
from tests.benchmarks.balance import _answers
from tests.live import Live, wait
from tests.workbench.conftest import write
from tests.workbench.visiting import Visitor

ITEMS = 50_000
REVIEWED, REJECTED_EACH = 100, 10  # every tenth is rejected, with a reason
SHOWN = 200
#: Rows like one that was written and checked, each with a score of its own.
COPIES = """
INSERT INTO projects_contentitem (id, created_at, updated_at, organization_id, project_id, item_type, external_id, store_view,
    position, source_data, source_hash, generated_content, status, has_unsupported_claims, ai_model_used, metadata,
    generation_metadata, confidence_score)
SELECT gen_random_uuid(), now(), now(), organization_id, project_id, item_type, 'copy-' || n, '', n, source_data, '',
    generated_content, 'generated', false, ai_model_used, metadata, generation_metadata, n / 100000.0
FROM projects_contentitem, generate_series(1, %s) AS n WHERE id = %s
"""
BARE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scribe.settings")
import django
django.setup()
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from projects.models import ContentItem

row = engines["django"].from_string(
    "<article data-item='{{ item.pk }}'><h2>{{ item.source_data.name }}</h2>"
    "{% for key, text in item.generated_content.items %}<h3>{{ key }}</h3><p>{{ text }}</p>{% endfor %}</article>"
)

def blank(request):
    return HttpResponse("<!doctype html><title>Bare</title><link rel=icon href=data:,><main></main>")

def view(request, pk):
    return HttpResponse(row.render({"item": ContentItem.objects.get(pk=pk)}))

urlpatterns = [path("", blank), path("<uuid:pk>", view)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIMiddleware(WSGIHandler(), workers=settings.WEB_THREADS)
"""
#: Look at an item for a third of a second, press j, and wait until the pane shows the item that the queue marks. In
#: milliseconds from the key on.
NEXT = """async () => {
  await new Promise((seen) => setTimeout(seen, 330));
  const current = () => document.querySelector('.entry[aria-current]')?.dataset.item;
  const before = current(), began = performance.now();
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }));
  while (current() === before || document.querySelector('.reading')?.dataset.item !== current())
    await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
PLAIN = """async (path) => {
  await new Promise((seen) => setTimeout(seen, 330));
  const began = performance.now(), answer = await fetch(path);
  document.querySelector('main').innerHTML = await answer.text();
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""
SHOWN_NOW = "(item) => document.querySelector('.reading')?.dataset.item === item"


def run() -> list[tuple[str, float, float, float, str]]:
    if CHROMIUM is None:
        print("  (review: Chromium is not installed)", flush=True)
        return []
    user = factories.make_user()
    project = factories.make_project(user.organization)
    item = write(factories.make_item(project), user)
    with connection.cursor() as cursor:
        cursor.execute(COPIES, [ITEMS, item.pk])
        cursor.execute("VACUUM ANALYZE projects_contentitem")
    rows = ContentItem.objects.filter(project=project).order_by("confidence_score", "id")
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)[: REVIEWED + 1]]
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in Visitor(user).client.cookies.items())
    connection.close()
    live = Live("web", RATE_LIMIT_FACTOR="0")
    live.start()
    try:
        with browser(live.url) as opened:
            opened.sign_in(cookie)
            took = reviewed(opened, f"/app/projects/{project.pk}/review?status=generated", ids)
            opened.open(f"/app/projects/{project.pk}/review?status=generated")
            opened.page.evaluate(NEXT)
            ours = p95([opened.page.evaluate(NEXT) for _ in range(SHOWN)])
        with bare(live) as url, browser(url) as opened:
            opened.open("/")
            opened.page.evaluate(PLAIN, f"/{item.pk}")
            floor = p95([opened.page.evaluate(PLAIN, f"/{item.pk}") for _ in range(SHOWN)])
    finally:
        live.stop()
    return [
        (f"{REVIEWED} items reviewed by keyboard (s), against 60", took, 60.0, took / 60, "≤ 1"),
        (f"the next of {ITEMS:,} items shows (p95, ms), against 100", ours, 100.0, ours / 100, "≤ 1"),
        ("  beside a bare view of one row (p95, ms)", ours, floor, ours / floor, ""),
    ]


def reviewed(opened: Browser, path: str, ids: list[str]) -> float:
    """Seconds from the first key to the last answer."""
    page: Any = opened.page
    opened.open(path)
    page.wait_for_function(SHOWN_NOW, arg=ids[0])
    began = time.monotonic()
    for number in range(REVIEWED):
        if number % REJECTED_EACH == REJECTED_EACH - 1:
            page.keyboard.press("r")
            page.keyboard.type("Too flowery")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("a")
        page.wait_for_function(SHOWN_NOW, arg=ids[number + 1])
    took = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    opened.check()
    return took


@contextmanager
def bare(live: Live) -> Iterator[str]:
    """A server of its own for the bare view, with the same settings."""
    port = free_port()
    folder = live.stack.data_dir / "bench"
    folder.mkdir(exist_ok=True)
    (folder / "bare_row.py").write_text(BARE)
    environment = {**os.environ, **live.environment, "PYTHONPATH": f"{folder}:{os.getcwd()}"}
    server = ["uvicorn", "bare_row:application", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    process = subprocess.Popen([sys.executable, "-m", *server], env=environment)
    try:
        wait(lambda: _answers(port), seconds=30)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def p95(measured: list[float]) -> float:
    return sorted(measured)[int(len(measured) * 0.95)]
