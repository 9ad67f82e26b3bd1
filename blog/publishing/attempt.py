"""Deliver one attempt to its site and settle it. The worker may be killed at any line, and another one may take the
attempt up: the site still gets one post.

Two rules ensure this. `sending` is committed before the request that creates the post goes out. From `sending` or
`unknown` the site is first asked for the marker, repeatedly, for as long as a slow site may still create the post.
Updates and status changes name a remote id. An update is judged text by text, and what it sends is committed before: after
a lost answer the article is read again, which shows what arrived and what somebody else has written.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from blog.models import BlogPost, Publication
from blog.publishing import changes, drafts, in_place, links, notices, undo
from blog.publishing.changes import PostChanged, PublishedState
from blog.publishing.targets import PublicationTarget
from blog.publishing.update import Update, note
from blog.writing import article
from integrations.stores import texts
from integrations.stores.errors import Missing, Rejected, StorePermanentError, StoreTransientError
from integrations.stores.posts import PostDraft, Publisher, RemotePost
from scribe import jobs, messages
from scribe.jobs import Run
from scribe.logs import get_logger
from scribe.messages import _
from scribe.types import Json

log = get_logger(__name__)

State = Publication.State
Status = BlogPost.Status
#: How long after a send the site may still create the post. A post that is absent after this time is sent again.
DOUBT = timedelta(seconds=60)
#: The same after a 503 that came within `PROMPT` seconds. Something in front of the site turned the request away, or
#: the worker at it died: none of them waits for a slow site.
SHORT_DOUBT = timedelta(seconds=15)
PROMPT = 5.0
#: `(age, wait)` in seconds: up to this age of the send, the wait before the next look-up.
LOOK_AGAIN = ((5, 2.0), (20, 5.0), (120, 12.0))
#: Seconds between tries, ten minutes in total.
WAITS = (10.0, 50.0, 180.0, 360.0)
MOST_TRIES = len(WAITS) + 1
LONGEST = timedelta(minutes=10)
MOST_SLUGS = 5


class StillInDoubt(Exception):
    """The site does not show the post yet, and it is too early to send it again."""


class Delivery:
    """The work of one lease on one attempt."""

    def __init__(self, run: Run, publication: Publication, target: PublicationTarget) -> None:
        self.run, self.publication, self.target = run, publication, target
        self.publisher: Publisher = target.open(pause=self.pause)
        self.update = Update(run, publication, target, self.publisher, self.pause)

    def pause(self, seconds: float) -> None:
        """Sleep for `seconds`. Stops within half a second when the job is cancelled."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.run.check()
            time.sleep(min(left, 0.5))

    def deliver(self) -> RemotePost | None:
        self.run.check()
        if in_place.applies(self.publication.post, self.target):
            return self._inside()
        if self.publication.action == Publication.Action.UNPUBLISH:
            return self._unpublish()
        if self.publication.action == Publication.Action.UNDO:
            return undo.put_back(self.publication, self.target, self.publisher, self._note_undo)
        if found := self._known():
            return found
        return self._create()

    def _note_undo(self, before: dict[str, str], wanted: dict[str, str]) -> None:
        note(self.run, self.publication, before=before, wanted=wanted)

    def _inside(self) -> RemotePost | None:
        inside = in_place.InPlace(self.publication.post, self.target, self.publisher)
        keep = partial(note, self.run, self.publication)
        if self.publication.action == Publication.Action.UNPUBLISH:
            inside.unpublish(self.publication, keep)
            return None
        return inside.publish(self.publication, keep)

    def _unpublish(self) -> RemotePost | None:
        remote_id = self._remote_id()
        if self.target.may_hold(self.publication.post) and not self._recognised():
            return None
        try:
            try:
                return self.publisher.set_status(remote_id, "draft")
            except StoreTransientError as error:
                there = self.publisher.get_post(remote_id) if error.sent else None
                if there is None or there.status != "draft":
                    raise
                return there
        except Missing:
            return None

    def _remote_id(self) -> str:
        return self.target.remote_id(self.publication.post)

    # --- looking for the post on the site

    def _known(self) -> RemotePost | None:
        """Update the post if this or an earlier attempt has created it. Returns None when the site has no such post."""
        if self.publication.remote_id:
            known = self.publication.remote_id
        elif self.target.holds(self.publication.post):
            known = self._remote_id()
        else:
            found = self._recognised() if self.target.may_hold(self.publication.post) else None
            found = found or self._look_up()
            if found is None:
                return None
            known = found.id  # its image and SEO fields may be missing
            note(self.run, self.publication, remote_id=known)
        try:
            return self._update(known)
        except Missing:
            if self.publication.remote_id:
                note(self.run, self.publication, remote_id="")
            return None  # deleted on the site: it is created again

    def _update(self, remote_id: str) -> RemotePost:
        """Send what has changed here to the article. Raises PostChanged where that would write over words of the merchant's."""
        return self._with_media(lambda draft: self.update.write(remote_id, draft))

    def remember(self, found: RemotePost) -> None:
        """Keep what this attempt left there. Inside the transaction that confirms it."""
        if self.update.outcome is not None:
            draft, known, made = self.update.outcome
            changes.remember(self.publication, self.target, draft, found, known, made)

    def _look_up(self) -> RemotePost | None:
        """Find the post by the markers of this and earlier attempts whose answers were lost. Raises StillInDoubt when
        it is absent and this attempt was sent less than `DOUBT` (or `SHORT_DOUBT`) ago."""
        for marker in self._sent_markers():
            self.run.check()
            found = self.publisher.marked_post(marker, self._slug())
            if found is not None:
                return found
        found = self._unmarked()
        doubt = SHORT_DOUBT if self.publication.options.get("prompt_503") else DOUBT
        if found is None and self._in_doubt() and timezone.now() - self._sent_at() < doubt:
            raise StillInDoubt
        return found

    def _recognised(self) -> RemotePost | None:
        """The article that has the post's id, if it is the post's also at the connection's new host: it carries one of our
        markers, or where the site drops comments has our slug and title."""
        post = self.publication.post
        try:
            found = self.publisher.get_post(self._remote_id())
        except Missing:
            return None
        markers = Publication.objects.filter(post=post).values_list("marker", flat=True)
        if any(marker in found.content for marker in markers):
            return found
        return found if found.slug == drafts.slug_of(post) and _has_title_of(post, found) else None

    def _sent_markers(self) -> list[str]:
        """At most five markers of attempts at this place (this one too) that were sent and have no remote id."""
        unclear = Publication.objects.filter(
            post_id=self.publication.post_id,
            blog_connection=self.publication.blog_connection,
            store_connection=self.publication.store_connection,
            action=Publication.Action.PUBLISH,
            sent_at__isnull=False,
            remote_id="",
        )
        return list(unclear.values_list("marker", flat=True)[:5])

    def _unmarked(self) -> RemotePost | None:
        """Find the post on a site that strips comments: it has our slug and title and was not there before the send."""
        if not self._in_doubt() or "before" not in self.publication.options:
            return None
        found = self.publisher.find_post(self._slug())
        if found is None or found.id == self.publication.options["before"]:
            return None
        ours = _has_title_of(self.publication.post, found)
        return found if ours and "<!-- xcs-" not in found.content else None

    def _in_doubt(self) -> bool:
        return self.publication.state in (State.SENDING, State.UNKNOWN)

    def _sent_at(self) -> datetime:
        return self.publication.sent_at or timezone.now()

    def patience(self) -> float:
        """Seconds until the next look-up."""
        age = (timezone.now() - self._sent_at()).total_seconds()
        return next((wait for limit, wait in LOOK_AGAIN if age < limit), LOOK_AGAIN[-1][1])

    # --- creating it

    def _slug(self) -> str:
        return str(self.publication.options.get("slug") or drafts.slug_of(self.publication.post))

    def _create(self) -> RemotePost:
        self.run.check()
        if link := links.link_to_translations(self.publication.post, self.target, self.publisher):
            note(self.run, self.publication, options={**self.publication.options, "link": link})
        for number in range(1, MOST_SLUGS + 1):
            try:
                return self._with_media(self._send)
            except Rejected as error:
                if error.details.get("store_code") != "TAKEN" or number == MOST_SLUGS:
                    raise
            if ours := self._behind_taken_slug():
                return self._update(ours)
            options = {**self.publication.options, "slug": f"{drafts.slug_of(self.publication.post)}-{number + 1}"}
            note(self.run, self.publication, options=options)
        raise AssertionError("unreachable")

    def _behind_taken_slug(self) -> str:
        """The id of our own post if it holds the slug, else "". Raises StoreTransientError when the search finds no
        post while an earlier answer is lost: the search may lag behind."""
        found = self.publisher.find_post(self._slug())
        if found and any(marker in found.content for marker in [self.publication.marker, *self._sent_markers()]):
            note(self.run, self.publication, remote_id=found.id)
            return found.id
        if found is None and self._in_doubt():
            raise StoreTransientError(_("The site does not show the post yet."), code="store_answer_lost", sent=True)
        return ""

    def _send(self, draft: PostDraft) -> RemotePost:
        publication = self.publication
        if publication.tries >= MOST_TRIES:
            raise StorePermanentError(
                _("Stopped after {tries} attempts: {error}", tries=publication.tries, error=publication.error),
                code="given_up",
            )
        earlier = publication.sent_at  # a send whose answer was lost and whose post never appeared
        there = self.publisher.find_post(draft.slug)
        options = {**publication.options, "before": there.id if there else "", "prompt_503": False}
        self.run.check()
        # From here on, a lost worker or a lost answer leaves the attempt in doubt.
        whole = changes.whole(draft, self.publisher)
        options["lists"] = changes.ListChanges.of(whole.change).as_dict()
        sent = {"state": State.SENDING, "sent_at": timezone.now(), "wanted": whole.texts, "before": {}}
        note(self.run, publication, options=options, **sent)
        self.update.outcome = draft, PublishedState(), whole
        began = time.monotonic()
        try:
            return self.publisher.create_post(draft)
        except StoreTransientError as error:
            if not error.sent or error.status == 429:  # it did not reach the site, or was turned away
                note(self.run, publication, state=_resting(earlier), sent_at=earlier)
                raise
            prompt = error.status == 503 and time.monotonic() - began < PROMPT
            return self._after_loss(error, draft, {**options, "prompt_503": prompt})
        except StorePermanentError:
            note(self.run, publication, state=_resting(earlier), sent_at=earlier)
            raise

    def _after_loss(self, error: StoreTransientError, draft: PostDraft, options: Json) -> RemotePost:
        """Look the post up at once after a lost or unclear answer: mostly it is there. Raises `error` if it is not."""
        changes = {
            **messages.columns(error=error.message),
            "error_code": error.code,
            "tries": self.publication.tries + 1,
        }
        note(self.run, self.publication, state=State.UNKNOWN, options=options, **changes)
        log.info("answer lost; looking the post up", publication_id=str(self.publication.pk))
        found = self._look_up()
        if found is None:
            raise error
        note(self.run, self.publication, remote_id=found.id)
        return self.update.write(found.id, draft)

    def _with_media(self, send: Callable[[PostDraft], RemotePost]) -> RemotePost:
        """Send the draft. If the site has lost the featured image meanwhile, it is uploaded once more. `skipped` of the
        result lists the fields that the site still did not take."""
        draft = self._draft()
        there: RemotePost = send(draft)
        library = self.publisher.library
        if library is None or draft.featured_media_id is None or "featured_image" not in there.skipped:
            return there
        note(self.run, self.publication, remote_id=there.id)
        drafts.Library(self.target, library, self.publication.post).forget([draft.featured_media_id])
        return self.update.write(there.id, self._draft())

    def _draft(self) -> PostDraft:
        return replace(drafts.create(self.publication, self.target, self.publisher), slug=self._slug())

    # --- trying later

    def postpone(self, error: StoreTransientError) -> None:
        """Put the attempt off (raises TryAgain). Fails it (Failed) after five tries, or in doubt after ten minutes."""
        publication, now = self.publication, timezone.now()
        first = publication.first_try_at or now
        tries = publication.tries
        if self._in_doubt():
            over = now - first >= LONGEST
            wait = self.patience() if now - first < timedelta(minutes=3) else 60.0
        else:
            tries += 1
            over = tries >= MOST_TRIES
            wait = max(WAITS[min(tries, len(WAITS)) - 1], error.retry_after or 0.0)
        if over:
            reason = _("Stopped after {tries} attempts: {error}", tries=max(tries, 1), error=error.message)
            fail(self.run, publication, reason=reason, code=error.code)
            raise jobs.Failed(reason, code=error.code)
        changes = {"first_try_at": first, **messages.columns(error=error.message), "error_code": error.code}
        note(self.run, publication, tries=tries, **changes)
        raise jobs.TryAgain(min(wait, 600.0), reason=error.message, code=error.code)


def _has_title_of(post: BlogPost, found: RemotePost) -> bool:
    title = post.title or post.topic
    return any(texts.same("title", found.title, spelling) for spelling in (title, texts.as_html(title)))


def _resting(earlier: datetime | None) -> str:
    return State.UNKNOWN if earlier else State.PENDING


# --- the result, saved in one transaction with the job's events: a worker that lost its lease saves nothing


def confirm(run: Run, delivery: Delivery, remote: RemotePost | None) -> None:
    """Record that the attempt succeeded. `remote` is None when a post to unpublish was already gone on the site."""
    publication, target = delivery.publication, delivery.target
    now = timezone.now()
    with run.settling():
        post = BlogPost.objects.locked(publication.post_id, "blog_connection", "store_connection")
        publication.state, publication.confirmed_at = State.CONFIRMED, now
        publication.error = publication.error_code = ""
        if remote is not None:
            publication.remote_id, publication.remote_url = remote.id, remote.url[:2048]
        publication.save()
        if publication.action == Publication.Action.UNPUBLISH:
            _taken_down(post, remote)
        else:
            assert remote is not None
            if publication.action == Publication.Action.UNDO:
                post.status, post.unpublished_changes = publication.status_before, True
                undo.remember(publication, target, remote)
            else:
                _put_up(post, target, remote)
                delivery.remember(remote)
            post.metadata = {**(post.metadata or {}), "skipped_fields": remote.skipped}
        post.last_error = ""
        article.remember_structured_data(post)
        post.save()
        run.result.update({"succeeded": 1, "post_id": str(post.pk), "status": post.status, "url": post.published_url})
        if remote is not None and remote.skipped:
            run.result["skipped_fields"] = remote.skipped
        told = {"skipped_fields": remote.skipped} if remote is not None and remote.skipped else {}
        run.emit("item", {"post_id": str(post.pk), "status": post.status, "url": post.published_url, **told})
        run.advance(1)
        if post.status == Status.PUBLISHED and publication.action == Publication.Action.PUBLISH:
            notices.after_publishing(post, run.job, skipped=remote.skipped if remote is not None else {})
    publication.post = post


def _put_up(post: BlogPost, target: PublicationTarget, remote: RemotePost) -> None:
    target.take(post)
    target.keep_remote_id(post, remote.id)
    is_live = remote.status in ("publish", "private")
    post.status = Status.PUBLISHED if is_live else Status.DRAFT
    post.published_url = remote.url[:2048] if is_live else ""
    if is_live:
        post.published_at = post.published_at or timezone.now()
    post.scheduled_at = None
    post.unpublished_changes = False


def _taken_down(post: BlogPost, remote: RemotePost | None) -> None:
    post.status, post.published_url, post.published_at = Status.DRAFT, "", None
    if remote is None:
        post.wp_post_id, post.external_post_id = None, ""


def fail(run: Run, publication: Publication, *, reason: str, code: str, conflicts: list[Json] | None = None) -> None:
    """End the attempt as failed. A post that could not be unpublished stays published, one whose text was changed on its site
    (`conflicts`) is what it was; any other becomes `failed`."""
    before = publication.status_before
    kept = publication.action == Publication.Action.UNDO or (bool(conflicts) and before != Status.SCHEDULED)
    status = before if kept else Status.FAILED
    if publication.action == Publication.Action.UNPUBLISH:
        status = Status.PUBLISHED
    with run.settling():
        publication.state, publication.error, publication.error_code = State.FAILED, reason, code
        publication.conflicts = conflicts or publication.conflicts
        publication.save(update_fields=["state", "error", "error_values", "error_code", "conflicts"])
        BlogPost.objects.filter(pk=publication.post_id, status=Status.PUBLISHING).update(
            status=status, **messages.columns(last_error=reason), scheduled_at=None
        )
        run.result.update({"failed": 1, "post_id": str(publication.post_id)})
        run.emit("item_failed", {"post_id": str(publication.post_id), "code": code, "reason": reason})
        run.advance(1)


def stop_at_changes(run: Run, delivery: Delivery, error: PostChanged) -> None:
    """End the attempt with the texts that the merchant has changed on the site. An article that the attempt has created
    belongs to the post all the same."""
    publication, target = delivery.publication, delivery.target
    if publication.remote_id and not target.holds(publication.post):
        with run.settling():
            post = BlogPost.objects.locked(publication.post_id)
            target.take(post)
            target.keep_remote_id(post, publication.remote_id)
            post.save()
            sent = publication.wanted
            changes.keep(post, target, publication.remote_id, sent, sent, {}, {})
    fail(run, publication, reason=error.message, code=error.code, conflicts=error.conflicts)
