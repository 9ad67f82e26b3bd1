"""Mail that is written into a folder instead of being sent: letters hold links that sign in, so only their owner may read
them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased

from scribe.local.addresses import private


class EmailBackend(filebased.EmailBackend):
    """One file (0600) for each connection, in a folder (0700) that is made when it is missing. A folder that stood outside of
    DATA_DIR before keeps its own mode."""

    def __init__(self, *arguments: Any, file_path: str | None = None, **more: Any) -> None:
        folder = Path(file_path or settings.EMAIL_FILE_PATH or settings.MAIL_DIR)
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif folder.is_relative_to(settings.DATA_DIR) and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)
        super().__init__(*arguments, file_path=str(folder), **more)

    def open(self) -> bool:
        if self.stream is not None:
            return False
        # The mode goes with the creation: there is no moment at which others could open it.
        self.stream = open(self._get_filename(), "ab", opener=private)  # noqa: SIM115 - closed by `close`
        return True
