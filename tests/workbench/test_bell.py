"""What pages tell of what goes on elsewhere: the bell, work under way, and mails that lead to results."""

from __future__ import annotations

from typing import Any

from accounts import notifications
from accounts.models import MailMessage, User
from scribe import jobs
from scribe.models import Job
from tests.workbench.visiting import Visitor


def test_the_bell_has_a_number_and_running_work_is_seen_from_every_page(desk: Any) -> None:
    part = desk.owner.part("bell")
    assert "at-work" not in part
    notifications.notify(organization=desk.cast.organization, event="job.finished", title="A", users=[desk.cast.owner])
    job = jobs.create(job_type="verify", organization=desk.cast.organization, project=desk.project, total=50)
    Job.objects.filter(pk=job.pk).update(progress_current=19)
    part = desk.owner.part("bell")
    assert f'href="/app/projects/{desk.project.pk}/jobs/{job.pk}">Comparison with the store 38 %</a>' in part
    assert ">1</span>" in part
    assert 'hx-get="/app/bell"' in desk.owner.get("account/people")
    assert Visitor().part("bell") == ""  # nobody is sent away from words that are not saved


def test_a_mail_about_finished_work_leads_to_its_result(desk: Any, settings: Any) -> None:
    settings.FRONTEND_URL = "https://scribe.example.com/app"
    User.objects.filter(pk=desk.cast.owner.pk).update(mail_system_alerts=True)
    for result, words, path in (
        ({"generated": 5, "flagged": 12}, "Review 12 flagged texts", "review?status=flagged"),
        ({"generated": 5}, "Review the texts", "review"),
        ({}, "See the result", "jobs/{job}"),
    ):
        job = jobs.create(job_type="verify", organization=desk.cast.organization, project=desk.project)
        job.result = result
        notifications.notify_of_end(job, jobs.JobNotice("Texts were written"))
        sent = MailMessage.objects.latest("created_at")
        link = f"https://scribe.example.com/app/projects/{desk.project.pk}/{path.format(job=job.pk)}"
        assert f"{words}: {link}" in sent.text
        assert f'href="{link}"' in sent.html
