"""The WordPress sites that posts are published to: their names and credentials, a test, and switching one off."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from integrations import blog_connections
from integrations.models import BlogConnection
from scribe.api.access import ADMINS
from scribe.errors import Conflict
from workbench.forms import PageForm, text
from workbench.pages import go
from workbench.views.account import AccountPage

MOST_BLOGS = 200


class BlogForm(PageForm):
    """A connection's name and credentials. The password that is kept is never shown."""

    name = forms.CharField(label=_("Name"), max_length=255)
    username = text(_("WordPress user"), 255, autocomplete="off")
    app_password = forms.CharField(
        label=_("Application password"),
        max_length=255,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave it empty to keep the one we have."),
    )


class BlogsPage(AccountPage):
    tab = "blogs"
    who = ADMINS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = BlogConnection.objects.visible_to(self.user).order_by("name", "pk")
        return self.show_account("blogs", blogs=rows[:MOST_BLOGS])


class BlogView(AccountPage):
    tab = "blogs"
    who = ADMINS

    def blog(self) -> BlogConnection:
        return self.row(BlogConnection.objects.all(), self.kwargs["blog_id"])


class BlogPage(BlogView):
    def get(self, request: HttpRequest, blog_id: str) -> HttpResponse:
        blog = self.blog()
        return self.page(blog, BlogForm(initial={"name": blog.name, "username": blog.username}))

    def post(self, request: HttpRequest, blog_id: str) -> HttpResponse:
        blog, form = self.blog(), BlogForm(request.POST)
        if form.is_valid():
            with form.refusals():
                changes = {name: value for name, value in form.cleaned_data.items() if value}
                blog_connections.update(connection=blog, by=self.user, **changes)
                return go("blog", blog.pk, said="saved")
        return self.page(blog, form, status=422)

    def page(self, blog: BlogConnection, form: BlogForm, status: int = 200, **context: object) -> HttpResponse:
        return self.show_account("blog", status=status, blog=blog, form=form, **context)


class BlogTest(BlogPage):
    """Signs in to the site, and says how that went."""

    def post(self, request: HttpRequest, blog_id: str) -> HttpResponse:
        blog = self.blog()
        tested = blog_connections.test(connection=blog)
        return self.page(blog, BlogForm(initial={"name": blog.name, "username": blog.username}), tested=tested)


class BlogSwitch(BlogView):
    """Enables a disabled connection, and disables an enabled one."""

    def post(self, request: HttpRequest, blog_id: str) -> HttpResponse:
        blog = self.blog()
        blog_connections.update(connection=blog, by=self.user, is_active=not blog.is_active)
        return go("blog", blog.pk, said="saved")


class BlogDeletion(BlogPage):
    def post(self, request: HttpRequest, blog_id: str) -> HttpResponse:
        blog = self.blog()
        try:
            blog_connections.delete(connection=blog, by=self.user)
        except Conflict as error:
            form = BlogForm(initial={"name": blog.name, "username": blog.username})
            return self.page(blog, form, status=409, refusal=error.render())
        return go("blogs", said="blog-deleted")
