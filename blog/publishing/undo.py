"""Taking back a publish: the texts that it replaced go back letter by letter, where the place still shows ours. What somebody has
changed there since stays, and is named. Our tags and categories that it brought go out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.utils import timezone

from blog.models import BlogPost, Publication, PublishedText
from blog.publishing import changes, in_place, targets
from blog.publishing.changes import MOST_LOOKS, PostChanged, PublishedState, bare
from blog.publishing.targets import PublicationTarget
from integrations.stores import texts, three_way
from integrations.stores.errors import ChangedMeanwhile
from integrations.stores.posts import ListChange, PostChange, PostDraft, Publisher, RemotePost

NOT_AS_IT_WAS = "The site spells it otherwise than before."
NOT_TAKEN = "The site did not take its old text as it was."
EDITED = "Somebody changed it on the site since, so it stays."


def is_undoable(post: BlogPost) -> bool:
    target = targets.standing(post)
    return target is not None and undoable(post, target) is not None


def undoable(post: BlogPost, target: PublicationTarget) -> Publication | None:
    """The last publish at this place, if it replaced something that nobody has taken back. A translation inside another article
    is taken back by unpublishing it."""
    if not target.holds(post) or in_place.applies(post, target):
        return None
    rows = Publication.objects.of(post.organization_id).filter(
        post=post, action=Publication.Action.PUBLISH, state=Publication.State.CONFIRMED,
        blog_connection=target.blog_connection, store_connection=target.store_connection,
    )  # fmt: skip
    last = rows.order_by("-confirmed_at").first()
    if last is None or last.undone_at is not None or last.sent_at is not None:
        return None  # nothing, taken back already, or the creation
    lists = changes.lists_of(last)
    return last if last.before or lists != changes.ListChanges() else None


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
        wanted: dict[str, str] = {}
        edited = []
        for name, before in undone.before.items():
            now, left = there.texts.get(name, ""), known.texts.get(name)
            if texts.exact(name, now, before):
                continue
            ours = [bare(str(text)) for text in (left and left.held, undone.wanted.get(name)) if text is not None]
            if force or three_way.stands(name, bare(now), *ours):
                wanted[name] = before
            else:
                edited.append({"field": name, "ours": ours[0], "theirs": bare(now), "published": bare(before)})
        lists = changes.lists_of(undone)
        change = PostChange(wanted, "", _back(lists.tags), _back(lists.categories))
        if edited and change == PostChange():
            raise PostChanged(edited)
        note_intent({name: there.texts.get(name, "") for name in wanted}, wanted)
        try:
            found = (
                publisher.update_post(remote_id, PostDraft("", ""), change, there) if change != PostChange() else there
            )
        except ChangedMeanwhile:
            if look == MOST_LOOKS:
                raise
            continue
        told = {clash["field"]: EDITED for clash in edited}
        for name, before in undone.before.items():
            now = found.texts.get(name, "")
            if name not in told and not texts.exact(name, now, before):
                told[name] = NOT_AS_IT_WAS if texts.same(name, now, before) else NOT_TAKEN
        return replace(found, skipped={**found.skipped, **told})
    raise AssertionError("unreachable")


def _back(change: ListChange) -> ListChange:
    return ListChange(change.take, change.add)


def remember(publication: Publication, target: PublicationTarget, found: RemotePost) -> None:
    """What stands there now is no text of ours, so that publishing again sends ours. A text that had been written over by force is
    the merchant's again, and a conflict as before."""
    attempts = Publication.objects.of(publication.organization_id)
    undone = attempts.select_for_update(no_key=True).get(pk=publication.options["undoes"])
    attempts.filter(pk=undone.pk).update(undone_at=timezone.now())
    left = PublishedText.objects.of(publication.organization_id).filter(post=publication.post)
    row = left.filter(site=target.site, remote_id=found.id).first()
    if row is None:
        return
    forced = {clash["field"] for clash in undone.conflicts}
    for name in undone.before:
        if found.skipped.get(name) == EDITED:
            continue
        row.sent.pop(name, None)
        if name in forced:
            row.held.pop(name, None)
        else:
            row.held[name] = found.texts.get(name, "")
    for name in ("tags", "categories"):
        row.sent.pop(name, None)
        lists = getattr(changes.lists_of(undone), name)
        row.ours[name] = [one for one in row.ours.get(name) or [] if one not in lists.add]
    row.save()
