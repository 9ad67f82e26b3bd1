"""WordPress: a CSV of posts and pages in the form that we export. WordPress's own export is WXR; `files.wxr` reads it."""

from typing import ClassVar

from catalog.files.adapters.base import IdentityColumn, number
from catalog.files.adapters.generic import GenericAdapter


class WordPressAdapter(GenericAdapter):
    name = "wordpress"
    headers: ClassVar = {
        "name": "title",
        "short_description": "excerpt",
        "description": "content",
        "tags": "tags",
        "seo.title": "meta_title",
        "seo.description": "meta_description",
        "seo.slug": "slug",
        "seo.focus_keyword": "",
        "bullet_points": "",
        "attributes": "",
        "structured_data": "",
    }
    identity = (IdentityColumn("id", number), IdentityColumn("post_type", lambda row: row["item_type"]))
    name_is_html = True
