"""The language of a post on a site that keeps several, and how a translation is linked to its original there."""

from blog.models import BlogPost, Publication
from blog.publishing import in_place
from blog.publishing.in_place import NOT_THERE
from blog.publishing.targets import PublicationTarget
from integrations import connections
from integrations.stores.errors import Missing, StoreError, Unsupported
from integrations.stores.posts import PostLanguages, Publisher
from integrations.stores.types import ShopLanguage
from scribe.errors import Conflict
from scribe.messages import _
from scribe.types import Json
from writing import language_codes, languages

NO_LANGUAGE = _("The site does not have the language {language}. Add it there first.")
NOT_FIRST = _(
    "The site would show this post in its main language, {first}. To publish in {language}, the "
    "site needs Polylang Pro."
)
ITSELF = _("The original is already the site's {language} version.")
EXISTS = _("The site already has its own {language} version, so it was not overwritten.")


def check(post: BlogPost, target: PublicationTarget) -> None:
    """Ask the place, before anything is sent, whether it takes the post's language. An article that is there already
    passes. Raises Conflict with the reason; UpstreamFailed or UpstreamTimeout."""
    inside = in_place.applies(post, target)
    if target.holds(post) and not inside:
        return
    unclear = Publication.objects.filter(post=post, sent_at__isnull=False, remote_id="").exists()
    try:
        if inside:
            in_place.InPlace(post, target, target.open_live()).plan()
        else:
            link_to_translations(post, target, target.open_live(), ours=unclear)
    except Unsupported as error:
        raise Conflict(error.message, code=error.code) from None
    except StoreError as error:
        if post.original is None:
            return  # a site that does not answer is left to the job, which asks again
        raise connections.upstream(error, party=target.platform.id, key="reason") from None


def link_to_translations(
    post: BlogPost, target: PublicationTarget, publisher: Publisher, *, ours: bool = False
) -> Json:
    """`{language, original, original_language}` to create the post with, in the place's own codes; {} on a site of one
    language, where it is a post of its own, and in the first language of one with several. A post that is no translation has
    no `original`. `ours`: a translation that is there may be ours. Raises StoreError, Unsupported where the place does not
    take it."""
    original = post.original
    if original is None:
        return _alone(post, target, publisher)
    there = target.remote_id(original) if target.holds(original) else ""
    try:
        site = publisher.linking(there)
    except Missing:
        raise Unsupported(NOT_THERE, code="original_not_published") from None
    if site is None:
        return {}
    if not there:
        raise Unsupported(NOT_THERE, code="original_not_published")
    name = languages.BY_CODE[post.language].name
    fitting = [one.code for one in _fitting(post, target, site)]
    if site.language in fitting:
        raise Unsupported(ITSELF.format(language=name), code="shop_language_primary")
    if not ours and any(site.translations.get(code) for code in fitting):
        raise Unsupported(EXISTS.format(language=name), code="translation_exists")
    return {"language": fitting[0], "original": there, "original_language": site.language}


def _alone(post: BlogPost, target: PublicationTarget, publisher: Publisher) -> Json:
    """The language to create a post in that is no translation. On a site whose languages nobody tells it is {}."""
    site = publisher.languages_for_new_post()
    if site is None or not site.languages:
        return {}
    fitting = _fitting(post, target, site)
    if any(one.primary for one in fitting):
        return {}
    if not site.takes_language:
        first = next((one.name for one in site.languages if one.primary), "another language")
        text = NOT_FIRST.format(first=first, language=languages.BY_CODE[post.language].name)
        raise Unsupported(text, code="shop_language_not_taken")
    return {"language": fitting[0].code, "original": "", "original_language": ""}


def _fitting(post: BlogPost, target: PublicationTarget, site: PostLanguages) -> list[ShopLanguage]:
    """The site's languages that the post's can be. Raises Unsupported where there is none."""
    systems = target.platform.language_codes
    can_be = {post.language, languages.base_of(post.language)}
    found = [
        one
        for one in site.languages
        if not can_be.isdisjoint(language_codes.languages_for_code(one.code, one.locale, systems))
    ]
    if not found:
        name = languages.BY_CODE[post.language].name
        raise Unsupported(NO_LANGUAGE.format(language=name), code="shop_language_missing")
    return found
