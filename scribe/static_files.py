"""Static files: compressed, under names with a hash of their content, which browsers keep for a year.

`manage.py collectstatic` makes them, as the image's build does. Without it (a bare machine, the tests) the files are served
from where they lie, under their plain names.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    #: Stylesheets and scripts of packages name a few source maps that the packages leave out.
    manifest_strict = False
    #: Our modules import each other: the names in them get their hashes, too.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        return str(super().stored_name(name)) if self.hashed_files else name

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:  # a file names another that is not there: leave the name as it is
            return name

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compressed files as readable as those they were made of, whatever the umask is."""
        for name, compressed in super().compress_files(paths):
            if self.file_permissions_mode is not None:
                Path(self.path(compressed)).chmod(self.file_permissions_mode)
            yield name, compressed
