"""The data that the account bot may know: those of a verified person's organization, and of no other."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from billing.models import Wallet
from projects.models import ContentItem, Project
from scribe.api.fields import decimal, utc
from scribe.ids import parse
from scribe.models import Job

MOST = 10


def of(identifier: str) -> User | None:
    """The active user whose id is a verified contact's `identifier`, or None."""
    found = parse(identifier)
    if found is None:
        return None
    return User.objects.filter(pk=found, is_active=True).select_related("organization").first()


def facts(user: User) -> dict[str, Any]:
    """Plan, balance in XCT, latest jobs and projects of the user's organization, as the bot may tell them."""
    wallet = Wallet.objects.select_related("plan").get(organization_id=user.organization_id)
    jobs = Job.objects.of(user.organization_id).select_related("project")[:MOST]
    projects = Project.objects.of(user.organization_id).kept().order_by("-updated_at")[:MOST]
    return {
        "organization": user.organization.name,
        "plan": wallet.plan.name,
        "balance_xct": decimal(wallet.total_balance),
        "available_xct": decimal(wallet.available),
        "jobs": [
            {
                "type": job.job_type,
                "status": job.status,
                "project": job.project.name if job.project else None,
                "progress": f"{job.progress_current} of {job.progress_total}",
                "created_at": utc(job.created_at),
                "error": job.error or None,
            }
            for job in jobs
        ],
        "projects": [
            {
                "name": project.name,
                "platform": project.platform,
                "status": project.status,
                "items": ContentItem.objects.filter(project=project).count(),
            }
            for project in projects
        ],
    }
