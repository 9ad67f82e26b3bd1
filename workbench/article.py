"""A post as its editor shows it: the preview, the score in the reader's language, and what an edit was made from."""

import html
import re
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from blog import content, scores
from blog.models import BlogPost
from scribe import messages
from scribe.errors import VersionConflict
from scribe.rows import claim_version
from scribe.types import Json
from workbench import pictures, post_form

GRADES = ("bad", "ok", "good")
_IMAGE = re.compile(r"<img\b[^>]*>")
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')


def claim(post: BlogPost, *, version: frozenset[int] | None, seen: str) -> None:
    """Lock the post for an edit that was made from `version`, or from texts with the digests `seen`. Raises
    VersionConflict when its texts have changed since."""
    try:
        claim_version(post, version)
    except VersionConflict:
        now = BlogPost.objects.locked(post.pk)
        if not seen or post_form.digests(now) != seen:
            raise


def here(url: str, organization_id: UUID) -> str:
    """Where a page shows the image at `url`: an image of ours on this host, any other one through us."""
    path = url.removeprefix(settings.PUBLIC_URL)
    if path.startswith(content.FILES) and ".." not in path:
        return path
    return pictures.address(url, organization_id) if url.startswith(("https://", "http://")) else ""


def preview(post: BlogPost) -> str:
    """The post's text as HTML for a frame without rights."""
    return _IMAGE.sub(partial(_proxied_picture, organization_id=post.organization_id), content.sanitize(post.content))


def _proxied_picture(found: re.Match[str], *, organization_id: UUID) -> str:
    source, alt = _SOURCE.search(found[0]), _ALT.search(found[0])
    words = alt[1] if alt else ""
    if source and (path := here(html.unescape(source[1]), organization_id)):
        return f'<img src="{html.escape(path)}" alt="{words}" width="480">'
    return f"<em>[{words or html.escape(gettext('Image'))}]</em>"


def addresses(text: str, organization_id: UUID) -> dict[str, str]:
    """Where a page shows each picture of a post's HTML, by the address that the text has."""
    sources = {html.unescape(found[1]) for image in _IMAGE.findall(text) if (found := _SOURCE.search(image))}
    return {source: address for source in sources if (address := here(source, organization_id))}


def score(post: BlogPost) -> Json:
    """The score with its checks by grade, the worst first, each with a sentence in the reader's language."""
    found = scores.score_post(post)
    checks = [{**check, "said": messages.render(check["message"])} for check in found["checks"]]
    grouped = [(grade, [check for check in checks if check["status"] == grade]) for grade in GRADES]
    return {**found, "grouped": [(grade, some) for grade, some in grouped if some]}
