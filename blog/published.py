"""A published address held against the record: the page as visitors see it, and the shop's or site's own answer.

The page shows texts through themes and filters, so it is compared word by word (`blog.published_page`). The shop's
API gives back what it keeps, so there each byte counts: what our last push or publish left has to be there.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from django.db.models import Q
from django.db.models.functions import Left

from blog import provenance as post_provenance
from blog import published_page
from blog.models import BlogPost, PublishedText
from blog.published_page import CHANGED, MISSING, SAME
from blog.publishing import targets
from integrations import connections
from integrations.stores.errors import StoreError
from projects import decisions, provenance
from projects.models import ContentItem
from projects.models.expressions import ADDRESS_LENGTH, ItemAddress, ItemSlug
from projects.models.item import OUT
from projects.store_work import connection_of, store_of
from projects.sync import history, shop_languages
from scribe.errors import NotFound, UpstreamFailed, UpstreamTimeout
from scribe.http import client
from scribe.http import errors as http
from scribe.messages import _
from scribe.rows import Principal
from scribe.types import Json
from writing.fields import FIELDS, LISTS, TEXT, Form

SECONDS = 15.0
MOST_BYTES = 5 * 1024 * 1024
# The web's encodings alone: others of Python's, such as punycode, take hours for a page.
_ENCODING = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?
    (utf-?(?:8|16(?:-?[lb]e)?)|(?:us-)?ascii|latin-?1|(?:windows|iso-8859|cp|koi8)-?[\dru]+|gbk|gb18030|gb2312|big5|euc-?(?:jp|kr)|shift[-_]jis)
    (?![\w.:-])""",
    re.IGNORECASE | re.VERBOSE,
)
UNKNOWN = "No text of yours is known to be at this address. Import the shop again, or publish the post through us."


@dataclass(frozen=True)
class Published:
    """Texts of ours at an address: their lines by field, and what the shop should hold of them and does hold."""

    about: Json
    texts: dict[str, list[str]]
    left: Mapping[str, object] = field(default_factory=dict)
    there: Mapping[str, object] | None = None
    refused: str = ""


def verify(principal: Principal, url: str) -> Json:
    """Hold the page at `url` against the record of the item or post that is there. Raises NotFound for an address that
    none of the organization's published texts has, UpstreamFailed and UpstreamTimeout for a page that does not come."""
    post = _post_at(principal, url)
    item = None if post else _item_at(principal, url)
    if post is None and item is None:
        raise NotFound(UNKNOWN, code="nothing_published_there")
    found = _published_post(post) if post else _published_item(item)  # type: ignore[arg-type]
    page = published_page.compare(_fetch(url), found.texts)
    shop = _shop_states(found)
    return {
        **found.about,
        "url": url,
        "matches": all(one["state"] == SAME for one in (*page, *shop)),
        "page": page,
        "shop": shop,
        "shop_refused": found.refused,
    }


def _addresses(url: str) -> list[str]:
    """The forms in which the same address may be kept: without a query, with a slash at its end and without."""
    parts = urlsplit(url)
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))
    return list(dict.fromkeys([url, bare, f"{bare}/"]))


def _key(text: str) -> str:
    """What the indexes have of an address or a slug."""
    return text[:ADDRESS_LENGTH]


def _post_at(principal: Principal, url: str) -> BlogPost | None:
    rows = BlogPost.objects.visible_to(principal).select_related("organization", "blog_connection", "store_connection")
    kept = _addresses(url)
    near = rows.exclude(published_url="").alias(address=Left("published_url", ADDRESS_LENGTH))
    near = near.filter(address__in=[_key(one) for one in kept])
    return near.filter(published_url__in=kept, project__deleted_at=None).first()


def _item_at(principal: Principal, url: str) -> ContentItem | None:
    kept, slug = _addresses(url), urlsplit(url).path.rstrip("/").rpartition("/")[2].removesuffix(".html")
    rows = ContentItem.rows.visible_to(principal).filter(OUT, excluded_at=None, project__deleted_at=None)
    rows = rows.exclude(project__store_connection=None).select_related("project__store_connection", "store_text")
    at = Q(source_data__raw__permalink__in=kept) | Q(source_data__raw__link__in=kept)
    near = rows.alias(address=ItemAddress()).filter(address__in=[_key(one) for one in kept])
    by_address = near.filter(at).order_by("language", "pk").first()
    if by_address is not None:
        return by_address
    same = rows.alias(slug=ItemSlug()).filter(slug=_key(slug), source_data__seo__slug=slug, language="")
    by_slug = list(same[:2]) if slug else []
    return by_slug[0] if len(by_slug) == 1 else None  # one of two shops with that slug would be a guess


def _published_item(item: ContentItem) -> Published:
    content = decisions.without_declined(item.generated_content, item.decisions)
    texts: dict[str, list[str]] = {}
    for row in FIELDS:
        if (value := row.of(content)) and row.form in (*TEXT, Form.LINES):
            texts[row.name] = [str(one) for one in value] if row.form in LISTS else [str(value)]
    about: Json = {"kind": "item", "id": str(item.pk), "project_id": str(item.project_id), "language": item.language}
    about["approved"] = provenance.record_of(item)["approved"]
    text = getattr(item, "store_text", None)
    left = {name: text.held[name] for name in text.ours if name in text.held} if text is not None else {}
    try:
        return Published(about, texts, left, _in_shop(item))
    except StoreError as error:
        return Published(about, texts, left, None, error.message)


def _in_shop(item: ContentItem) -> Mapping[str, object]:
    """The texts that the shop keeps of the item now. Raises StoreError."""
    project = item.project
    connection = connection_of(project)
    store = store_of(project, connection, live=True)
    texts = (
        store.translated(shop_languages.into(item.language, store.languages(), connection, project))
        if item.language
        else store
    )
    ref = history.ref_of(item)
    there = texts.fetch_texts([ref], history.chosen_places([item])).get(ref)
    connections.note_success(connection, store)
    return history.assume_hidden_places(item, there).texts if there is not None else {}


def _published_post(post: BlogPost) -> Published:
    texts = {name: [text] for name, text in post_provenance.texts_of(post).items() if name != "seo.focus_keyword"}
    texts["name"] = texts.pop("title", [])
    about: Json = {"kind": "post", "id": str(post.pk), "project_id": str(post.project_id), "language": post.language}
    about["approved"] = post_provenance.approval_of(post) is not None
    target = targets.standing(post)
    if target is None or target.may_hold(post):
        return Published(about, texts)
    remote = target.remote_id(post)
    kept = PublishedText.objects.of(post.organization_id).filter(post=post, site=target.site, remote_id=remote).first()
    left = kept.held if kept is not None else {}
    try:
        return Published(about, texts, left, target.open_live().get_post(remote).texts)
    except StoreError as error:
        return Published(about, texts, left, None, error.message)


def _shop_states(found: Published) -> list[Json]:
    """`{field, state}` of each text that our last push or publish left there, byte by byte."""
    if found.there is None:
        return []
    return [
        {"field": name, "state": SAME if found.there[name] == text else CHANGED if found.there[name] else MISSING}
        for name, text in found.left.items()
        if name in found.there
    ]


def _fetch(url: str) -> str:
    try:
        response = client.request(
            "GET",
            url,
            timeout=SECONDS,
            max_bytes=MOST_BYTES,
            allow_redirects_same_host=True,
            headers={"Accept": "text/html"},
        )
    except http.TimedOut:
        raise UpstreamTimeout(_("The page took too long to answer."), party="site") from None
    except http.OutboundError as error:
        raise UpstreamFailed(_("The page can't be loaded: {error}", error=error), party="site") from None
    if not response.ok:
        raise UpstreamFailed(_("The page returned status {status}.", status=response.status), party="site")
    return _text_of(response)


def _text_of(response: client.Response) -> str:
    """The page in the encoding that its header names, or its own first bytes; else UTF-8."""
    for place in (response.headers.get("Content-Type", "").encode(), response.body[:2048]):
        if found := _ENCODING.search(place):
            with suppress(LookupError, UnicodeError):
                return response.body.decode(found[1].decode(), "replace")
    return response.body.decode(errors="replace")
