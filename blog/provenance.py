"""Where a post's texts come from: the record of a post, as `projects.provenance` keeps that of an item."""

import hashlib
from collections.abc import Mapping

from accounts.models import User
from blog.models import BlogPost, PostEvent
from projects.provenance import name_people, results_of, words_changed, writer_of
from scribe.api.fields import utc
from scribe.types import Json
from writing.disclosure import Disclosure

Kind = PostEvent.Kind
SEO = ("title", "description", "focus_keyword")


def texts_of(post: BlogPost) -> dict[str, str]:
    """The post's texts by field, without empty ones."""
    meta = post.seo_meta or {}
    found = {"title": post.title, "content": post.content, "excerpt": post.excerpt}
    found |= {f"seo.{name}": str(meta.get(name) or "") for name in SEO}
    return {name: text for name, text in found.items() if text}


def digests_of(post: BlogPost) -> dict[str, str]:
    """The SHA-256 of each text's UTF-8 bytes."""
    return {
        name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() for name, text in texts_of(post).items()
    }


def record_generation(post: BlogPost) -> None:
    """Add that a model wrote the post's present texts, in the transaction that saves them."""
    _record(post, Kind.GENERATED, None, {"writer": writer_of(post.metadata), "checks": results_of(post.metadata)})


def record_edit(post: BlogPost, before: Mapping[str, str], *, by: object) -> None:
    """Add that `by` changed the texts that were `before`. An edit that changes none of them is none."""
    now = texts_of(post)
    changed = {name for name in {*now, *before} if now.get(name) != before.get(name)}
    shares = {name: words_changed(before.get(name, ""), now.get(name, "")) for name in sorted(changed)}
    if shares:
        _record(post, Kind.EDITED, by, {"words_changed": shares})


def record_approval(post: BlogPost, *, by: object) -> None:
    """Add that `by` lets the present texts go out."""
    _record(post, Kind.APPROVED, by, {})


def _record(post: BlogPost, kind: str, by: object, facts: Json) -> None:
    key = getattr(by, "api_key", None)
    PostEvent.objects.create(
        organization_id=post.organization_id,
        post=post,
        kind=kind,
        person_id=by.pk if isinstance(by, User) else None,
        key_id=key.pk if key else None,
        digests=digests_of(post),
        facts=facts,
    )


def approval_of(post: BlogPost) -> PostEvent | None:
    """The last approval, if it was of the very texts that the post has now."""
    last = PostEvent.objects.of(post.organization_id).filter(post=post, kind=Kind.APPROVED).last()
    return last if last is not None and last.digests == digests_of(post) else None


def disclosure_of(post: BlogPost) -> Disclosure | None:
    """What is to be told of the post's texts. A person has reviewed them who let these very texts go out, and not by a
    program with a key."""
    approval = approval_of(post)
    last = PostEvent.objects.of(post.organization_id).filter(post=post, kind__in=(Kind.GENERATED, Kind.EDITED)).last()
    edited = post.edited_at is not None or (last is not None and last.kind == Kind.EDITED)
    reviewed = approval is not None and approval.person_id is not None and approval.key_id is None
    return Disclosure.of(post.metadata, reviewed=reviewed, edited=edited)


def record_of(post: BlogPost) -> Json:
    """The record of a post, as `GET …/blog-posts/{id}/provenance` answers. Of a post from before the record was kept,
    its metadata tell who wrote it."""
    events = list(PostEvent.objects.of(post.organization_id).filter(post=post))
    people = name_people([event.person_id for event in events], post.organization_id)
    entries = [_entry(event, people) for event in events]
    now, generated = digests_of(post), [event for event in events if event.kind == Kind.GENERATED]
    writer = generated[-1].facts["writer"] if generated else writer_of(post.metadata)
    edits = [e for e in events if e.kind == Kind.EDITED and (not generated or e.created_at > generated[-1].created_at)]
    approved = [event for event in events if event.kind == Kind.APPROVED]
    return {
        "post_id": str(post.pk),
        "language": post.language,
        "status": post.status,
        "approved": bool(approved) and approved[-1].digests == now,
        "checks": results_of(post.metadata),
        "texts": [
            {
                "field": name,
                "sha256": digest,
                "generated": writer if writer["generated_at"] else None,
                "edits": [
                    {
                        "at": utc(edit.created_at),
                        "by": people.get(str(edit.person_id)),
                        "words_changed": edit.facts["words_changed"][name],
                    }
                    for edit in edits
                    if name in edit.facts["words_changed"]
                ],
                "approved": next(
                    (_entry(event, people) for event in approved[::-1] if event.digests.get(name) == digest), None
                ),
            }
            for name, digest in now.items()
        ],
        "entries": entries,
    }


def _entry(event: PostEvent, people: Mapping[str, Json]) -> Json:
    shares = event.facts.get("words_changed")
    named = (
        {name: {"words_changed": share} for name, share in shares.items()}
        if shares
        else {name: {} for name in event.digests}
    )
    return {
        "at": utc(event.created_at),
        "event": event.kind,
        "by": people.get(str(event.person_id)),
        "key_id": str(event.key_id) if event.key_id else None,
        **{name: event.facts[name] for name in ("writer", "checks") if name in event.facts},
        "texts": [
            {"field": name, "sha256": event.digests.get(name, ""), **share} for name, share in sorted(named.items())
        ],
    }
