"""Spans of Celery's messages and tasks. A message carries the context of its sender; a task goes on in that trace."""

from contextlib import AbstractContextManager

from scribe import traces

HEADER = "traceparent"
_open: dict[str, tuple[AbstractContextManager[traces.Span], traces.Span]] = {}


def sending(task: str, queue: str | None) -> AbstractContextManager[traces.Span]:
    """A span around the sending of a message."""
    about = {
        "messaging.system": "celery",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": queue,
    }
    return traces.span(f"send {task}", "producer", about)


def headers() -> dict[str, str]:
    found = traces.context()
    return {HEADER: found} if found else {}


def start(task_id: str, task: object) -> None:
    """Open the span of a task. `end` closes it, in the same thread."""
    if traces.live is None:
        return
    request = getattr(task, "request", None)
    sent = str((getattr(request, "headers", None) or {}).get(HEADER) or getattr(request, HEADER, "") or "")
    delivery = getattr(request, "delivery_info", None) or {}
    about = {
        "messaging.system": "celery",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": delivery.get("routing_key"),
        "messaging.message.id": task_id,
    }
    manager = traces.span(f"process {getattr(task, 'name', '')}", "consumer", about, within=sent)
    _open[task_id] = manager, manager.__enter__()


def finish(task_id: str, state: str | None) -> None:
    manager, span = _open.pop(task_id, (None, traces.QUIET))
    if manager is not None:
        if state == "FAILURE":
            span.fail("task_failed")
        manager.__exit__(None, None, None)
