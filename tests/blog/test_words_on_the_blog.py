"""A day on a guarded blog: posts go out again while the merchant edits, answers are lost and workers die."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest

from blog.models import BlogPost, Publication
from blog.publishing import attempt
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations.models import BlogConnection
from scribe.errors import Conflict
from scribe.models import Job
from tests.blog.sites import BlogSite
from tests.fakes.wordpress import PASSWORD, USER
from tests.helpers import run_jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TEXTS = ("title", "content", "excerpt")
POSTS = 34  # of three texts each
BODY = "<!-- wp:html --><p>Cold, {n} < 40.</p><script>if (i < {n} && j) { go(); }</script><!-- /wp:html -->"


class BlogDay:
    """Thirty edits, each of one text at a forced moment: before our look, between look and write, or after."""

    def __init__(self, site: BlogSite, rows: list[dict[str, Any]]) -> None:
        self.site, self.at = site, random.Random(11)
        self.words: dict[int, str] = {}
        chosen = self.at.sample(rows, 30)
        self.moments = {row["id"]: ("before", "between", "after")[n % 3] for n, row in enumerate(chosen)}
        self.writes = 0

    def edit(self, pk: int) -> None:
        row, field = self.site.rows[pk], self.at.choice(TEXTS)
        self.words[pk] = f"merchant{pk}x"
        self.site.edit(row, **{field: f"{row[field]['raw']} {self.words[pk]}"})

    def edit_all(self, moment: str) -> None:
        for pk in [pk for pk, when in self.moments.items() if when == moment and pk not in self.words]:
            self.edit(pk)

    def __call__(self, request: Any) -> None:
        name = request.path.rpartition("/")[2]
        if request.method != "POST" or not name.isdigit():
            return
        pk = int(name)
        if self.moments.get(pk) == "between" and pk not in self.words:
            self.edit(pk)
        self.writes += 1
        same = lambda r: r.method == "POST" and r.path.endswith(f"/{name}")  # noqa: E731
        if self.writes % 5 == 2:
            self.site.drop_after(same)  # saved, and nobody hears of it
        elif self.writes % 7 == 3:
            self.site.fail(500, b"", when=same)  # PHP dies: the guard's transaction leaves nothing behind


def work_and_die(monkeypatch: Any) -> None:
    """Work until nothing is left. Three workers die when the site has a post and nothing of it is settled."""
    remember, count = attempt.Delivery.remember, iter(range(1000))

    def die(self: Any, found: Any) -> None:
        if next(count) in (2, 5, 9):
            raise SystemExit("killed")
        remember(self, found)

    monkeypatch.setattr(attempt.Delivery, "remember", die)
    for _ in range(5):
        Job.objects.update(lease_until=None)
        with suppress(SystemExit):
            run_jobs()


def undo_all() -> None:
    for post in BlogPost.objects.all():
        with suppress(Conflict):  # those that were stopped have replaced nothing
            publications.undo(post=post, by=None)
    run_jobs()


@pytest.mark.thorough
def test_a_hundred_texts_thirty_edits_lost_answers_and_kills_lose_no_word(
    cast: Any, settings: Any, make_post: Any, monkeypatch: Any
) -> None:
    with BlogSite() as site:
        settings.OUTBOUND_ALLOWED_HOSTS = [site.hostport]
        site.guarded = True
        connection = BlogConnection.objects.create(
            organization=cast.organization, name="Blog", site_url=site.url, username=USER, app_password=PASSWORD
        )
        target = PublicationTarget(blog_connection=connection)
        made = [make_post(slug=f"post-{n}", title=f"Post {n}", excerpt=f"Short {n}") for n in range(POSTS)]
        for n, post in enumerate(made):
            BlogPost.objects.filter(pk=post.pk).update(content=BODY.replace("{n}", str(n)))
            publications.publish(post=post, by=None, target=target)
        run_jobs()
        before = {row["id"]: {t: row[t]["raw"] for t in TEXTS} for row in site.rows.values() if row["type"] == "post"}
        day = BlogDay(site, [site.rows[pk] for pk in before])
        day.edit_all("before")
        for n, post in enumerate(made):
            texts = {"title": f"New {n}", "content": f"<p>New {n}.</p>", "excerpt": f"New short {n}"}
            BlogPost.objects.filter(pk=post.pk).update(**texts)
            publications.publish(post=BlogPost.objects.get(pk=post.pk), by=None, target=target)
        site.on_request = day
        work_and_die(monkeypatch)
        site.on_request = None
        assert not Job.objects.active().exists()
        day.edit_all("after")
        assert len(day.words) == 30

        def standing() -> set[int]:
            return {pk for pk, word in day.words.items() if any(word in site.rows[pk][t]["raw"] for t in TEXTS)}

        assert standing() == set(day.words)
        stopped = Publication.objects.filter(error_code="post_changed").values_list("post__wp_post_id", flat=True)
        assert set(stopped) == {pk for pk, when in day.moments.items() if when != "after"}

        undo_all()
        assert standing() == set(day.words)
        now = {pk: {t: site.rows[pk][t]["raw"] for t in TEXTS} for pk in before}
        assert {pk: now[pk] for pk in before.keys() - day.words.keys()} == {
            pk: before[pk] for pk in before.keys() - day.words.keys()
        }
        for undone in Publication.objects.filter(action="undo"):
            assert undone.state == "confirmed" or undone.error
