"""The Content-Security-Policy of every reply. It limits what a browser may load, by kind of page.

Nothing is loaded from another host. The admin's Alpine.js evaluates expressions in attributes, so its pages need
`unsafe-eval`; no page needs inline scripts. Redoc searches in a worker made from a blob. The workbench needs neither
evaluation nor inline styles.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

CLOSED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
)
ADMIN = PAGE + "script-src 'self' 'unsafe-eval'"
WORKBENCH = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DOCUMENTS = PAGE + "script-src 'self'; worker-src 'self' blob:"


class ContentPolicy:
    """Adds the policy of the path: of the admin, the workbench, the API documents, or all other paths, which are not
    pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(request.path))
        return response


def policy_of(path: str) -> str:
    if path.startswith("/admin/"):
        return ADMIN
    if path == "/" or path.startswith("/app/"):
        return WORKBENCH
    return DOCUMENTS if path.startswith(("/api/docs", "/api/redoc")) else CLOSED
