"""A translation that the shop keeps inside the original's article, as Shopify does. It is no article of its own, so it has no
marker: what we wrote is known by the digests that each attempt keeps, and what reads otherwise is the merchant's."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from django.utils import timezone

from blog.models import BlogPost, Publication
from blog.publishing import drafts
from blog.publishing.targets import PublicationTarget
from blog.translations import originals
from integrations import shop_languages
from integrations.stores import texts
from integrations.stores.errors import Missing, StoreError, StorePermanentError, StoreTransientError, Unsupported
from integrations.stores.posts import Publisher, RemotePost, Translation
from scribe.errors import Conflict
from scribe.messages import _

NOT_THERE = _("Publish the original there first, so that its translation can be linked to it.")
EXISTS = _("The store already has its own translation ({parts}), so it was not overwritten.")
CHANGED = _("The translation was changed in the store ({parts}), so it was not overwritten.")
NO_SOURCE = _("The original has no such text in the store, so it can't be translated there.")
NO_DRAFT = _("A translation is visible as soon as it is in the store, so it can't be saved there as a draft.")
#: The fields of a post by the names that `originals` has for them.
NAMED = {"seo_title": "seo_meta.title", "seo_description": "seo_meta.description"}


class Note(Protocol):
    """Records fields of a publication at once."""

    def __call__(self, **fields: object) -> None: ...


def applies(post: BlogPost, target: PublicationTarget) -> bool:
    """Whether this post goes into its original's article there."""
    kind = target.platform.publisher
    return post.original_id is not None and kind is not None and kind.translates_in_place


def check_status(post: BlogPost, target: PublicationTarget, status: str) -> None:
    """Raises Conflict `translation_has_no_draft` for what is to stay unseen."""
    if status != "publish" and applies(post, target):
        raise Conflict(NO_DRAFT, code="translation_has_no_draft")


@dataclass(frozen=True)
class InPlacePlan:
    """`words` are to be written over what is `there`, "" to be removed; `skipped` has no place, with the reasons."""

    there: Translation
    words: dict[str, str]
    skipped: dict[str, str]


class InPlace:
    """One translation in one shop. `article` is the original's id there, `code` the shop's language."""

    def __init__(self, post: BlogPost, target: PublicationTarget, publisher: Publisher) -> None:
        self.post, self.target, self.publisher = post, target, publisher
        self.article = self.code = ""
        self.seen = True  # whether visitors see the language

    # --- where it goes

    def find(self) -> None:
        """Find the article and the language. Raises Unsupported where the shop does not take the translation."""
        original, connection = self.post.original, self.target.store_connection
        assert original is not None
        assert connection is not None
        if not self.target.holds(original):
            raise Unsupported(NOT_THERE, code="original_not_published")
        site = self.publisher.linking("")
        spoken = site.languages if site else []
        chosen = shop_languages.into(self.post.language, spoken, connection, self._has)[0]
        self.article, self.code = self.target.remote_id(original), chosen.code
        self.seen = chosen.published is not False

    def _has(self, language: str) -> bool:
        """Whether the original has a translation into this language as well."""
        return BlogPost.objects.filter(original_id=self.post.original_id, language=language).exists()

    def read(self) -> Translation:
        try:
            return self.publisher.translation(self.article, self.code)
        except Missing:
            raise Unsupported(NOT_THERE, code="original_not_published") from None

    # --- what is ours

    def written(self) -> dict[str, list[str]]:
        """The digests of what we wrote there, by field: of the last attempt, which has those before it as well."""
        attempts = Publication.objects.filter(
            post=self.post,
            store_connection=self.target.store_connection,
            options__translation__article=self.article,
            options__translation__code=self.code,
        )
        last = attempts.order_by("-created_at", "-pk").values_list("options", flat=True).first()
        return dict(last["translation"]["texts"]) if last else {}

    def plan(self) -> InPlacePlan:
        """What is to be written. Raises Unsupported where that would write over words of the merchant's."""
        self.find()
        there, ours = self.read(), self.written()
        wanted = self.publisher.translatable_texts(drafts.words(self.post))
        foreign = [
            field
            for field, text in wanted.items()
            if text and (now := there.texts.get(field)) and not _same(now, text) and not _is(now, ours.get(field))
        ]
        if foreign:
            changed = any(field in ours for field in foreign)
            refusal = (CHANGED if changed else EXISTS).format(parts=foreign)
            raise Unsupported(refusal, code="translation_changed" if changed else "translation_exists")
        skipped: dict[str, str] = {
            field: NO_SOURCE for field, text in wanted.items() if text and field not in there.digests
        }
        stale = self._stale()
        words: dict[str, str] = {}
        for field, text in wanted.items():
            now = there.texts.get(field, "")
            if field in skipped or (not text and not _is(now, ours.get(field))):
                continue
            fresh = field in there.outdated and field not in stale and _is(now, ours.get(field))
            if fresh or not _same(now, text):
                words[field] = text
        return InPlacePlan(there, words, skipped)

    def _stale(self) -> frozenset[str]:
        """The fields that were translated from an older text: the shop's flag for them is right."""
        assert self.post.original is not None
        moved = originals.changed_fields(self.post, originals.digests(self.post.original))
        fields = {named: field for field, named in NAMED.items()}
        return frozenset(fields.get(name, name) for name in moved)

    # --- the writes

    def publish(self, publication: Publication, note: Note) -> RemotePost:
        """Write what differs. An attempt in doubt reads again, and finds what it wrote."""
        plan = self.plan()
        there, refused = plan.there, {}
        if plan.words:
            self._keep(publication, note, plan.words)
            refused = self._send(publication, note, plan)
            there = self.read()
            self._settle(publication, note, plan.words, there, refused)
        url = there.url if there.status == "publish" and self.seen else ""
        skipped = plan.skipped | {field: error.message for field, error in refused.items()}
        return RemotePost(
            f"{self.article}#{self.code}",
            url,
            "publish" if url else "draft",
            there.texts.get("slug", ""),
            there.texts.get("title", ""),
            skipped=skipped,
        )

    def _keep(self, publication: Publication, note: Note, words: dict[str, str]) -> None:
        """Record, before the write, what will be ours. From here on, a lost worker or answer leaves the attempt in doubt."""
        ours = self.written()
        for field, text in words.items():
            if text:
                ours[field] = list(dict.fromkeys([_digest(text), *ours.get(field, [])]))[:MOST_KEPT]
        kept = {"article": self.article, "code": self.code, "texts": ours}
        options = {**publication.options, "translation": kept}
        state = Publication.State.SENDING
        note(state=state, sent_at=timezone.now(), options=options)

    def _send(self, publication: Publication, note: Note, plan: InPlacePlan) -> dict[str, StoreError]:
        try:
            refused = self.publisher.translate(self.article, self.code, plan.words, plan.there)
        except (StoreTransientError, StorePermanentError) as error:
            if isinstance(error, StorePermanentError) or not error.sent or error.status == 429:
                note(state=Publication.State.PENDING)  # nothing was written
            raise
        for refusal in refused.values():
            if isinstance(refusal, StoreTransientError) or len(refused) == len(plan.words):
                raise refusal
        return refused

    def _settle(
        self,
        publication: Publication,
        note: Note,
        words: dict[str, str],
        there: Translation,
        refused: dict[str, StoreError],
    ) -> None:
        """Record what the shop made of our words: it may drop elements and put others in order."""
        kept = publication.options["translation"]
        ours = dict(kept["texts"])
        for field, text in words.items():
            now = there.texts.get(field, "")
            if field in refused:
                continue
            if not text:
                ours.pop(field, None)
            else:
                ours[field] = [_digest(now if now and texts.left_of("description", now, text) else text)]
        note(options={**publication.options, "translation": {**kept, "texts": ours}})

    def unpublish(self, publication: Publication, note: Note) -> None:
        """Remove what we wrote; words of the merchant's stay. May be repeated."""
        self.article, _unused, self.code = self.target.remote_id(self.post).partition("#")
        ours = self.written()
        try:
            there = self.publisher.translation(self.article, self.code)
        except Missing:
            return
        gone = {field: "" for field, now in there.texts.items() if _is(now, ours.get(field))}
        if gone and (refused := self.publisher.translate(self.article, self.code, gone, there)):
            raise next(iter(refused.values()))
        left = {"article": self.article, "code": self.code, "texts": {}}
        note(options={**publication.options, "translation": left})


MOST_KEPT = 8  # digests of a field: of attempts whose answers were lost


def _same(one: str, other: str) -> bool:
    return texts.same("description", one, other)


def _is(now: str, digests: list[str] | None) -> bool:
    return bool(now and digests) and _digest(now) in (digests or [])


def _digest(text: str) -> str:
    """Of the text as it reads, since a shop may put its HTML in order."""
    return hashlib.sha256(texts.reading(text).encode("utf-8", "surrogatepass")).hexdigest()[:32]
