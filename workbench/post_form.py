"""The form of a post's editor: what a post is in it, what it makes of a post, and an edit that comes too late."""

import hashlib

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from blog import content
from blog.models import BlogPost
from projects import content_fields
from scribe.types import Json
from workbench.forms import PageForm, entries_of, line_of, text

MOST_TAGS, LONGEST_TAG = 30, 60
DIGEST = 16  # characters


class PostForm(PageForm):
    """The editor's fields."""

    title = forms.CharField(label=_("Title"), max_length=300)
    content = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
    )
    excerpt = text(_("Excerpt"), 2000, rows=2, required=False)
    slug = forms.CharField(label=_("URL slug"), required=False, max_length=200)
    focus_keyword = forms.CharField(label=_("Focus keyphrase"), required=False, max_length=200)
    seo_title = forms.CharField(label=_("SEO title"), required=False, max_length=500)
    seo_description = text(_("SEO description"), 500, rows=2, required=False)
    tags = forms.CharField(label=_("Tags"), required=False, max_length=2000, help_text=_("Separate with commas."))
    featured_image_url = forms.CharField(label=_("Featured image"), required=False, max_length=2048)

    def clean_content(self) -> str:
        text = str(self.cleaned_data["content"])
        if refusal := content_fields.too_long(text) or content_fields.too_deep(text):
            raise forms.ValidationError(refusal.render())
        return text

    def clean_tags(self) -> str:
        line = str(self.cleaned_data["tags"])
        if len(tags := entries_of(line)) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                _("Enter at most %(most)s tags of at most %(longest)s characters each.")
                % {"most": MOST_TAGS, "longest": LONGEST_TAG}
            )
        return line

    def clean_featured_image_url(self) -> str:
        url = str(self.cleaned_data["featured_image_url"])
        if url and not content.is_image_address(url):
            raise forms.ValidationError(_("Enter an https:// address, or choose an image of the post."))
        return url

    def changes(self) -> Json:
        """The form as `posts.update` and `posts.tried` take it."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("title", "content", "excerpt", "slug", "featured_image_url")}
        seo = {
            "title": data["seo_title"],
            "description": data["seo_description"],
            "focus_keyword": data["focus_keyword"],
        }
        return {**plain, "seo_meta": seo, "tags": entries_of(data["tags"])}

    def clashes_with(self, now: BlogPost, seen: str) -> list[str]:
        """Take over what has changed in the post since this form was made of it, where the form itself changes nothing.
        `seen`: the `digests` of then. Returns the names of the fields that both change, each to another text."""
        initial = PostForm.of(now).initial
        then = [seen[at : at + DIGEST] for at in range(0, len(initial) * DIGEST, DIGEST)]
        clashes, taken = [], QueryDict(mutable=True)
        for (name, present), was in zip(initial.items(), then, strict=True):
            mine = digest(str(self.cleaned_data[name]))
            if mine == was:
                self.cleaned_data[name] = present
            elif digest(present) not in (mine, was):
                clashes.append(name)
            taken[name] = self.cleaned_data[name]
        self.data = taken  # which the page shows
        return clashes

    @staticmethod
    def of(post: BlogPost) -> "PostForm":
        meta = post.seo_meta or {}
        names = ("title", "content", "excerpt", "slug", "featured_image_url")
        return PostForm(
            initial={
                **{name: getattr(post, name) for name in names},
                "focus_keyword": meta.get("focus_keyword", ""),
                "seo_title": meta.get("title", ""),
                "seo_description": meta.get("description", ""),
                "tags": line_of(post.tags or []),
            }
        )


def digest(value: str) -> str:
    """Of a field's text, whatever ends its lines."""
    return hashlib.sha256(value.replace("\r\n", "\n").strip().encode()).hexdigest()[:DIGEST]


def digests(post: BlogPost) -> str:
    """The digests of the form's fields, one after another: what an edit was made from."""
    return "".join(digest(value) for value in PostForm.of(post).initial.values())
