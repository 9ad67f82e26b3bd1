"""How a call can fail. No SDK or HTTP type gets out of `integrations.ai`."""

from scribe.messages import _


class AIError(Exception):
    """Base. The message is one plain sentence for the user, without key, URL or body of the vendor."""

    code = "ai_error"

    def __init__(self, detail: str, *, code: str = "", provider: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.provider = provider


class AITransientError(AIError):
    """It may work later: rate limit, overload, outage, time-out. `retry_after` is the wait in seconds, if known.

    `throttled`: we were too fast (429, 529), so the limiter slows down. Other errors count for the circuit breaker.
    """

    code = "provider_unavailable"

    def __init__(
        self,
        detail: str,
        *,
        retry_after: float | None = None,
        code: str = "",
        provider: str = "",
        throttled: bool = False,
    ) -> None:
        super().__init__(detail, code=code, provider=provider)
        self.retry_after = retry_after
        self.throttled = throttled


class AIPermanentError(AIError):
    """Trying again does not help. `stops_job`: the next item would fail, too (bad key, no credit, unknown model)."""

    code = "provider_refused_request"

    def __init__(self, detail: str, *, code: str = "", provider: str = "", stops_job: bool = False) -> None:
        super().__init__(detail, code=code, provider=provider)
        self.stops_job = stops_job


class CallStopped(AIError):
    """The caller's `stop()` returned true, and the request was given up."""

    code = "stopped"

    def __init__(self, detail: str = _("The job was stopped.")) -> None:
        super().__init__(detail)
