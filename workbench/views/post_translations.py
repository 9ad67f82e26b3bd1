"""Translations of a post: their price, and the order to write them."""

from django.http import HttpRequest, HttpResponse

from blog.models import BlogPost
from blog.translations import job as translations
from scribe.errors import Conflict, DomainError, InvalidInput
from workbench import post_languages
from workbench.pages import go
from workbench.post_languages import TranslationsForm
from workbench.views.posts import OnePost


class OfOriginal(OnePost):
    """The base of both. The form of a translation is that of its original."""

    def form(self, post: BlogPost) -> TranslationsForm:
        original = post.original or post
        return TranslationsForm(self.request.POST, post=original, there=post_languages.posts_by_language(post))


class PostTranslations(OfOriginal):
    """Starts the job that writes the translations. Its quoted maximum is held first, and the bill never exceeds it."""

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        form = self.form(post)
        if form.is_valid():
            asked = form.cleaned_data
            try:
                found = translations.translate(
                    post=post, by=self.user, languages=asked["languages"], redo=asked["redo"]
                )
            except (InvalidInput, Conflict) as error:
                form.refuse(error)
            else:
                said = "post-translations-ordered" if found.job else "post-translations-current"
                return go("post", project_id, post_id, said=said)
        return self.page(post, status=422, order=form)


class PostTranslationsQuote(OfOriginal):
    """The price of what the form asks for. Saves nothing."""

    saves = False

    def post(self, request: HttpRequest, project_id: str, post_id: str) -> HttpResponse:
        post = self.blog_post()
        form = self.form(post)
        if not form.is_valid():
            problems = [text for found in form.errors.values() for text in found]
            return self.show("parts/post_translations_quote", problems=problems)
        asked = form.cleaned_data
        try:
            found = translations.estimate(post=post, languages=asked["languages"], redo=asked["redo"])
        except DomainError as error:
            if error.status not in (400, 409):
                raise
            return self.show("parts/post_translations_quote", problems=[error.render()])
        available = self.user.organization.wallet.available
        return self.show("parts/post_translations_quote", **post_languages.price_summary(found, available))
