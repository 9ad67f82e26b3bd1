"""The texts of a post that its translations are made from, and those of them that have changed since."""

import hashlib
import json

from blog.models import BlogPost
from scribe.types import Json
from writing.fields import flat

#: A post's fields under the names that texts have in prompts and checks.
FIELDS = {"name": "title", "short_description": "excerpt", "description": "content", "tags": "tags"}
SEO = ("title", "description", "focus_keyword")


def content_of(post: BlogPost) -> Json:
    """The post's texts in the form of an item's content. Empty ones are left out."""
    meta = post.seo_meta if isinstance(post.seo_meta, dict) else {}
    found: Json = {name: getattr(post, field) for name, field in FIELDS.items()}
    found["name"] = post.title or post.topic
    found["seo"] = {part: str(meta[part]) for part in SEO if meta.get(part)}
    return {name: value for name, value in found.items() if value}


def digests(post: BlogPost) -> dict[str, str]:
    """A digest of each text, by the post's field: `title`, `content`, `seo_meta.title`."""
    texts = flat(content_of(post)).items()
    return {FIELDS.get(name) or name.replace("seo.", "seo_meta."): _digest(value) for name, value in texts}


def changed_fields(translation: BlogPost, now: dict[str, str]) -> list[str]:
    """The fields of the original whose text has changed since `translation` was made. `now` are its digests."""
    then = translation.made_from
    if not then or not translation.content:
        return []
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))


def keys_of(moved: list[str]) -> frozenset[str]:
    """The keys of the content that these fields belong to."""
    names = {field: name for name, field in FIELDS.items()}
    return frozenset(names.get(field, "seo") for field in moved)


def _digest(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
