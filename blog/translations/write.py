"""Write the translations of a job, one after another. The job may be killed and repeated: a translation that is saved is not
written again, and each is charged in the transaction that saves it."""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils import timezone

from billing import prices
from blog import content, products, provenance, scores
from blog.models import BlogPost
from blog.translations import originals, plan
from blog.translations.job import PartsAsked
from blog.translations.plan import LETTERS, NATIVE, TranslationPart
from blog.writing import article, post, prompts
from integrations.ai.errors import AIPermanentError
from integrations.ai.types import Prompt
from projects import glossary
from scribe import jobs, messages
from scribe.api.fields import decimal, utc
from scribe.jobs import Run
from scribe.messages import _
from scribe.types import Json
from writing import bill, checks, model_access
from writing.bill import Bill, Work
from writing.checks import CheckReport, links
from writing.checks import glossary as terms
from writing.facts import Facts
from writing.output import Unusable
from writing.rounds import Draft, Rounds
from writing.settings import WritingSettings
from writing.slugs import slugify
from writing.text import cut, of_html, plain_line
from writing.translation import facts_of, latin
from writing.translation import prompt as translating

Status = BlogPost.Status
RELATED = ("organization", "project__store_connection", "project__content_profile", "template", "original")
TITLE, TAG, TAGS, SEO = 300, 60, 30, 500  # the most characters, and tags, that are kept


@dataclass(frozen=True)
class Task:
    """One translation at work: its texts so far, the original's, and the facts that both are held against."""

    run: Run
    part: TranslationPart
    post: BlogPost
    original: BlogPost
    settings: WritingSettings
    source: Json
    facts: Facts
    made_from: dict[str, str]

    def work(self, rounds: Rounds[Json] | None, *, xct: Decimal = bill.ZERO) -> Work:
        return Work(
            key=f"blog_generation:{self.run.job.pk}:{self.post.pk}",
            content_type="blog_post",
            calls=rounds.calls if rounds else [],
            quoted_max=self.part.quoted_max,
            xct=xct,
            project_id=self.post.project_id,
        )


def run(run: Run) -> None:
    """Write all translations of the job. Raises Failed if none of them, and no post before them, was written."""
    for part in PartsAsked.of(run.job).parts:
        run.check()
        if (task := _task(run, part)) is not None:
            _write(task)
    if run.result.get("failed") and not run.result.get("generated"):
        raise jobs.Failed(run.result.get("reason") or _("The AI did not return a usable text."), code="nothing_written")


def _task(run: Run, part: TranslationPart) -> Task | None:
    """The task, or None if the translation was written before, or is gone, or its original is."""
    rows = BlogPost.objects.select_related(*RELATED).filter(status=Status.GENERATING, job_id=run.job.pk)
    found = rows.filter(pk=part.post_id).first()
    if found is None or found.original is None:
        return None
    original = found.original
    settings = glossary.with_terms(part.settings, found.organization_id, found.project.content_profile_id)
    items = products.items_by_id(original.source_item_ids, original.organization_id)
    source = originals.content_of(original)
    facts = products.merge_facts(items, topic=original.topic)
    if part.way != NATIVE:
        facts = facts_of(facts, source, original.language)
    return Task(run, part, found, original, settings, source, facts, originals.digests(original))


def _write(task: Task) -> None:
    if not task.original.content.strip():
        return _fail(task, None, "post_is_empty", _("The original has no text."))
    if task.part.way == LETTERS:
        return _save(task, *_by_letters(task), rounds=None)
    access = model_access.access(task.post.organization, task.settings)
    due = Bill.of_settings(task.run, task.settings, own_key=access.own)
    try:
        prompt, judge, most = _native(task) if task.part.way == NATIVE else _translation(task)
    except AIPermanentError as fault:
        return _fail(task, None, fault.code, fault.detail)
    rounds, error = asyncio.run(post.ask(task, prompt, judge, most=most, access=access))
    if error is not None:
        due.write_off([task.work(rounds)])
        if isinstance(error, AIPermanentError) and not error.stops_job:
            return _fail(task, None, error.code, error.detail)
        raise post.broken_off(error, task.settings)
    try:
        best = rounds.best()
        if best is None:
            problem = rounds.problem
            code, reason = (
                (problem.code, problem.detail) if problem else ("failed", _("The AI did not return a usable text."))
            )
            return _fail(task, (due, rounds), code, reason)
        assert best.report is not None
        return _save(task, best.content, best.report, rounds=rounds, due=due)
    except jobs.JobStopped:
        due.write_off([task.work(rounds)])
        raise


# --- the ways


def _by_letters(task: Task) -> tuple[Json, CheckReport]:
    made = latin.content_of(task.source)
    report = checks.run(made, task.facts, plan.wanting(task.settings, task.source, task.original.language, ()))
    if lost := latin.cyrillic_words(task.source, made):
        reason = _("{field}: “{text}” has no Latin letters.", field=lost[0]["field"], text=lost[0]["text"])
        report = replace(report, flagged=True, reasons=[*report.reasons, reason])
    return made, report


def _translation(task: Task) -> tuple[Prompt, post.Judge[Json], int]:
    """The request for the keys of the part, and what judges its answer together with the texts that stay."""
    source, language = task.source, task.original.language
    keys = [key for key in task.part.keys if key in source]
    asked = plan.wanting(task.settings, source, language, keys)
    whole = plan.wanting(task.settings, source, language, ())
    here = originals.content_of(task.post) if task.part.keys else {}
    kept = {key: value for key, value in here.items() if key not in task.part.keys and key in source}
    told = terms.prompt_text(task.facts, task.settings.glossary)
    most = plan.quote_translation(task.original, task.settings, task.part.way, keys)
    allowed = frozenset(links.targets(str(source.get("description") or "")))

    def judge(data: Json) -> Draft[Json]:
        made = _accept(data, asked.wanted, allowed)
        found = {**kept, **made}
        return Draft(found, checks.run(found, task.facts, whole), made, frozenset(kept))

    return translating.build(task.facts, asked, terms=told), judge, most.tokens_max


def _native(task: Task) -> tuple[Prompt, post.Judge[Json], int]:
    """The request for an article of the same assignment, in the further language."""
    settings, original = task.settings, task.original
    items = products.items_by_id(original.source_item_ids, original.organization_id)
    check = checks.run if items else checks.check_without_source
    allowed = replace(settings, max_long_chars=article.LONGEST, max_short_chars=article.EXCERPT)
    assigned = prompts.assignment(task.post, items, [])
    most = prompts.quote(assigned, settings, rate=prices.rate_multiplier(original.organization))

    def judge(data: Json) -> Draft[Json]:
        draft = article.accept(data, links=task.post.product_links or {}, language=settings.language)
        found = post.as_content(draft)
        return Draft(found, check(found, task.facts, allowed), draft.as_data())

    return prompts.build(assigned, settings), judge, most.tokens_max


def _accept(data: Json, wanted: tuple[str, ...], allowed: frozenset[str]) -> Json:
    """The texts of an answer, cleaned. Only links of the original stay links. Raises Unusable for a text that is missing,
    empty or far too long."""
    if len(str(data)) > article.MOST_CHARACTERS:
        raise Unusable("too_long", _("The AI's answer is far too long."))
    found: Json = {}
    for key in wanted:
        value = data.get(key)
        if not isinstance(value, {"tags": list, "seo": dict}.get(key, str)):
            raise Unusable("schema", _("The AI's answer has no “{key}”.", key=key))
        if key == "tags":
            found[key] = list(dict.fromkeys(tag for row in value[:TAGS] if (tag := cut(plain_line(row), TAG))))
        elif key == "seo":
            found[key] = {part: text for part in originals.SEO if (text := cut(plain_line(value.get(part)), SEO))}
        elif key == "description":
            found[key] = content.sanitize(content.paragraphs(value), only_links=allowed)
        else:
            found[key] = cut(plain_line(value), TITLE if key == "name" else plan.EXCERPT)
        text = of_html(found[key]).strip() if key == "description" else found[key]
        if not text and key != "tags":
            raise Unusable("empty_field", _("The AI left “{key}” empty.", key=key))
    return found


# --- the result


def _save(
    task: Task,
    texts: Json,
    report: CheckReport,
    *,
    rounds: Rounds[Json] | None,
    due: Bill | None = None,
) -> None:
    rate = prices.rate_multiplier(task.post.organization)
    most = task.part.quoted_max
    xct = bill.price(rounds.kept, task.settings, rate=rate, quoted_max=most) if rounds else bill.ZERO
    with task.run.settling():
        rows = BlogPost.objects.select_for_update(no_key=True).filter(pk=task.post.pk, job_id=task.run.job.pk)
        found = rows.filter(status=Status.GENERATING).first()
        if found is None:  # deleted meanwhile
            if due is not None:
                due.write_off([task.work(rounds)])
            return
        found.organization, found.project = task.post.organization, task.post.project
        _set(found, task, texts)
        post.settle_status(found, task.part.status_before)
        found.unpublished_changes = found.unpublished_changes or found.is_remote
        found.xct_used += xct
        found.metadata = _metadata(task, report, xct)
        scores.remember(found)
        article.remember_structured_data(found)
        found.save()
        provenance.record_generation(found)
        if due is not None:
            due.settle([task.work(rounds, xct=xct)])
        _count(task, "generated", xct, flagged=report.flagged)
        told = {"post_id": str(found.pk), "title": found.title, "status": found.status, "language": found.language}
        task.run.emit("item", {**told, "xct_used": decimal(xct)})
        task.run.advance(1)


def _set(found: BlogPost, task: Task, texts: Json) -> None:
    found.title = cut(str(texts.get("name") or ""), TITLE)
    found.excerpt = str(texts.get("short_description") or "")
    found.content = content.sanitize(str(texts.get("description") or ""))
    found.tags = list(texts.get("tags") or [])
    found.seo_meta = {part: text for part in originals.SEO if (text := (texts.get("seo") or {}).get(part))}
    if not (found.slug and found.is_remote):  # what readers have bookmarked stays
        found.slug = slugify(found.title, found.language, limit=80)
    found.featured_image_url = found.featured_image_url or task.original.featured_image_url
    found.made_from, found.edited_at, found.last_error = task.made_from, None, ""


def _metadata(task: Task, report: CheckReport, xct: Decimal) -> Json:
    """What is kept of the writing. Letters have no model."""
    found: Json = {**report.as_dict(), "way": task.part.way, "settings": task.settings.as_dict()}
    if task.part.way != NATIVE:
        found["translated_from"] = task.original.language
    elif not task.original.source_item_ids:
        found["score"] = None
    if task.part.way != LETTERS:
        found |= {"ai_provider": task.settings.provider, "ai_model": task.settings.model}
    return {**found, "generated_at": utc(timezone.now()), "xct_used": decimal(xct)}


def _fail(task: Task, called: tuple[Bill, Rounds[Json]] | None, code: str, reason: str) -> None:
    """Note that this translation could not be written. The others go on."""
    with task.run.settling():
        if called is not None:
            due, rounds = called
            due.settle([task.work(rounds)])
        before = task.part.status_before if task.post.content else Status.FAILED
        rows = BlogPost.objects.filter(pk=task.post.pk, job_id=task.run.job.pk, status=Status.GENERATING)
        rows.update(status=before, **messages.columns(last_error=reason))
        _count(task, "failed", bill.ZERO)
        task.run.result["reason"] = reason
        told = {"post_id": str(task.post.pk), "language": task.post.language}
        task.run.emit("item_failed", {**told, "code": code, "reason": reason})
        task.run.advance(1)


def _count(task: Task, outcome: str, xct: Decimal, *, flagged: bool = False) -> None:
    result = task.run.result
    result[outcome] = result.get(outcome, 0) + 1
    result["flagged"] = result.get("flagged", 0) + int(flagged)
    result["xct_used"] = decimal(Decimal(result.get("xct_used") or 0) + xct)
    result["languages"] = {**result.get("languages", {}), task.post.language: outcome}
    result.setdefault("post_id", str(task.original.pk))
