"""Taking back a publish: the texts that it replaced go back letter by letter, where the place still shows ours. What somebody has
changed there since stays, and is named; so does a text that the place does not show now. Both are left for another undo. Our tags
and categories that it brought go out again."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from django.db.models import Q
from django.utils import timezone

from blog.models import BlogPost, Publication, PublishedText
from blog.publishing import changes, in_place, targets
from blog.publishing.changes import MOST_LOOKS, PostChanged, PublishedState, bare
from blog.publishing.targets import PublicationTarget
from integrations.stores import texts, three_way
from integrations.stores.errors import ConcurrentEdit, StorePermanentError
from integrations.stores.posts import ListChange, PostChange, PostDraft, Publisher, RemotePost
from integrations.stores.three_way import Fate
from scribe.messages import _, join

NOT_AS_IT_WAS = _("The site stored it in a different form than before.")
NOT_TAKEN = _("The site did not accept the previous text unchanged.")
EDITED = _("It was changed on the site since then, so it was kept.")
NOT_SHOWN_NOW = _(
    "We can't read the site's current text, so it was not changed. Activate our plugin on the site, "
    "then undo again; we have kept the previous text."
)
NOT_RESTORED = "not_restored"


def is_undoable(post: BlogPost) -> bool:
    target = targets.standing(post)
    return target is not None and undoable(post, target) is not None


def undoable(post: BlogPost, target: PublicationTarget) -> Publication | None:
    """The last publish that changed something at this place, if it replaced something that is not all taken back. A translation
    inside another article is taken back by unpublishing it."""
    if not target.holds(post) or in_place.applies(post, target):
        return None
    nothing = changes.ListChanges().as_dict()
    changed = ~Q(wanted={}) | (Q(options__has_key="lists") & ~Q(options__lists=nothing))
    rows = Publication.objects.of(post.organization_id).filter(
        Q(sent_at__isnull=False) | changed, post=post, action=Publication.Action.PUBLISH, state=Publication.State.CONFIRMED,
        blog_connection=target.blog_connection, store_connection=target.store_connection,
    )  # fmt: skip
    last = rows.order_by("-confirmed_at").first()
    if last is None or last.undone_at is not None or last.sent_at is not None:
        return None  # nothing, taken back already, or the creation
    return last


def _due(undone: Publication) -> list[str]:
    """The texts to put back: all that were sent, or those that an earlier undo has left."""
    return [name for name in undone.wanted if name in undone.options.get("left", undone.wanted)]


def put_back(
    publication: Publication,
    target: PublicationTarget,
    publisher: Publisher,
    note_intent: Callable[[dict[str, str], dict[str, str]], None],
) -> RemotePost:
    """Put the texts back, and read what the place shows then. `note_intent` saves, before each write, what stands there and
    what is to. `skipped` of the result has what is not as it was before.
    Raises PostChanged when nothing can be put back, Missing when the article is gone."""
    undone = Publication.objects.of(publication.organization_id).get(pk=publication.options["undoes"])
    force, remote_id = bool(publication.options.get("force")), target.remote_id(publication.post)
    for look in range(1, MOST_LOOKS + 1):
        there = publisher.get_post(remote_id)
        known = PublishedState.of(publication.post, target, there.id)
        due = _due(undone)
        unread = {name: NOT_SHOWN_NOW for name in due if name not in there.texts}
        unread |= {name: three_way.NOT_SHOWN for name in due if name not in undone.before}
        told = {name: reason for name, reason in unread.items() if name in known.texts}  # others were not taken
        wanted: dict[str, str] = {}
        edited = []
        for name in (n for n in due if n not in unread):
            now, before, left = there.texts[name], undone.before[name], known.texts.get(name)
            if texts.exact(name, now, before) or _has_arrived(publication, name, now, publisher):
                continue
            ours = [bare(str(text)) for text in (left and left.held, undone.wanted.get(name)) if text is not None]
            if force or three_way.stands(name, bare(now), *ours):
                wanted[name] = before
            else:
                edited.append({"field": name, "ours": ours[0], "theirs": bare(now), "published": bare(before)})
        lists = changes.lists_of(undone)
        change = PostChange(wanted, "", _back(lists.tags), _back(lists.categories))
        if (edited or told) and change == PostChange():
            reasons = join(sorted(set(told.values())))
            raise PostChanged(edited) if edited else StorePermanentError(reasons, code=NOT_RESTORED)
        note_intent({name: there.texts.get(name, "") for name in wanted}, wanted)
        try:
            found = (
                publisher.update_post(remote_id, PostDraft("", ""), change, there) if change != PostChange() else there
            )
        except ConcurrentEdit:
            if look == MOST_LOOKS:
                raise
            continue
        told |= {clash["field"]: EDITED for clash in edited}
        return replace(found, skipped={**found.skipped, **_differences(undone, found), **told})
    raise AssertionError("unreachable")


def _differences(undone: Publication, found: RemotePost) -> dict[str, str]:
    """What each text that the place shows differently than before says of that."""
    before: Mapping[str, str] = undone.before
    now = {name: found.texts[name] for name in _due(undone) if name in before and name in found.texts}
    changed = [name for name in now if not texts.exact(name, now[name], before[name])]
    return {name: NOT_AS_IT_WAS if texts.same(name, now[name], before[name]) else NOT_TAKEN for name in changed}


def _has_arrived(publication: Publication, name: str, there: str, publisher: Publisher) -> bool:
    """Whether an earlier write of this undo, whose answer got lost, has put the old text back, as far as the place took it."""
    if name not in publication.wanted:
        return False
    sent, before = publication.wanted[name], publication.before.get(name, "")
    spoiled = bool(publisher.removed_by_filter(name, sent))
    return three_way.fate(name, sent=sent, there=there, before=before, spoiled=spoiled) is Fate.ARRIVED


def _back(change: ListChange) -> ListChange:
    return ListChange(change.take, change.add)


def remember(publication: Publication, target: PublicationTarget, found: RemotePost) -> None:
    """What stands there now is no text of ours, so that publishing again sends ours. A text that had been written over by force is
    the merchant's again, and a conflict as before. What was left stays as it was, for another undo."""
    attempts = Publication.objects.of(publication.organization_id)
    undone = attempts.select_for_update(no_key=True).get(pk=publication.options["undoes"])
    due, lists = _due(undone), changes.lists_of(undone)
    left = [name for name in due if found.skipped.get(name) in (EDITED, NOT_SHOWN_NOW)]
    if left:
        undone.options = {**undone.options, "left": left, "lists": {}}
    else:
        undone.undone_at = timezone.now()
    undone.save(update_fields=["options", "undone_at"])
    rows = PublishedText.objects.of(publication.organization_id).filter(post=publication.post)
    row = rows.filter(site=target.site, remote_id=found.id).first()
    if row is None:
        return
    forced = {clash["field"] for clash in undone.conflicts}
    for name in (n for n in due if n in undone.before and n not in left):
        row.sent.pop(name, None)
        if name in forced:
            row.held.pop(name, None)
        else:
            row.held[name] = found.texts.get(name, "")
    for name in ("tags", "categories"):
        row.sent.pop(name, None)
        row.ours[name] = [one for one in row.ours.get(name) or [] if one not in getattr(lists, name).add]
    row.save()
