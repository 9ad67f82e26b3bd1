"""Checks of where and how often the focus keyphrase is used."""

import math

from blog.seo.checks.base import NOT_APPLICABLE, Paper, SeoCheck, SeoFinding, percent
from blog.seo.keyphrase import parts
from blog.seo.sentences import WORD


def keyphrase_length(paper: Paper) -> SeoFinding:
    length = paper.keyphrase.length
    if not length:
        return SeoFinding("missing", None)
    good, fair = (4, 8) if paper.language.has_function_words else (6, 9)
    params = {"words": length, "max": good}
    if length <= good:
        return SeoFinding("ok", 9, params, length)
    return SeoFinding("long", 6, params, length) if length <= fair else SeoFinding("too_long", 3, params, length)


def function_words(paper: Paper) -> SeoFinding:
    """Fail a phrase of function words only, such as "what is it". The check does not apply to other phrases."""
    return SeoFinding("only", 0) if paper.keyphrase.only_function_words else NOT_APPLICABLE


def keyphrase_density(paper: Paper) -> SeoFinding:
    words = paper.document.word_count
    if not paper.keyphrase or not words:
        return NOT_APPLICABLE
    count = paper.keyphrase.uses_in(paper.document.sentences)
    factor = 0.7 + paper.keyphrase.length / 3
    if words < 100:
        most = 2 if words > 50 else 1
        return _density(count, 1, most, words, _short_density(count, most))
    limit = 3.5 if paper.keyphrase.stemming else 3.0
    density = 100 * count / words * factor
    least = math.ceil(0.5 * words / (100 * factor))
    most = max(2, math.floor(limit * words / (100 * factor)))
    if count == 0:
        outcome = ("none", 4)
    elif density < 0.5 or count == 1:
        outcome = ("low", 4)
    elif density <= limit or (count == 2 and least <= 2):
        outcome = ("ok", 9)
    else:
        outcome = ("high", -10) if density <= 4 else ("too_high", -50)
    return _density(count, max(2, least), most, words, outcome)


def _short_density(count: int, most: int) -> tuple[str, int]:
    if count == 0:
        return "none", 4
    if count <= most:
        return "ok", 9
    return ("high", -10) if count == most + 1 else ("too_high", -50)


def _density(count: int, least: int, most: int, words: int, outcome: tuple[str, int]) -> SeoFinding:
    return SeoFinding(
        outcome[0],
        outcome[1],
        {"count": count, "min": least, "max": most, "words": words},
        count,
    )


def introduction(paper: Paper) -> SeoFinding:
    first = next((block for block in paper.document.paragraphs if block.words), None)
    if not paper.keyphrase or not first:
        return NOT_APPLICABLE
    if any(paper.keyphrase.uses(sentence.words) for sentence in first.sentences):
        return SeoFinding("ok", 9)
    everything = [word for sentence in first.sentences for word in sentence.words]
    if paper.keyphrase.present(everything) == paper.keyphrase.length:
        return SeoFinding("words_split", 6)
    return SeoFinding("missing", 3)


def title_keyphrase(paper: Paper) -> SeoFinding:
    if not paper.keyphrase:
        return NOT_APPLICABLE
    title = parts(WORD.findall(paper.language.fold(paper.title).lower()))
    phrase = list(paper.keyphrase.all_words)
    at = next(
        (i for i in range(len(title) - len(phrase) + 1) if title[i : i + len(phrase)] == phrase),
        None,
    )
    if at is not None:
        first = all(word in paper.language.function_words for word in title[:at])
        return SeoFinding("ok", 9) if first else SeoFinding("not_first", 6)
    if title and paper.keyphrase.present(title) == paper.keyphrase.length:
        return SeoFinding("not_exact", 6)
    return SeoFinding("missing", 2)


def meta_keyphrase(paper: Paper) -> SeoFinding:
    if not paper.keyphrase:
        return NOT_APPLICABLE
    if not paper.description:
        return SeoFinding("missing", 3)
    uses = paper.keyphrase.uses_in_text(paper.description)
    if not uses:
        return SeoFinding("none", 3, value=0)
    return SeoFinding("ok", 9, value=uses) if uses <= 2 else SeoFinding("too_many", 3, {"count": uses, "max": 2}, uses)


def slug(paper: Paper) -> SeoFinding:
    if not paper.keyphrase:
        return NOT_APPLICABLE
    if not paper.slug:
        return SeoFinding("missing", 3)
    found, wanted = paper.keyphrase.in_slug(paper.slug), paper.keyphrase.length
    enough = found == wanted if wanted <= 2 else found > wanted / 2
    return SeoFinding(
        "ok" if enough else "partial",
        9 if enough else 6,
        {"found": found, "wanted": wanted},
        found,
    )


def subheadings_keyphrase(paper: Paper) -> SeoFinding:
    if not paper.keyphrase or paper.document.is_empty:
        return NOT_APPLICABLE
    headings = [block for block in paper.document.headings if block.level in (2, 3)]
    if not headings:
        words = paper.document.word_count
        return SeoFinding("none", 9 if words <= 300 else 2, {"matched": 0, "total": 0}, 0)
    needed = 0.5 if paper.language.has_function_words else 0.999
    matched = sum(paper.keyphrase.share_in(h.text) > needed for h in headings)
    share = percent(matched, len(headings))
    params = {"matched": matched, "total": len(headings), "share": share}
    if (len(headings) == 1 and matched) or 30 <= share <= 75:
        return SeoFinding("ok", 9, params, share)
    return SeoFinding("few" if share < 30 else "many", 3, params, share)


def image_alt(paper: Paper) -> SeoFinding:
    """An alternative text matches with half of the content words. One match is enough for any number of images, so that
    an unrelated image does not lower the score. Five or more matches are too many above 75 % of the images."""
    images = paper.document.images
    if not paper.keyphrase:
        return NOT_APPLICABLE
    matched = sum(bool(alt) and paper.keyphrase.share_in(alt) >= 0.5 for alt in images)
    params = {"matched": matched, "total": len(images)}
    if not images:
        return SeoFinding("missing", 3, params, 0)
    if not matched:
        return SeoFinding("none" if any(images) else "no_alt", 6, params, 0)
    if matched >= 5 and matched / len(images) > 0.75:
        return SeoFinding("many", 6, params, matched)
    return SeoFinding("ok", 9, params, matched)


def competing_links(paper: Paper) -> SeoFinding:
    if not paper.keyphrase:
        return NOT_APPLICABLE
    same = 0
    for link in paper.document.links:
        words = [w for w in parts(WORD.findall(link.text.lower())) if w not in paper.language.function_words]
        same += len(words) == paper.keyphrase.length == paper.keyphrase.present(words)
    return SeoFinding("found", 2, {"count": same}, same) if same else SeoFinding("ok", 8, value=0)


CHECKS = (
    SeoCheck("keyphrase_length", "seo", keyphrase_length),
    SeoCheck("function_words", "seo", function_words),
    SeoCheck("keyphrase_density", "seo", keyphrase_density),
    SeoCheck("introduction", "seo", introduction),
    SeoCheck("title_keyphrase", "seo", title_keyphrase),
    SeoCheck("meta_keyphrase", "seo", meta_keyphrase),
    SeoCheck("slug", "seo", slug),
    SeoCheck("subheadings_keyphrase", "seo", subheadings_keyphrase),
    SeoCheck("image_alt", "seo", image_alt),
    SeoCheck("competing_links", "seo", competing_links),
)
