"""Publishing articles: the one interface of all publishers, and the values that go through it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from integrations.stores import misshapen
from integrations.stores.errors import StoreError, Unsupported
from integrations.stores.http import StoreHTTP
from integrations.stores.types import Credentials, Opening, ShopLanguage, StoreInfo
from scribe.messages import _
from scribe.types import ReadOnlyJson

#: The texts of an article, by the field of the draft, as `RemotePost.texts` has them.
TEXTS = ("title", "content", "excerpt", "seo_title", "seo_description", "focus_keyword", "featured_image")
NO_TRANSLATIONS = _("Translations of articles can't be published to this store.")


@dataclass(frozen=True)
class PostDraft:
    """An article to publish. `status` is publish, draft, pending or private (Shopify knows only the first two).

    The featured image is an id of the site's media library (WordPress) or a public address (Shopify).

    `language` is the site's own code of a translation's language; `original_id` and `original_language` name the article
    that it translates. All three count when the article is created; an update never links it anew.
    """

    title: str
    content: str
    excerpt: str = ""
    slug: str = ""
    status: str = "publish"
    category_ids: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    author: str = ""
    featured_media_id: int | None = None
    featured_image_url: str = ""
    featured_image_alt: str = ""
    seo_title: str = ""
    seo_description: str = ""
    focus_keyword: str = ""
    language: str = ""
    original_id: str = ""
    original_language: str = ""
    #: The parts of the article that could not be prepared, with the reasons: `{field: one sentence}`.
    lacking: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListChange:
    """Entries to add to a list of the article and to take out of it. All others stay, whoever put them there."""

    add: tuple[str, ...] = ()
    take: tuple[str, ...] = ()


NO_CHANGE = ListChange()


@dataclass(frozen=True)
class PostChange:
    """The parts of an article to write. `texts` are in the place's own form, by the field of the draft. `status` is empty
    where it stays. `tags` are names, `categories` the place's ids as texts."""

    texts: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
    tags: ListChange = NO_CHANGE
    categories: ListChange = NO_CHANGE


@dataclass(frozen=True)
class RemotePost:
    """An article as the site has it. `status` is publish, draft, pending, private or future. `skipped` maps the fields
    of the draft that the site did not accept to the reasons.

    `texts` are in the place's own form, by the field of the draft (`featured_image` is its id or its address there), without
    those that the place does not tell. `raw` is the place's own row. `built_with` names the page builder whose data visitors
    see in the place of the content; else empty. `unshown` are texts that the place takes and does not show."""

    id: str
    url: str
    status: str
    slug: str
    title: str = ""
    content: str = ""
    skipped: dict[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    raw: ReadOnlyJson = field(default_factory=dict)
    built_with: str = ""
    unshown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PostLanguages:
    """The languages of a place that links articles, and where one article stands in them: its own language, and the ids of
    its versions by code. `takes_language`: a program can make an article in another than the first one."""

    languages: list[ShopLanguage]
    language: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    takes_language: bool = True


@dataclass(frozen=True)
class Translation:
    """What an article that keeps its own translations shows in one language. `texts` are the place's, by the field of the
    draft; `digests` name the texts that can be translated, and prove on a write that their sources are the ones read.
    `outdated` are fields whose source has moved since they were translated. `status` is publish or draft."""

    texts: Mapping[str, str]
    digests: Mapping[str, str]
    outdated: frozenset[str]
    url: str
    status: str


@dataclass(frozen=True)
class Media:
    id: int
    url: str


@dataclass(frozen=True)
class Category:
    id: int
    name: str
    slug: str
    count: int
    parent: int


@dataclass(frozen=True)
class Blog:
    """One of the blogs of a shop that has several."""

    id: str
    title: str
    handle: str


class MediaLibrary(ABC):
    """A site's own library of images. Articles refer to its images by id."""

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        misshapen.guard(cls, reads=("find_media", "media_there"), writes=("upload_media",))

    @abstractmethod
    def find_media(self, name: str) -> Media | None:
        """The image that was uploaded under this file name (without its extension), or None."""

    @abstractmethod
    def media_there(self, ids: Iterable[int]) -> set[int]:
        """Those of `ids` that the library still has; all of them if the site does not tell."""

    @abstractmethod
    def upload_media(
        self, *, filename: str, content: bytes, content_type: str, alt: str = "", title: str = ""
    ) -> Media:
        """Put an image into the library. The upload is not repeated after a lost answer."""


LOOKUPS = ("prepare", "tags_of")


class Publisher(ABC):
    """Our client of a place where posts go. Its methods raise StoreError.

    The client never repeats a create: after LostAnswer the caller looks for the article by its slug (`find_post`)
    before it tries again. `several_blogs`: a post belongs to one of the shop's blogs, which the opening names.
    `only_published_or_draft`: the place knows only these two statuses. `translates_in_place`: a translation is kept inside
    the article that it translates, and is no article of its own.
    """

    several_blogs = False
    only_published_or_draft = False
    translates_in_place = False
    http: StoreHTTP

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        misshapen.guard(
            cls,
            reads=(
                "test",
                "blogs",
                "categories",
                "get_post",
                "find_post",
                "marked_post",
                "linking",
                "translation",
                *LOOKUPS,
            ),
            writes=("create_post", "update_post", "set_status", "translate"),
        )

    @classmethod
    @abstractmethod
    def opened(cls, credentials: Credentials, opening: Opening) -> Self:
        """The client of one place. Nothing is called yet."""

    @abstractmethod
    def test(self) -> StoreInfo:
        """Sign in, and check that this user may publish."""

    def blogs(self) -> list[Blog]:
        """The blogs of a shop that has several; else an empty list."""
        return []

    def categories(self) -> list[Category]:
        """The categories for posts; an empty list if the place has none."""
        return []

    def linking(self, post_id: str) -> PostLanguages | None:
        """Where this article ("" for none yet) stands among the place's languages; None for a place of one language, which
        links nothing. Raises Unsupported where programs cannot link articles, and Missing when it is gone."""
        raise Unsupported(NO_TRANSLATIONS, code="translations_unsupported")

    def languages_for_new_post(self) -> PostLanguages | None:
        """The languages that a new article can be in; None for a place of one language, and where it does not tell."""
        return None

    def translatable_texts(self, draft: PostDraft) -> dict[str, str]:
        """The texts of a draft as a translation in place holds them, by the field of the draft; "" for one without."""
        raise Unsupported(NO_TRANSLATIONS, code="translations_unsupported")

    def translation(self, post_id: str, code: str) -> Translation:
        """What the article shows in the language `code`. Raises Missing when it is gone."""
        raise Unsupported(NO_TRANSLATIONS, code="translations_unsupported")

    def translate(self, post_id: str, code: str, words: Mapping[str, str], there: Translation) -> dict[str, StoreError]:
        """Write these texts over those that were read as `there`, and remove those that are "". Returns the fields that were
        refused, with the errors; the others are written. The call is not repeated: after LostAnswer read again."""
        raise Unsupported(NO_TRANSLATIONS, code="translations_unsupported")

    @property
    def library(self) -> MediaLibrary | None:
        """The library to upload images to; None if the place fetches a featured image from its public address."""
        return None

    @abstractmethod
    def create_post(self, draft: PostDraft) -> RemotePost:
        """Create the article. The call is not repeated: after LostAnswer the article may exist."""

    @abstractmethod
    def texts_of(self, draft: PostDraft) -> dict[str, str]:
        """The texts of a draft in the place's own form, by field, as `RemotePost.texts` has them; without the slug, which
        counts on creation alone, and without an image that could not be prepared."""

    def prepare(self, change: PostChange) -> None:  # noqa: B027 - most platforms need nothing
        """Make or look up what the change needs, so that `update_post` is one short call after the last look."""

    def removed_by_filter(self, field: str, text: str) -> str:
        """The part that the place's filter removes from a text of some of its users; "" if we know of none."""
        return ""

    def tags_of(self, there: RemotePost) -> list[str]:
        """The names of the article's tags."""
        return []

    @abstractmethod
    def update_post(self, post_id: str, draft: PostDraft, change: PostChange, there: RemotePost) -> RemotePost:
        """Write the parts in `change` over the article that was read as `there`; `draft` has what belongs to them. Not
        repeated: after LostAnswer read again. Raises ConcurrentEdit where the place itself knows that somebody changed it
        since that reading, and Missing when it is gone."""

    @abstractmethod
    def set_status(self, post_id: str, status: str) -> RemotePost:
        """Change nothing but the status. Not repeated: after LostAnswer read again. Raises Missing when the article is gone."""

    @abstractmethod
    def get_post(self, post_id: str) -> RemotePost:
        """The article as it is. Raises Missing when it is gone."""

    @abstractmethod
    def find_post(self, slug: str) -> RemotePost | None:
        """The article with this slug, whatever its status."""

    @abstractmethod
    def marked_post(self, marker: str, slug: str = "") -> RemotePost | None:
        """The article whose text carries `marker`; its slug is a hint."""
