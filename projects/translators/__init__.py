"""Texts in further languages that leave for translators as a file and come back. `export` writes the file, `intake` takes
it in, `AskedFile` says which file it is."""

from projects.translators.asked import AskedFile

__all__ = ["AskedFile"]
