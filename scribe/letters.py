"""Write mail into a folder instead of sending it. Mails contain links that sign in, so only the owner may read the files."""

import os
from pathlib import Path

from django.conf import settings
from django.core.mail.backends import filebased

from scribe.local.addresses import private


class EmailBackend(filebased.EmailBackend):
    """Writes one file (0600) per connection, into a folder (0700) that is created if it is missing. An existing folder
    outside of DATA_DIR keeps its mode."""

    def __init__(self, *arguments: object, file_path: str | None = None, **more: object) -> None:
        folder = Path(file_path or getattr(settings, "EMAIL_FILE_PATH", None) or settings.MAIL_DIR)
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif folder.is_relative_to(settings.DATA_DIR) and folder.stat().st_uid == os.geteuid():
            folder.chmod(0o700)
        super().__init__(*arguments, file_path=str(folder), **more)  # type: ignore[misc, arg-type]  # nobody gives it twice

    def open(self) -> bool:
        if self.stream is not None:
            return False
        # The file is created with its mode, so others can never open it.
        self.stream = open(self._get_filename(), "ab", opener=private)  # noqa: SIM115 - closed by `close`
        return True
