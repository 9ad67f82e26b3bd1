"""Posts: the list, the calendar, and the editor."""

import calendar
import json
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from blog import posts
from blog.models import BlogPost, Publication
from blog.publishing import changes, undo
from blog.translations import job as translations
from blog.writing import job as writing
from integrations.models import BlogConnection, StoreConnection
from integrations.stores import platforms
from scribe import jobs
from scribe.api.access import MEMBERS
from scribe.errors import Conflict, VersionConflict
from scribe.ids import parse
from scribe.types import ReadOnlyJson
from workbench import article, post_form, post_languages
from workbench.labels import POST_STATUSES, SITE_STATUSES
from workbench.pages import go
from workbench.post_form import PostForm
from workbench.post_languages import TranslationsForm
from workbench.views.new_posts import MOST_LISTED, price_summary
from workbench.views.projects import ProjectPage

PAGE = 50
MOST_IN_MONTH = 500
Status = BlogPost.Status
BUSY = (Status.GENERATING, Status.PUBLISHING)
LISTED = ("content", "metadata", "structured_data", "selected_images")


class PostsPage(ProjectPage):
    """The project's posts, newest first."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        status = request.GET.get("status", "")
        own = BlogPost.objects.visible_to(self.user).filter(project=project)
        spoken = sorted(own.order_by().values_list("language", flat=True).distinct())
        language = request.GET.get("language", "")
        rows = own.select_related("original").defer(*LISTED, *(f"original__{name}" for name in LISTED))
        if status in POST_STATUSES:
            rows = rows.filter(status=status)
        if language in spoken:
            rows = rows.filter(language=language)
        if after := parse(request.GET.get("after")):
            rows = rows.filter(pk__lt=after)
        found = list(rows.order_by("-id")[: PAGE + 1])
        return self.show_project(
            "posts",
            project=project,
            tab="posts",
            posts=found[:PAGE],
            further=found[PAGE - 1].pk if len(found) > PAGE else "",
            state=status,
            statuses=POST_STATUSES.items(),
            chosen=language if language in spoken else "",
            spoken=spoken,
        )


class CalendarPage(ProjectPage):
    """A month of posts: when they were published, and when they will be."""

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, first = self.project(), month_of(request.GET.get("month", ""))
        weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
        begin, end = midnight(weeks[0][0]), midnight(weeks[-1][-1] + timedelta(days=1))
        rows = BlogPost.objects.visible_to(self.user).filter(project=project).defer(*LISTED)
        rows = rows.filter(
            Q(status=Status.SCHEDULED, scheduled_at__gte=begin, scheduled_at__lt=end)
            | Q(published_at__gte=begin, published_at__lt=end)
        )
        days: dict[date, list[BlogPost]] = defaultdict(list)
        for post in sorted(rows[:MOST_IN_MONTH], key=moment):
            days[timezone.localtime(moment(post)).date()].append(post)
        return self.show_project(
            "posts_calendar",
            project=project,
            tab="posts",
            first=first,
            today=timezone.localdate(),
            weeks=[[(day, day.month == first.month, days.get(day, [])) for day in week] for week in weeks],
            before=f"{first - timedelta(days=1):%Y-%m}",
            after=f"{first + timedelta(days=31):%Y-%m}",
        )


class OnePost(ProjectPage):
    """The base of what is below one post."""

    support = True

    def blog_post(self) -> BlogPost:
        rows = BlogPost.objects.select_related(
            "organization__wallet", "project__store_connection", "project__content_profile", "project__organization",
            "blog_connection", "store_connection__grant", "template", "job", "original",
        )  # fmt: skip
        return self.row(rows, self.kwargs["post_id"], project=self.project())

    def claim(self, post: BlogPost) -> None:
        """Lock the post if its texts are those that the form was made from. Raises VersionConflict."""
        article.claim(post, version=self.version(), seen=self.request.POST.get("seen", ""))

    def page(
        self,
        post: BlogPost,
        form: PostForm | None = None,
        status: int = 200,
        asked: ReadOnlyJson | None = None,
        order: TranslationsForm | None = None,
        **context: object,
    ) -> HttpResponse:
        """The page. `asked`: the form for a site as it was sent, to show it again; `order`: that for translations."""
        asked, there = asked or {}, post_languages.posts_by_language(post)
        tried = posts.trial_copy(post, **form.changes()) if form is not None and form.is_valid() else post
        organization = post.organization_id
        sites = BlogConnection.objects.of(organization).filter(is_active=True).order_by("name")[:MOST_LISTED]
        with_blog = [row.id for row in platforms.PLATFORMS.values() if row.publisher is not None]
        stores = StoreConnection.objects.of(organization).filter(platform__in=with_blog).order_by("name")[:MOST_LISTED]
        places = [(f"blog:{one.pk}", f"{one.name} · {urlsplit(one.site_url).netloc}") for one in sites]
        places += [(f"store:{one.pk}", one.name) for one in stores]
        at = f"blog:{post.blog_connection_id}" if post.blog_connection_id else f"store:{post.store_connection_id}"
        return self.show_project(
            "post",
            project=post.project,
            tab="posts",
            status=status,
            post=post,
            form=form or PostForm.of(post),
            seen=post_form.digests(post),
            addresses=json.dumps(article.addresses(tried.content, organization)),
            score=article.score(tried),
            preview=article.preview(tried),
            featured=article.here(post.featured_image_url, post.organization_id),
            images=post.images.all(),
            busy=post.status in BUSY,
            skipped=(post.metadata or {}).get("skipped_fields") or {},
            removed=(post.metadata or {}).get(posts.REMOVED) or [],
            reasons=(post.metadata or {}).get("reasons") or [],
            last=Publication.objects.filter(post=post).order_by("-created_at").first(),
            places=places,
            place=asked.get("target") or next((key for key, _name in places if key == at), ""),
            site_statuses=SITE_STATUSES.items(),
            site_status=asked.get("wp_status") or post.scheduled_as,
            asked=asked,
            spoken=there,
            moved=next((one.outdated for one in there if one.pk == post.pk), []),
            order=order or (TranslationsForm(post=post, there=there) if post.original is None else None),
            undoable=undo.is_undoable(post),
            **{"clashes": changes.conflicts_of(post), **context},
        )


class PostPage(OnePost):
    """The editor. An edit that comes too late is put beside what has changed meanwhile, or shown beside it."""

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        return self.page(self.blog_post())

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, form = self.blog_post(), PostForm(request.POST)
        if not form.is_valid():
            return self.page(post, form, status=422)
        said = "post-saved"
        with transaction.atomic():
            try:
                self.claim(post)
            except VersionConflict:
                now, said = BlogPost.objects.locked(post.pk), "post-merged"
                if clashes := form.clashes_with(now, request.POST.get("seen", "")):
                    beside = [(form.fields[name].label, PostForm.of(now).initial[name]) for name in clashes]
                    return self.page(self.blog_post(), form, status=412, conflict=beside)
            posts.update(post=post, by=self.user, **form.changes())
        return go("post", project_id, post_id, said=said, kept=request.POST.get("draft", "")[:32])


class PostCheck(OnePost):
    """Score and preview of an edit while it is typed. Saves nothing."""

    saves = False

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, form = self.blog_post(), PostForm(request.POST)
        if not form.is_valid():
            return self.show("parts/post_score", problems=[text for found in form.errors.values() for text in found])
        tried = posts.trial_copy(post, **form.changes())
        return self.show(
            "parts/post_score", post=tried, score=article.score(tried), preview=article.preview(tried),
            featured=article.here(tried.featured_image_url, post.organization_id),
        )  # fmt: skip


class PostProgress(OnePost):
    """How far the post's job is. Once it has ended, the whole page is loaded again."""

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        last = Publication.objects.filter(post=post).order_by("-created_at").first()
        shown = self.show("parts/post_progress", post=post, last=last, project=post.project)
        if post.status not in BUSY:
            shown["HX-Refresh"] = "true"
        return shown


class PostStop(OnePost):
    """Stops the post's job."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        if post.job is not None and not post.job.ended:
            jobs.cancel(post.job, by=self.user)
        return go("post", project_id, post_id, said="cancelled")


class PostRewrite(OnePost):
    """Writes the post anew, a translation from its original. GET: the price."""

    who = MEMBERS

    def get(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        if post.original is not None:
            found = translations.estimate(post=post.original, languages=[post.language], redo=True)
            told = post_languages.price_summary(found, self.user.organization.wallet.available)
            return self.show("parts/post_translations_quote", **told)
        quote, settings = writing.estimate_again(post)
        return self.show("parts/post_quote", **price_summary(self.user, quote, settings))

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        with transaction.atomic():
            self.claim(post)
            if post.original is not None:
                translations.again(post=post, by=self.user)
            else:
                writing.regenerate(post=post, by=self.user)
        return go("post", project_id, post_id)


class PostDeletion(OnePost):
    support = False

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        try:
            posts.delete(post=post)
        except Conflict as error:
            return self.page(post, status=409, refusal=error.render())
        return go("posts", project_id, said="post-deleted")


def moment(post: BlogPost) -> datetime:
    """When the post was published, or will be."""
    found = post.scheduled_at if post.status == Status.SCHEDULED else post.published_at
    return found or post.created_at


def month_of(text: str) -> date:
    """The first day of the month `2026-11`; of this month for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    return found if 2000 <= found.year < 2200 else timezone.localdate().replace(day=1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
