"""A post's way onto a site: publish, unpublish, schedule, and look again when an answer was lost."""

from datetime import datetime

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from blog.models import BlogPost
from blog.publishing import changes, links, targets
from blog.publishing import publication as publications
from blog.publishing.targets import PublicationTarget
from integrations import blog_connections
from integrations.models import BlogConnection, StoreConnection
from scribe.api.access import ADMINS
from scribe.errors import Conflict, DomainError, InvalidInput
from scribe.types import Json, StrPromise
from workbench.forms import PageForm, connect, text
from workbench.labels import SITE_STATUSES
from workbench.pages import go
from workbench.post_form import PostForm
from workbench.views.posts import OnePost
from workbench.views.projects import ProjectPage


class ScheduleForm(forms.Form):
    at = forms.CharField(max_length=40)

    def clean_at(self) -> datetime:
        """The time in the browser's zone. When the clocks go back, the first of two equal times is meant; a time that
        they skip when they go forward is as long after the change as it says."""
        try:
            found = parse_datetime(str(self.cleaned_data["at"]))
        except ValueError:
            found = None
        if found is None:
            raise forms.ValidationError(_("Enter a date and time."))
        return found.replace(tzinfo=found.tzinfo or timezone.get_current_timezone())


class NewBlogForm(PageForm):
    """A new connection to a WordPress site."""

    name = forms.CharField(label=_("Name"), max_length=255)
    site_url = forms.CharField(
        label=_("Site address (URL)"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://blog.example.com", "autocomplete": "url"}),
    )
    username = text(_("WordPress user"), 255, autocomplete="off")
    app_password = forms.CharField(
        label=_("Application password"),
        max_length=255,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Made in WordPress under Users → Profile → Application Passwords."),
    )


class OnTheWay(OnePost):
    """The base of what publishes a post."""

    def target(self, post: BlogPost) -> PublicationTarget:
        """The place that the form names as `blog:<id>` or `store:<id>`, or else the post's own."""
        kind, _colon, pk = self.request.POST.get("target", "").partition(":")
        site = self.row(BlogConnection.objects.all(), pk) if kind == "blog" else None
        store = self.row(StoreConnection.objects.select_related("grant"), pk) if kind == "store" else None
        if blog_id := self.request.POST.get("blog", "").strip()[:100]:
            post.external_blog_id = blog_id
            post.store_connection = store or post.store_connection
        target = targets.choose(post, blog_connection=site, store_connection=store)
        links.check(post, target)
        return target

    def refused(self, post: BlogPost, error: DomainError) -> HttpResponse:
        """The page again with what is missing. A shop with several blogs has them to choose from."""
        named = {fault.get("code") for fault in error.extra.get("errors") or []}
        kind, _colon, pk = self.request.POST.get("target", "").partition(":")
        several = []
        if "blog_required" in named and kind == "store":
            several = blog_connections.blogs(self.row(StoreConnection.objects.select_related("grant"), pk))
        status = 409 if error.status == 409 else 422
        more = {"clashes": error.extra["conflicts"]} if error.code == changes.PostChanged.code else {}
        refusal = _("Choose the blog.") if several else error.render()
        return self.sent_back(refusal, status=status, blogs=several, **more)

    def sent_back(self, refusal: StrPromise, status: int = 422, **context: object) -> HttpResponse:
        """The page again, with the form as it was sent."""
        return self.page(self.blog_post(), status=status, refusal=refusal, asked=self.request.POST, **context)  # type: ignore[arg-type]  # handed on

    def sides(self) -> dict[str, str]:
        """The side that the form takes in a conflict, by field: `ours` or `theirs`."""
        chosen = ((name.removeprefix("take-"), side) for name, side in self.request.POST.items() if name[:5] == "take-")
        return {name: str(side) for name, side in chosen if side in (changes.OURS, changes.THEIRS)}

    def wished(self) -> str:
        """What the post is to be on its site."""
        wished = self.request.POST.get("wp_status", "publish")
        if wished not in SITE_STATUSES:
            raise InvalidInput.at("#/wp_status", gettext("Choose how to publish the post."), "invalid_choice")
        return str(wished)


class PostPublication(OnTheWay):
    """Publishes the post, or updates it where it is."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, wished = self.blog_post(), self.wished()
        try:
            target = self.target(post)
            resolution = changes.resolution(post, target, chosen=self.sides())
            changes.check(post, target, resolution, status=publications.site_status(target, wished))
            with transaction.atomic():
                self.claim(post)
                publications.publish(
                    post=post,
                    by=self.user,
                    target=target,
                    wp_status=wished,
                    shopify_published=wished == "publish",
                    wish=resolution,
                )
        except (InvalidInput, Conflict) as error:
            return self.refused(post, error)
        return go("post", project_id, post_id)


class PostMerge(OnTheWay):
    """The editor with the site's texts in it, as far as they were chosen. Nothing is saved."""

    saves = False

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        form, clashes = PostForm.of(post), list[Json]()
        try:
            target = self.target(post)
            status = publications.site_status(target, self.wished())
            changes.check(post, target, changes.UNDECIDED, status=status)
        except Conflict as error:
            clashes = error.extra.get("conflicts") or []
        theirs = {name for name, side in self.sides().items() if side == changes.THEIRS}
        for clash in clashes:
            if clash["field"] in theirs & form.fields.keys():
                form.initial[clash["field"]] = clash["theirs"]
        return self.page(post, form, clashes=clashes)


class PostUndo(OnTheWay):
    """Puts back what the last publish replaced on the site."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        publications.undo(post=self.blog_post(), by=self.user)
        return go("post", project_id, post_id)


class PostWithdrawal(OnTheWay):
    """Makes the post a draft on its site and here."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        publications.unpublish(post=self.blog_post(), by=self.user)
        return go("post", project_id, post_id)


class PostSchedule(OnTheWay):
    """Has the post published at a time, which the form gives in the browser's time zone."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post, form = self.blog_post(), ScheduleForm(request.POST)
        if not form.is_valid():
            return self.sent_back(_("Enter a date and time."))
        try:
            target = self.target(post)
            with transaction.atomic():
                self.claim(post)
                publications.schedule(
                    post=post, by=self.user, target=target, at=form.cleaned_data["at"], wp_status=self.wished()
                )
        except (InvalidInput, Conflict) as error:
            return self.refused(post, error)
        return go("post", project_id, post_id, said="post-scheduled")


class PostScheduleEnd(OnTheWay):
    """Takes the post off the schedule."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        publications.unschedule(post=self.blog_post())
        return go("post", project_id, post_id, said="post-unscheduled")


class PostLookup(OnTheWay):
    """Looks at once whether a post whose answer was lost has arrived."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        publications.look_now(self.blog_post())
        return go("post", project_id, post_id, said="looking")


class BlogConnectionPage(ProjectPage):
    """A WordPress site to publish to. It is tested at once, and kept only when it answers."""

    who = ADMINS

    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        return self.page(NewBlogForm())

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project, form = self.project(), NewBlogForm(request.POST)
        if form.is_valid() and connect(blog_connections, form, by=self.user):
            return go("posts", project.pk, said="blog-connected")
        return self.page(form, status=422)

    def page(self, form: NewBlogForm, status: int = 200) -> HttpResponse:
        return self.show_project("blog_connect", project=self.project(), tab="posts", status=status, form=form)
