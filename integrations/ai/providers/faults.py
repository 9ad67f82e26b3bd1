"""The SDKs' exceptions as ours. Both SDKs use the same names, and their exceptions carry status, headers and a code."""

import re
from collections.abc import Mapping

from integrations.ai.errors import AIError, AIPermanentError, AITransientError
from integrations.ai.providers import http
from scribe.http import client
from scribe.messages import _

STOPS_JOB = {
    401: ("provider_key_rejected", _("The AI provider rejected the API key. Check the key.")),
    402: ("provider_credit_exhausted", _("The account with the AI provider has no credit left. Top it up there.")),
    403: ("provider_key_rejected", _("The API key has no access to this AI model. Choose another model or key.")),
    404: ("provider_model_unknown", _("The AI provider does not offer this model. Choose another one.")),
}
MOST_CHARACTERS = 5000
# Gemini answers a wrong key by 400 INVALID_ARGUMENT, "API key not valid": https://ai.google.dev/gemini-api/docs/troubleshooting
_BAD_KEY = re.compile(r"API[_ ]KEY[_ ](?:IS[_ ])?(?:INVALID|NOT[_ ]VALID|EXPIRED|NOT[_ ]FOUND)", re.IGNORECASE)
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "credit_balance_too_low"})


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from `retry-after-ms` or `retry-after` (seconds or an HTTP date), None when absent or unreadable."""
    if milliseconds := client.retry_after(headers.get("retry-after-ms")):
        return milliseconds / 1000
    return client.retry_after(headers.get("retry-after"))


def names_the_key(status: int, text: str) -> bool:
    """Whether an answer with the status 400 says that the key is wrong, rather than the request."""
    return status == 400 and _BAD_KEY.search(text[:MOST_CHARACTERS]) is not None


def translate(error: Exception, provider: str) -> AIError:
    """An SDK exception as AITransientError or AIPermanentError, without the vendor's texts: they may quote the key."""
    status = getattr(error, "status_code", None)
    if status is None:
        if isinstance(error.__cause__, http.AnswerTooLong):
            return AITransientError(
                _("The AI provider's answer is too long."), code="provider_answer_too_long", provider=provider
            )
        if "Timeout" in type(error).__name__:
            return AITransientError(
                _("The AI provider took too long to answer."), code="provider_timeout", provider=provider
            )
        return AITransientError(
            _("The AI provider could not be reached."), code="provider_unreachable", provider=provider
        )
    headers = getattr(getattr(error, "response", None), "headers", {})
    code = str(getattr(error, "error_code", None) or getattr(error, "code", None) or "")
    if names_the_key(status, str(getattr(getattr(error, "response", None), "text", ""))):
        status = 401
    if status in STOPS_JOB:
        name, detail = STOPS_JOB[status]
        return AIPermanentError(detail, code=name, provider=provider, stops_job=True)
    if status == 429:
        if code in _NO_CREDIT:
            name, detail = STOPS_JOB[402]
            return AIPermanentError(detail, code=name, provider=provider, stops_job=True)
        return AITransientError(
            _("The AI provider is limiting our requests. We will try again shortly."),
            code="provider_rate_limited",
            retry_after=retry_after(headers),
            provider=provider,
            throttled=True,
        )
    if status == 529:
        return AITransientError(
            _("The AI provider is overloaded."),
            code="provider_overloaded",
            retry_after=retry_after(headers),
            provider=provider,
            throttled=True,
        )
    if status >= 500 or status in (408, 409, 425):
        return AITransientError(
            _("The AI provider failed with status {status}.", status=status),
            code="provider_unavailable",
            retry_after=retry_after(headers),
            provider=provider,
        )
    if status == 413 or "context_length" in code:
        return AIPermanentError(
            _("The request is too long for this AI model. Choose another model or shorten the instructions."),
            code="prompt_too_long",
            provider=provider,
        )
    return AIPermanentError(
        _("The AI provider refused the request with status {status}.", status=status), provider=provider
    )
