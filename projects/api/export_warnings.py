"""Response headers that tell what an export could not keep."""

from __future__ import annotations

from django.http import FileResponse

from scribe.marks import normalize


def tell(response: FileResponse, warnings: list[str], letters: str = "") -> None:
    """Add `X-Export-Warnings` and an HTTP `Warning` of the same text, in ASCII on one line. `letters` were replaced."""
    if not warnings:
        return
    text = "; ".join(warnings) + (f": {letters}" if letters else "")
    text = normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = "".join(sign if sign.isprintable() and sign not in '"\\' else " " for sign in text)
    response["X-Export-Warnings"] = text
    response["Warning"] = f'214 xc-scribe "{text}"'
