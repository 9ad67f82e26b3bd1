"""The one job engine. docs/explanation/jobs.md describes it. Every app registers its kinds of job here."""

from scribe.jobs.lifecycle import cancel, cancel_all, create, hurry, retry, send
from scribe.jobs.registry import JobKind, JobNotice, keep_organizations, keep_projects, notify_by, register
from scribe.jobs.run import Failed, JobStopped, Run, TryAgain
from scribe.jobs.worker import work
