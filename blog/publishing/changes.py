"""What a publish changes in an article that its place has already, by the one rule in `integrations.stores.three_way`: only what
changed here since our last publish is sent, and what the merchant changed there meanwhile is a conflict.

A text that changed there alone stays. Where nothing else is to be sent, it is a conflict as well: whoever publishes again wants
our text there. Of a post that was published before we kept what it left, any text that reads otherwise is a conflict.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from blog.models import BlogPost, MediaUpload, Publication, PublishedText
from blog.publishing import drafts, in_place
from blog.publishing.targets import PublicationTarget
from integrations.stores import texts, three_way
from integrations.stores.errors import StoreError, StorePermanentError
from integrations.stores.posts import NO_CHANGE, ListChange, PostChange, PostDraft, Publisher, RemotePost
from integrations.stores.three_way import Fate, Left, Verdict
from integrations.stores.wordpress import builders, rank_math
from scribe.errors import Conflict
from scribe.messages import _
from scribe.types import Json, ReadOnlyJson
from writing.html import embedded_lost

OURS, THEIRS = "ours", "theirs"
MOST_LOOKS = 4  # at an article that somebody keeps changing
IMAGE = "featured_image"
MARKED = frozenset(["content", "excerpt"])  # the texts that hold HTML
SLUG_STAYS = _("The URL slug can't be changed after the post was created.")
STAYS = _("The site now has its own text, so it was not changed.")
IMAGE_STAYS = _("The site already has a picture, so it was kept. To replace it, publish with `force`.")
TAGS_STAY = _("Removed on the site, so not added again: {names}.")
MESSAGE = _("The post was changed on the site since it was last published: {parts}. Choose which version to keep.")
_MARKER = re.compile(r"\s*<!-- xcs-[0-9a-f]{32} -->")


class PostChanged(StorePermanentError):
    """The merchant has changed texts there that we would write over. `conflicts` as in Publication."""

    code = "post_changed"

    def __init__(self, conflicts: list[Json]) -> None:
        super().__init__(MESSAGE.format(parts=[clash["field"] for clash in conflicts]))
        self.conflicts = conflicts


@dataclass(frozen=True)
class Resolution:
    """How the person who publishes wants conflicts to end: `force` is ours everywhere, `chosen` names a side by field.
    `shown` has the site's texts that the last conflict showed, by field: another one is not chosen against. None in a
    publish of release 1.1.0, which kept none."""

    force: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] | None = None

    @classmethod
    def of(cls, publication: Publication) -> "Resolution":
        options = publication.options
        return cls(bool(options.get("force")), dict(options.get("resolve") or {}), options.get("shown"))

    def as_options(self) -> Json:
        if not self.force and not self.chosen:
            return {}
        return {"force": self.force, "resolve": dict(self.chosen), "shown": self.shown}

    def side(self, name: str, now: str | None = None) -> str:
        """The side that a field goes to, "" where nobody has decided. `now` is what the site has there."""
        side = self.chosen.get(name) or (OURS if self.force else "")
        is_other = now is not None and self.shown is not None and self.shown.get(name) != bare(now)
        return "" if side == OURS and is_other and not self.force else side


UNDECIDED = Resolution()


@dataclass(frozen=True)
class PublishedState:
    """What our last publish left there: texts by field, our tags and categories, those that we sent, and texts of the
    merchant's that were chosen to stay."""

    texts: Mapping[str, Left] = field(default_factory=dict)
    sent: ReadOnlyJson = field(default_factory=dict)
    ours: Mapping[str, list[str]] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, post: BlogPost, target: PublicationTarget, remote_id: str) -> "PublishedState":
        rows = PublishedText.objects.of(post.organization_id).filter(post=post)
        row = rows.filter(site=target.site, remote_id=remote_id).first()
        if row is None:
            return cls()
        held = {name: Left(text, row.sent.get(name)) for name, text in row.held.items()}
        return cls(held, row.sent, row.ours, row.theirs)

    @classmethod
    def of_creation(cls, wanted: Mapping[str, str], there: RemotePost) -> "PublishedState":
        """Of an article whose creation got no answer: it was to be as we sent it. What follows by a write of its own is not
        known to have arrived."""
        return cls({name: Left(text, text) for name, text in wanted.items() if there.texts.get(name)})

    def with_arrived(self, wanted: Mapping[str, str], before: Mapping[str, str], there: RemotePost) -> "PublishedState":
        """The same with those texts of a write without an answer that arrived."""
        arrived = {
            name: Left(there.texts[name], text)
            for name, text in wanted.items()
            if name in there.texts and _fate(name, text, there.texts[name], before.get(name, "")) is Fate.ARRIVED
        }
        return replace(self, texts={**self.texts, **arrived})


def _fate(name: str, sent: str, there: str, before: str) -> Fate:
    return three_way.fate(name, sent=bare(sent), there=bare(there), before=bare(before))


def bare(text: str) -> str:
    """A text without the marker of an attempt."""
    return _MARKER.sub("", text)


def cut_off(post: BlogPost, target: PublicationTarget) -> list[Publication]:
    """Publishes that may have written there and never heard of it, since the last one that did."""
    confirmed = Publication.State.CONFIRMED
    rows = Publication.objects.of(post.organization_id).filter(
        post=post, action=Publication.Action.PUBLISH,
        blog_connection=target.blog_connection, store_connection=target.store_connection,
    )  # fmt: skip
    last = rows.filter(state=confirmed).order_by("-confirmed_at").values_list("created_at", flat=True).first()
    lost = rows.filter(state__in=(Publication.State.FAILED, Publication.State.ABANDONED)).exclude(wanted={})
    return list((lost.filter(created_at__gt=last) if last else lost).order_by("created_at")[:5])


def check(post: BlogPost, target: PublicationTarget, wish: Resolution, *, status: str) -> None:
    """Ask the place at once whether publishing as `status` would write over somebody's words; the job asks again right before
    it writes. Raises Conflict `post_changed` with `conflicts`, or `page_builder`. A place that does not answer is left to the
    job."""
    if not target.holds(post) or in_place.applies(post, target):
        return
    try:
        publisher = target.open_live()
        there = publisher.get_post(target.remote_id(post))
        draft = drafts.without_uploads(post, target, publisher, status=status)
        known = PublishedState.of(post, target, there.id)
        for lost in cut_off(post, target):
            known = known.with_arrived(lost.wanted, lost.before, there)
        made = plan(draft, there, known, publisher, target, wish)
    except StoreError as error:
        if error.code == "page_builder":
            raise Conflict(error.message, code=error.code) from None
        return
    if made.conflicts:
        _keep_refused(post, target, made.conflicts)
        raise conflict(made.conflicts)


def _keep_refused(post: BlogPost, target: PublicationTarget, conflicts: list[Json]) -> None:
    """Keep what is shown now as an attempt that was refused: a side that is taken afterwards is of these texts."""
    Publication.objects.create(
        organization_id=post.organization_id,
        post=post,
        state=Publication.State.FAILED,
        blog_connection=target.blog_connection,
        store_connection=target.store_connection,
        status_before=post.status,
        error=PostChanged(conflicts).message,
        error_code=PostChanged.code,
        conflicts=conflicts,
    )


def resolution(
    post: BlogPost, target: PublicationTarget, *, chosen: Mapping[str, str], force: bool = False
) -> Resolution:
    """What somebody wishes now, who was shown the conflict that stopped the last attempt at `target`."""
    last, shown = _last_refusal(post), dict[str, str]()
    if last and (last.blog_connection, last.store_connection) == (target.blog_connection, target.store_connection):
        shown = {clash["field"]: clash["theirs"] for clash in last.conflicts}
    return Resolution(force, chosen, shown)


def conflicts_of(post: BlogPost) -> list[Json]:
    """What stopped the last attempt to publish the post, and nobody has decided yet."""
    last = _last_refusal(post)
    return [] if last is None else list(last.conflicts)


def _last_refusal(post: BlogPost) -> Publication | None:
    """The last attempt, if it was to publish the post and texts of the merchant's stopped it."""
    last: Publication | None = (
        Publication.objects.of(post.organization_id).filter(post=post).order_by("-created_at").first()
    )
    stopped = last is not None and last.action == Publication.Action.PUBLISH and last.error_code == PostChanged.code
    return last if stopped else None


def conflict(conflicts: list[Json]) -> Conflict:
    return Conflict(PostChanged(conflicts).message, code=PostChanged.code, conflicts=conflicts)


@dataclass
class UpdatePlan:
    """`change` is to be sent, `texts` are all of ours as they would be there, `skipped` stays as it is, with the reasons.
    `conflicts` are those that nobody has decided; `overruled` those that go to our side. Texts in `same` are
    there already, or would become what is there once more; those in `left` stay the merchant's."""

    change: PostChange = field(default_factory=PostChange)
    texts: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    conflicts: list[Json] = field(default_factory=list)
    overruled: list[Json] = field(default_factory=list)
    same: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        return self.change == PostChange()


def plan(
    draft: PostDraft,
    there: RemotePost,
    known: PublishedState,
    publisher: Publisher,
    target: PublicationTarget,
    wish: Resolution,
    *,
    fresh: bool = False,
) -> UpdatePlan:
    """The plan of one publish. Makes no write; it may ask the place for the names of tags. `fresh`: the article was created
    by this very publish, so what somebody has written there since simply stays. Raises StorePermanentError `page_builder`
    where visitors would not see the text."""
    made = UpdatePlan(texts=publisher.texts_of(draft))
    sent: dict[str, str] = {}
    kept: list[Json] = []  # conflicts of texts that have not changed here
    for name, text in made.texts.items():
        now, left, side = there.texts.get(name), known.texts.get(name), wish.side(name, there.texts.get(name))
        if now is None:  # the place does not show it, so nothing can be compared
            if text and (left is None or left.sent != text):
                if name in there.unshown and side != OURS:
                    made.skipped[name] = rank_math.UNSEEN
                else:
                    sent[name] = text
            continue
        verdict = _judge(name, text, now, left)
        clash: Json = {"field": name, "ours": bare(text), "theirs": bare(now)}
        clash["published"] = None if left is None else bare(str(left.held))
        if name in MARKED and (gone := embedded_lost(now, text)):
            clash["elements"] = gone
        if verdict is Verdict.SAME:
            made.same.add(name)
        elif verdict is Verdict.FREE or _is_lost_image(name, now, text, left):
            sent[name] = text
        elif side == OURS:
            sent[name] = text
            made.overruled.append(clash)
        elif side == THEIRS or (left is None and not text):
            made.left.add(name)
        elif left is None and name == IMAGE:
            if now.isdigit() and MediaUpload.objects.filter(site=target.site, media_id=now).exists():
                sent[name] = text
            else:
                made.skipped[name] = IMAGE_STAYS
        elif left is not None and left.sent is not None and _same(name, text, str(left.sent)):
            made.left.add(name)
            if not _same(name, now, known.theirs.get(name, "")):
                kept.append(clash)
        else:
            made.conflicts.append(clash)
    for name in MARKED & sent.keys():
        if gone := embedded_lost(there.texts.get(name, ""), sent[name]):
            made.skipped[name] = texts.ELEMENTS_GONE.format(names=gone)
    if there.built_with and "content" in sent:
        if wish.side("content") != OURS:
            raise StorePermanentError(builders.UNSEEN.format(name=there.built_with), code="page_builder")
        made.skipped["content"] = builders.WRITTEN.format(name=there.built_with)
    tags = _tags(draft, there, known, publisher, wish, made.skipped)
    categories = _categories(draft, there, known)
    status = draft.status if draft.status != there.status else ""
    made.change = PostChange(sent, status, tags, categories)
    readable = PostChange({n: t for n, t in sent.items() if n in there.texts}, status, tags, categories)
    if kept and readable == PostChange() and not (made.conflicts or wish.chosen or fresh):
        made.conflicts = kept
        made.left -= {clash["field"] for clash in kept}
    made.skipped |= dict.fromkeys(made.left & {clash["field"] for clash in kept}, STAYS)
    if known.sent.get("slug") not in (None, draft.slug):
        made.skipped["slug"] = SLUG_STAYS
    return made


def _judge(name: str, text: str, now: str, left: Left | None) -> Verdict:
    if name == IMAGE:
        if left is not None and _is_same_file(now, str(left.sent or "")):
            left = Left(now, left.sent)  # a shop that fetches the picture keeps it at an address of its own
        elif left is None and text and _is_same_file(now, text):
            return Verdict.SAME
    if left is not None:
        left = Left(bare(str(left.held)), None if left.sent is None else bare(str(left.sent)))
    return three_way.judge(name, bare(text), bare(now), left)


def _same(name: str, one: str, other: str) -> bool:
    return texts.same(name, bare(one), bare(other))


def _is_lost_image(name: str, now: str, text: str, left: Left | None) -> bool:
    """Whether the place has no picture, and ours is another than the one that we left: setting it overwrites nothing."""
    return name == IMAGE and not now and bool(text) and (left is None or left.sent != text)


def _is_same_file(there: str, sent: str) -> bool:
    one, other = (PurePosixPath(urlsplit(address).path).stem for address in (there, sent))
    return "/" in there and bool(other) and one.startswith(other)


def _tags(
    draft: PostDraft,
    there: RemotePost,
    known: PublishedState,
    publisher: Publisher,
    wish: Resolution,
    skipped: dict[str, str],
) -> ListChange:
    """Ours are added, and those of ours go that the post has no more. One that somebody took out there stays out."""
    wanted = list(draft.tags)
    if texts.members(wanted) == texts.members(known.sent.get("tags")) and "tags" in known.sent:
        return NO_CHANGE
    now, ours = publisher.tags_of(there), known.ours.get("tags") or []
    removed = [] if wish.force else three_way.taken_out(wanted, now, texts.members(ours))
    if removed:
        skipped["tags"] = TAGS_STAY.format(names=removed)
    add = tuple(tag for tag in wanted if not texts.members([tag]) & texts.members(now) and tag not in removed)
    take = tuple(tag for tag in ours if texts.members([tag]) & (texts.members(now) - texts.members(wanted)))
    return ListChange(add, take)


def _categories(draft: PostDraft, there: RemotePost, known: PublishedState) -> ListChange:
    wanted = [str(pk) for pk in draft.category_ids]
    if set(wanted) == set(known.sent.get("categories") or []) and "categories" in known.sent:
        return NO_CHANGE
    ours = known.ours.get("categories") or []
    return ListChange(
        tuple(pk for pk in wanted if pk not in there.categories and pk not in ours),
        tuple(pk for pk in ours if pk in there.categories and pk not in wanted),
    )


def whole(draft: PostDraft, publisher: Publisher) -> UpdatePlan:
    """The plan of a creation: all of the draft."""
    found = publisher.texts_of(draft)
    categories = tuple(str(pk) for pk in draft.category_ids)
    return UpdatePlan(PostChange(found, draft.status, ListChange(draft.tags), ListChange(categories)), found)


@dataclass(frozen=True)
class ListChanges:
    """What one attempt, by all of its writes, adds to the article's lists and takes out of them."""

    tags: ListChange = NO_CHANGE
    categories: ListChange = NO_CHANGE

    @classmethod
    def of(cls, change: PostChange) -> "ListChanges":
        return cls(change.tags, change.categories)

    def joined(self, change: PostChange) -> "ListChanges":
        return ListChanges(_union(self.tags, change.tags), _union(self.categories, change.categories))

    def as_dict(self) -> dict[str, dict[str, list[str]]]:
        return {
            name: {"add": list(one.add), "take": list(one.take)}
            for name, one in (("tags", self.tags), ("categories", self.categories))
        }


def _union(one: ListChange, other: ListChange) -> ListChange:
    return ListChange(tuple(dict.fromkeys(one.add + other.add)), tuple(dict.fromkeys(one.take + other.take)))


def lists_of(publication: Publication) -> ListChanges:
    kept = publication.options.get("lists") or {}
    found = {name: ListChange(tuple(one["add"]), tuple(one["take"])) for name, one in kept.items()}
    return ListChanges(**found)


def remember(
    publication: Publication,
    target: PublicationTarget,
    draft: PostDraft,
    found: RemotePost,
    known: PublishedState,
    made: UpdatePlan,
) -> None:
    """Keep what a publish left there. A text that the place did not take is unknown, so that it is sent again."""
    refused = found.skipped.keys() - made.skipped.keys()
    held = {name: left.held for name, left in known.texts.items()}
    sent: Json = {name: left.sent for name, left in known.texts.items()}
    for name in {*made.change.texts, *made.same}:
        if name in refused:
            held.pop(name, None)
        else:
            text = made.texts.get(name, "")
            held[name], sent[name] = found.texts.get(name, text), text
    for name in made.left & made.texts.keys():  # decided for theirs: ours is as good as sent, and theirs is not ours
        held.setdefault(name, "")
        sent[name] = made.texts[name]
    theirs = {name: found.texts[name] for name in made.left if name in found.texts}
    lists = lists_of(publication)
    categories = _still_ours(known.ours.get("categories"), lists.categories)
    ours = {
        "tags": _still_ours(known.ours.get("tags"), lists.tags),
        "categories": [pk for pk in categories if pk in found.categories],
    }
    listed = {"tags": list(draft.tags), "categories": [str(pk) for pk in draft.category_ids]}
    sent |= {name: given for name, given in listed.items() if name not in refused}
    sent["slug"] = known.sent.get("slug") or drafts.slug_of(publication.post)
    keep(publication.post, target, found.id, held, sent, ours, theirs)


def _still_ours(before: list[str] | None, change: ListChange) -> list[str]:
    return list(dict.fromkeys([*(one for one in before or [] if one not in change.take), *change.add]))


def keep(
    post: BlogPost,
    target: PublicationTarget,
    remote_id: str,
    held: ReadOnlyJson,
    sent: ReadOnlyJson,
    ours: Mapping[str, list[str]],
    theirs: Mapping[str, str],
) -> None:
    known = {name: value for name, value in sent.items() if name in held or name in ("tags", "categories", "slug")}
    PublishedText.objects.update_or_create(
        post=post,
        organization_id=post.organization_id,
        defaults={
            "site": target.site,
            "remote_id": remote_id,
            "held": dict(held),
            "sent": known,
            "ours": dict(ours),
            "theirs": dict(theirs),
        },
    )
