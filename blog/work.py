"""The job `blog_generation`: write a post and its translations, make an image for a post, or suggest an image's alternative
text."""

from blog import alt_texts, image_jobs
from blog.models import BlogPost
from blog.payload import WorkPayload, title_of
from blog.translations import job as translations
from blog.translations import write
from blog.writing import job as writing
from blog.writing import post
from scribe.jobs import JobNotice, Run
from scribe.messages import _
from scribe.models import Job


def _post(run: Run) -> None:
    post.write(run)
    write.run(run)


KINDS = {
    "post": _post,
    "translations": write.run,
    "stock_image": image_jobs.take_stock,
    "ai_image": image_jobs.generate,
    "alt_text": alt_texts.write,
}


def run(run: Run) -> None:
    KINDS[WorkPayload.of(run.job).work](run)


def close(job: Job) -> None:
    """Release what the job held, in the transaction that ends it."""
    writing.close(job)
    translations.close(job)


def end_notice(job: Job) -> JobNotice | None:
    """The notice of the end of a post, or of its translations."""
    work = WorkPayload.of(job).work
    if work not in ("post", "translations") or job.status == Job.Status.CANCELLED:
        return None
    row = BlogPost.objects.filter(pk=writing.PostAsked.of(job).post_id).first()
    if row is None:
        return None
    name, done = title_of(row), job.status != Job.Status.FAILED  # a post's translations may have failed
    if work == "post":
        title = _("“{name}” is ready", name=name) if done else _("“{name}” could not be generated", name=name)
    else:
        title = _("“{name}” is translated", name=name) if done else _("“{name}” could not be translated", name=name)
    return JobNotice(title, data={"post_id": str(row.pk)})
