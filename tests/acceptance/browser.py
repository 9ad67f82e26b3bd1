"""Debian's Chromium, headless, watched: whatever a page logs as an error or loads from elsewhere fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--force-color-profile=srgb",
]  # fmt: skip
WIDTHS = {"wide": (1440, 900), "narrow": (390, 844)}

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed: run tests/acceptance/install.sh to try the pages in a browser."
)


class Browser:
    """One page, at one width after another, and what went wrong on it."""

    def __init__(self, page: Any, url: str, pictures: Path | None) -> None:
        self.page, self.url, self.pictures = page, url, pictures
        self.faults: list[str] = []
        self.forgiven: tuple[str, ...] = ()  # parts of what the test itself brings about
        page.on(
            "console", lambda message: self.note(message.type == "error", f"console: {message.text} {message.location}")
        )
        page.on("pageerror", lambda error: self.note(True, f"script: {error}"))
        page.on(
            "request", lambda request: self.note(self.foreign(request.url), f"loaded from elsewhere: {request.url}")
        )

    def note(self, bad: bool, text: str) -> None:
        if bad and not any(part in text for part in self.forgiven):
            self.faults.append(f"{self.page.url}: {text}")

    def foreign(self, url: str) -> bool:
        return url.startswith("http") and urlsplit(url).netloc != urlsplit(self.url).netloc

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def sign_in(self, cookie: str) -> None:
        """Have the cookies of `name=value; …`, and no others."""
        self.page.context.clear_cookies()
        pairs = [pair.split("=", 1) for pair in cookie.split("; ") if pair]
        self.page.context.add_cookies(
            [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/app/"} for name, value in pairs]
        )

    def picture(self, name: str) -> None:
        """The page as it is now, at both widths, if anybody wants pictures; it must not be wider than the window."""
        for width, (across, down) in WIDTHS.items():
            self.page.set_viewport_size({"width": across, "height": down})
            self.page.wait_for_timeout(350)  # charts and the sidebar take the new width
            real = self.page.evaluate("document.documentElement.scrollWidth")
            assert real <= across, f"{name} is {real} px wide on {across}"
            if self.pictures is not None:
                self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        across, down = WIDTHS["wide"]
        self.page.set_viewport_size({"width": across, "height": down})

    def check(self) -> None:
        assert not self.faults, "\n".join(self.faults)


@contextmanager
def browser(url: str, **options: Any) -> Iterator[Browser]:
    """A fresh profile. BACKOFFICE_PICTURES is a folder for pictures. `options`: those of the browser's context, such as
    `locale`."""
    from playwright.sync_api import sync_playwright

    pictures = Path(wanted) if (wanted := os.environ.get("BACKOFFICE_PICTURES")) else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = running.new_context(viewport={"width": 1440, "height": 900}, **options)
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield Browser(page, url, pictures)
        running.close()
