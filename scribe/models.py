from scribe.api.models import IdempotencyKey, RateLimit
from scribe.audit.models import AuditEntry
from scribe.backups import Backup
from scribe.counts import Count
from scribe.jobs.models import Job, JobEvent, JobHelper
from scribe.outbox.models import Event
from scribe.stored_files import StoredFile
from scribe.worker_files import WorkerFile
