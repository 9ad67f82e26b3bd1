from scribe.api.idempotency_models import IdempotencyKey
from scribe.api.rate_limit_models import RateLimit
from scribe.audit.models import AuditEntry
from scribe.jobs.models import Job, JobEvent

__all__ = ["AuditEntry", "IdempotencyKey", "Job", "JobEvent", "RateLimit"]
