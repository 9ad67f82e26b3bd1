"""One attempt's update of an article that its place has: look, decide, save what is to be written, write. After a lost
answer or a refusal of the guard's it looks again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from blog.models import Publication
from blog.publishing import changes
from blog.publishing.changes import MOST_LOOKS, PostChanged, PublishedState, Resolution, UpdatePlan
from blog.publishing.targets import PublicationTarget
from integrations.stores.errors import ConcurrentEdit, StoreTransientError
from integrations.stores.posts import PostDraft, Publisher, RemotePost
from scribe.jobs import Run
from scribe.messages import _

WRITE_PATIENCE = 2.0  # seconds between the last look and the write; a longer wait needs another look


def note(run: Run, publication: Publication, **values: object) -> None:
    """Set `values` on the attempt and save them. A worker that has lost its lease saves nothing."""
    with run.settling():
        for field, value in values.items():
            setattr(publication, field, value)
        publication.save(update_fields=list(values))


class Update:
    """`outcome` is the draft of the last write, what we had left there before, and the plan."""

    def __init__(
        self,
        run: Run,
        publication: Publication,
        target: PublicationTarget,
        publisher: Publisher,
        pause: Callable[[float], None],
    ) -> None:
        self.run, self.publication, self.target, self.publisher = run, publication, target, publisher
        self.pause = pause
        self.outcome: tuple[PostDraft, PublishedState, UpdatePlan] | None = None

    def write(self, remote_id: str, draft: PostDraft) -> RemotePost:
        """Send what has changed here. Raises PostChanged where that would write over words of the merchant's."""
        publication, publisher = self.publication, self.publisher
        wish, prepared = Resolution.of(publication), False
        for look in range(1, MOST_LOOKS + 1):
            self.run.check()
            there = publisher.get_post(remote_id)
            known = self._left_there(there)
            made = changes.plan(draft, there, known, publisher, self.target, wish, fresh=self._is_new(remote_id))
            self.outcome = draft, known, made
            if made.conflicts:
                raise PostChanged(made.conflicts)
            if made.is_empty:
                return replace(there, skipped={**draft.lacking, **made.skipped})
            if made.change.tags.add and not prepared:
                publisher.prepare(made.change)  # takes a while, so the article is looked at again
                prepared = True
                continue
            self._keep_intent(made, there)
            try:
                with self._impatient():
                    found = publisher.update_post(remote_id, draft, made.change, there)
            except StoreTransientError as error:
                again = isinstance(error, ConcurrentEdit) or (error.sent and (error.retry_after or 0) <= WRITE_PATIENCE)
                if not again or look == MOST_LOOKS:
                    raise
                self.pause(0.5 * (look - 1))
                continue
            return replace(found, skipped={**made.skipped, **found.skipped})
        raise StoreTransientError(
            _("It keeps being changed on the site. Please try again later."), code="store_changed_meanwhile"
        )

    def _left_there(self, there: RemotePost) -> PublishedState:
        """What we last left there, by what is kept and by what this and earlier attempts sent without an answer."""
        publication = self.publication
        if self._is_new(there.id):
            return PublishedState.of_creation(self._created_with(there), there)
        known = PublishedState.of(publication.post, self.target, there.id)
        for lost in [*changes.cut_off(publication.post, self.target), publication]:
            known = known.with_arrived(lost.wanted, lost.before, there)
        return known

    def _is_new(self, remote_id: str) -> bool:
        """Whether this attempt, or an earlier one without an answer, has created the article."""
        post = self.publication.post
        return not self.target.holds(post) or self.target.remote_id(post) != remote_id

    def _created_with(self, there: RemotePost) -> dict[str, str]:
        """The texts that it was created with, by its marker; where the site drops comments, those of this attempt."""
        attempts = Publication.objects.of(self.publication.organization_id)
        sent = attempts.filter(post_id=self.publication.post_id, sent_at__isnull=False)
        found = (wanted for marker, wanted in sent.values_list("marker", "wanted") if marker in there.content)
        return next(found, self.publication.wanted)

    def _keep_intent(self, made: UpdatePlan, there: RemotePost) -> None:
        publication, sent = self.publication, made.change
        before = {name: there.texts[name] for name in sent.texts if name in there.texts}
        note(
            self.run,
            publication,
            wanted={**publication.wanted, **sent.texts},
            before={**before, **publication.before},
            conflicts=made.overruled or publication.conflicts,
            options={**publication.options, "lists": changes.lists_of(publication).joined(sent).as_dict()},
        )

    @contextmanager
    def _impatient(self) -> Iterator[None]:
        http, patience = self.publisher.http, self.publisher.http.write_patience
        http.write_patience = WRITE_PATIENCE
        try:
            yield
        finally:
            http.write_patience = patience
