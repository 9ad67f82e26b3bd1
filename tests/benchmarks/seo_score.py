"""The score of a post of 2,000 words, asked for on every keystroke of an editor, against the ten milliseconds it may take."""

from __future__ import annotations

from typing import Any

from blog import seo
from tests.benchmarks import _catalogue
from tests.blog.yoast import posts

MILLISECONDS = 10


def run(rounds: int = 10) -> list[tuple[str, Any, Any, Any, str]]:
    content = posts.build(posts.EN, rounds=rounds, headings=8)
    words = _judge(content)["readability"]["words"]
    best = min(_catalogue.timed(lambda: _judge(content)) for _ in range(20)) * 1000
    return [(f"score of a post of {words:,} words (ms)", best, MILLISECONDS, best / MILLISECONDS, "≤ 1")]


def _judge(content: str) -> dict[str, Any]:
    return seo.score(
        content=content,
        title=posts.EN["title"],
        description=posts.EN["description"],
        slug=posts.EN["slug"],
        focus_keyword=posts.EN["phrase"],
        own_hosts=["shop.example.com"],
    )
