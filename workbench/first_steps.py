"""The steps from an empty account to the first text in the shop, and how far one is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects import sample_catalogue
from projects.models import ContentItem, Project
from projects.summaries import ProjectCounts
from scribe.api.access import MEMBERS, admits
from scribe.models import Job
from workbench import cookies
from workbench.pages import PageRequest
from writing import images

Status = ContentItem.Status
HIDDEN = "hidden"
#: What each step is, why, and what its button says.
STEPS = (
    (_("Add your products"), _("From a file, or straight from your store."), _("Add products")),
    (_("Generate the first texts"), _("You see the price before anything is written."), _("Generate")),
    (_("Review and approve"), _("Claims without a source are marked in red."), _("Review")),
    (_("Connect your store"), _("WooCommerce, Shopify or Magento. Nothing is changed yet."), _("Connect")),
    (_("Send the first text to your store"), _("One click takes it back."), _("Send to store")),
)


@dataclass(frozen=True, slots=True)
class Step:
    title: Promise
    text: Promise
    action: Promise
    url: str = ""
    done: bool = False
    due: bool = False  # the first one that is not done


def first_steps(request: PageRequest, found: Sequence[tuple[Project, ProjectCounts, list[object]]]) -> list[Step]:
    """The steps for whoever may take them, by the projects with their counts and first pictures, the newest first. None
    once a text is in the shop, and for those who have hidden them. The sample is no project of one's own."""
    user = request.user
    if user is None or not admits(MEMBERS, user.role) or cookies.read(request, cookies.STEPS) == HIDDEN:
        return []
    own = [(project, counts) for project, counts, pictures in found if not is_sample(pictures)]
    if not own and user.project_limits:
        return []  # who may not add a project
    project = max(own, key=lambda one: one[1].items > 0)[0] if own else None
    total = {status: sum(counts.by_status[status] for _project, counts in own) for status in Status.values}
    approved = total[Status.APPROVED] + total[Status.SYNCED]
    done = (
        bool(sum(counts.items for _project, counts in own)),
        bool(approved + total[Status.GENERATED] + total[Status.FLAGGED] + total[Status.REJECTED]),
        bool(approved),
        any(one.store_connection_id for one, _counts in own),
        bool(total[Status.SYNCED]) or was_sent(user, [one for one, _counts in own]),
    )
    if done[-1]:
        return []
    pages = ("source-new", "write", "review", "store", "store")
    urls = [reverse(f"workbench:{page}", args=[project.pk]) for page in pages] if project else []
    urls = urls or [reverse("workbench:project-new")] + [""] * (len(pages) - 1)
    due = done.index(False)
    return [Step(*words, url=urls[number], done=done[number], due=number == due) for number, words in enumerate(STEPS)]


def was_sent(user: User, projects: Sequence[Project]) -> bool:
    """Whether a text of these projects ever went to the store: one that is generated anew is pending meanwhile."""
    syncs = Job.objects.visible_to(user).filter(project__in=projects, job_type=Job.Type.SYNC)
    return syncs.filter(result__synced__gt=0).exists()


def is_sample(pictures: list[object]) -> bool:
    """Whether these are pictures of the sample catalogue."""
    return any(sample_catalogue.is_example(one) for held in pictures for one in images.addresses(held))
