"""Scores thirty posts with our score and with the npm package `yoastseo`, and prints where they differ.

    cd tests/blog/yoast && npm install && cd - && python -m tests.blog.yoast.compare

A file of other articles may be named: a JSON list of objects with `id`, `language`, `content`, `title`, `description`, `slug`
and `focus_keyword`. Our word forms are switched off, since the package has no morphology data. Needs Node 18 or newer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from blog import seo
from blog.seo.checks import appearance
from tests.blog.yoast import posts

HERE = Path(__file__).resolve().parent
# Our ids by the package's.
IDS = {
    "introductionKeyword": "introduction",
    "keyphraseLength": "keyphrase_length",
    "keyphraseDensity": "keyphrase_density",
    "metaDescriptionKeyword": "meta_keyphrase",
    "metaDescriptionLength": "meta_length",
    "subheadingsKeyword": "subheadings_keyphrase",
    "textCompetingLinks": "competing_links",
    "imageKeyphrase": "image_alt",
    "images": "images",
    "textLength": "text_length",
    "externalLinks": "links_external",
    "internalLinks": "links_internal",
    "keyphraseInSEOTitle": "title_keyphrase",
    "titleWidth": "title_width",
    "slugKeyword": "slug",
    "functionWordsInKeyphrase": "function_words",
    "singleH1": "single_h1",
    "subheadingsTooLong": "subheading_distribution",
    "textParagraphTooLong": "paragraph_length",
    "textSentenceLength": "sentence_length",
    "textTransitionWords": "transition_words",
    "passiveVoice": "passive_voice",
    "sentenceBeginnings": "sentence_beginnings",
    "textPresence": "text_presence",
}


def ours(post: dict[str, Any]) -> dict[str, Any]:
    fields = {k: post[k] for k in ("content", "title", "description", "slug", "focus_keyword", "language")}
    return seo.score(**fields, own_hosts=["shop.example.com"], stemming=False)


def theirs(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = [{**post, "title_width": appearance.width(post["title"])} for post in made]
    done = subprocess.run(
        ["node", "compare.mjs"], cwd=HERE, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def ranks(values: list[float]) -> list[float]:
    """Ranks with ties shared."""
    order = sorted(range(len(values)), key=values.__getitem__)
    out = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for index in order[at : end + 1]:
            out[index] = (at + end) / 2
        at = end + 1
    return out


def spearman(one: list[float], other: list[float]) -> float:
    a, b = ranks(one), ranks(other)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    up = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    down = (sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)) ** 0.5
    return up / down if down else 1.0


def main() -> int:
    made = json.loads(Path(sys.argv[1]).read_text("utf-8")) if len(sys.argv) > 1 else posts.make()
    pairs = list(zip(made, map(ours, made), theirs(made), strict=True))
    print(f"{'post':26} {'ours':>5} {'seo':>4} {'read':>4}   {'seo':>4} {'read':>4}")
    differing: Counter[str] = Counter()
    lines = []
    compared = 0
    for post, mine, other in pairs:
        print(
            f"{post['id']:26} {mine['score']:>5} {mine['seo_score'] or 0:>4} {mine['readability']['band']:>4}   "
            f"{other['seo']:>4} {other['readability']:>4}"
        )
        scores = {check["id"]: check["score"] for check in mine["checks"]}
        for theirs_id, id in IDS.items():
            found = other["checks"].get(theirs_id, {"score": None, "text": ""})
            compared += 1
            if found["score"] != scores[id]:
                differing[id] += 1
                lines.append(f"  {post['id']:26} {id:24} ours {scores[id]} theirs {found['score']}")
    print(f"\nchecks compared {compared}, equal {compared - sum(differing.values())}")
    for id, count in differing.most_common():
        print(f"  {id:26} differs in {count} posts")
    print(*lines, sep="\n")
    for language in dict.fromkeys(post["language"] for post in made):
        those = [(mine, other) for post, mine, other in pairs if post["language"] == language]
        ours_, theirs_ = ([mine["seo_score"] or 0 for mine, _ in those], [other["seo"] for _, other in those])
        bands = ([mine["readability"]["band"] for mine, _ in those], [other["readability"] for _, other in those])
        equal = sum(a == b for a, b in zip(*bands, strict=True))
        print(f"{language}: rank correlation {spearman(ours_, theirs_):.3f} SEO, {spearman(*bands):.3f} readability; "
              f"{equal} of {len(those)} bands equal")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
