"""A new post: what it is about, how it is written, and at what price."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from blog.models import BlogPost, BlogTemplate
from blog.writing import job as writing
from blog.writing.job import PostQuote
from projects import items, writing_settings
from projects.models import ContentItem, Project
from scribe.api.access import MEMBERS
from scribe.errors import DomainError
from scribe.types import Json
from workbench.forms import PageForm, text
from workbench.labels import POST_TYPES
from workbench.pages import go
from workbench.queue import list_columns
from workbench.views.projects import ProjectPage
from workbench.views.writing import choices
from writing.settings import WritingSettings

MOST_ITEMS = 50
MOST_FOUND = 20
MOST_LISTED = 50


class PostWishes(PageForm):
    """What a new post is to be about, and how it is written."""

    topic = forms.CharField(
        label=_("Topic"), required=False, max_length=500, help_text=_("Or choose products below, or both.")
    )
    post_type = forms.ChoiceField(label=_("Type"), choices=list(POST_TYPES.items()))
    language = forms.ChoiceField(label=_("Language"))
    tone = forms.ChoiceField(label=_("Tone of voice"))
    ai_provider = forms.ChoiceField(label=_("AI model"), required=False)
    template = forms.ChoiceField(label=_("Template"), required=False)
    custom_instructions = text(_("Instructions"), 8000, rows=3, required=False)

    def __init__(self, *args: object, project: Project, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        known = choices(project, [])
        templates = BlogTemplate.objects.of(project.organization_id).order_by("name")[:MOST_LISTED]
        self.offer({name: known[name] for name in ("language", "tone", "ai_provider")})
        named = ((str(template.pk), template.name) for template in templates)
        self.offer({"template": [("", _("Default template")), *named]})

    def ai_settings(self) -> dict[str, str]:
        names = ("language", "tone", "ai_provider", "custom_instructions")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


class PostFormPage(ProjectPage):
    who = MEMBERS
    support = True

    def chosen(self, project: Project, ids: list[str]) -> list[ContentItem]:
        rows = ContentItem.objects.filter(project=project)
        return self.rows(rows, list(dict.fromkeys(ids))[:MOST_ITEMS])

    def asked(self, project: Project, form: PostWishes) -> Json:
        """The form as `writing.create` and `writing.estimate` take it."""
        data = form.cleaned_data
        template = self.row(BlogTemplate.objects.all(), data["template"]) if data["template"] else None
        return {
            "items": self.chosen(project, self.request.POST.getlist("item")),
            "post_type": data["post_type"],
            "topic": data["topic"],
            "template": template,
            "ai_settings": form.ai_settings(),
        }


class NewPostPage(PostFormPage):
    def get(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        settings = writing_settings.for_checking(project)
        start = {"language": settings.language, "tone": settings.tone, "post_type": BlogPost.Type.ARTICLE}
        return self.page(project, PostWishes(project=project, initial=start), request.GET.getlist("item"))

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        form = PostWishes(request.POST, project=project)
        if form.is_valid():
            try:
                post = writing.create(project=project, by=self.user, **self.asked(project, form))
            except DomainError as error:
                if error.status != 400:
                    raise
                form.refuse(error)
            else:
                return go("post", project.pk, post.pk)
        return self.page(project, form, request.POST.getlist("item"), status=422)

    def page(self, project: Project, form: PostWishes, ids: list[str], status: int = 200) -> HttpResponse:
        marked = (
            list_columns(ContentItem.objects.filter(pk__in=[i.pk for i in self.chosen(project, ids)])) if ids else []
        )
        return self.show_project("post_new", project=project, tab="posts", status=status, form=form, marked=marked)


class PostQuotePart(PostFormPage):
    """The price of the post that the form asks for. Saves nothing."""

    saves = False

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        form = PostWishes(request.POST, project=project)
        if not form.is_valid():
            return self.show("parts/post_quote", problems=[text for found in form.errors.values() for text in found])
        asked = self.asked(project, form)
        if not asked["topic"].strip() and not asked["items"]:
            return self.show("parts/post_quote", missing=_("Enter a topic or choose products."))
        try:
            quote, settings = writing.estimate(project=project, **asked)
        except DomainError as error:
            if error.status != 400:
                raise
            return self.show("parts/post_quote", problems=[error.render()])
        return self.show("parts/post_quote", **price_summary(self.user, quote, settings))


class PostProducts(PostFormPage):
    """Products to write about: those that are chosen already, and those that fit the search."""

    saves = False

    def post(self, request: HttpRequest, project_id: str) -> HttpResponse:
        project = self.project()
        marked = self.chosen(project, request.POST.getlist("item"))
        found = items.filter_items(project=project, search=request.POST.get("q", "").strip()[:200])
        found = found.exclude(pk__in=[item.pk for item in marked]).exclude(item_type=ContentItem.Type.VARIANT)
        return self.show(
            "parts/post_products",
            marked=list_columns(ContentItem.objects.filter(pk__in=[item.pk for item in marked])),
            found=list_columns(found)[:MOST_FOUND],
        )


def price_summary(user: User, quote: PostQuote, settings: WritingSettings) -> Json:
    wallet = user.organization.wallet
    return {
        "quote": quote,
        "settings": settings,
        "left": wallet.available - quote.xct_expected,
        "short": wallet.available < quote.xct_max,
    }
