"""How a translation is linked to its original on a site that keeps several languages."""

from __future__ import annotations

from typing import Any

from blog.models import BlogPost, Publication
from blog.publishing import in_place
from blog.publishing.in_place import NOT_THERE
from blog.publishing.targets import PublicationTarget
from integrations import blog_connections
from integrations.stores.errors import Missing, StoreError, Unsupported
from integrations.stores.posts import Publisher
from scribe.errors import Conflict
from writing import language_codes, languages

NO_LANGUAGE = "The site has no {name}. Add the language there first."
ITSELF = "The original is the site's {name} version itself."
EXISTS = "The site has a {name} version of it that we did not write. It is left alone."


def check(post: BlogPost, target: PublicationTarget) -> None:
    """Ask the place, before anything is sent, whether it takes this translation. A post that is no translation, or an article
    that is there already, passes. Raises Conflict with the reason; UpstreamFailed or UpstreamTimeout."""
    inside = in_place.applies(post, target)
    if post.original is None or (target.holds(post) and not inside):
        return
    unclear = Publication.objects.filter(post=post, sent_at__isnull=False, remote_id="").exists()
    try:
        if inside:
            in_place.InPlace(post, target, target.open_live()).plan()
        else:
            of(post, target, target.open_live(), ours=unclear)
    except Unsupported as error:
        raise Conflict(error.message, code=error.code) from None
    except StoreError as error:
        raise blog_connections.upstream(error, party=target.platform.id) from None


def of(post: BlogPost, target: PublicationTarget, publisher: Publisher, *, ours: bool = False) -> dict[str, Any]:
    """`{language, original, original_language}` to create the post with, in the place's own codes; {} on a site of one
    language, where it is a post of its own. `ours`: a translation that is there may be ours. Raises StoreError, Unsupported
    where the place does not take it."""
    original = post.original
    if original is None:
        return {}
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
    systems = target.platform.language_codes
    fitting = [
        one.code for one in site.languages if post.language in language_codes.served(one.code, one.locale, systems)
    ]
    if not fitting:
        raise Unsupported(NO_LANGUAGE.format(name=name), code="shop_language_missing")
    if site.language in fitting:
        raise Unsupported(ITSELF.format(name=name), code="shop_language_primary")
    if not ours and any(site.translations.get(code) for code in fitting):
        raise Unsupported(EXISTS.format(name=name), code="translation_exists")
    return {"language": fitting[0], "original": there, "original_language": site.language}
