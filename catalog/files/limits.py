"""Limits of the size and contents of a file."""

import os
from typing import BinaryIO

from scribe.errors import TooLarge
from scribe.messages import _

MIB = 1024 * 1024

MAX_FILE = 200 * MIB
MAX_TRANSLATIONS = 50 * MIB  # a translators' file, whose rows are held in memory
MAX_UNPACKED = 200 * MIB  # an XLSX, unpacked
MAX_ROWS = 1_000_000
MAX_BLANK_ROWS = 1_100_000  # spreadsheets write a sheet's empty rows, of which there are up to 1,048,576
MAX_BLANK_CELLS = 4_000_000  # in rows of a sheet that have nothing else
MAX_COLUMNS = 1_000
MAX_CELL = 2 * MIB
MAX_RECORD = 8 * MIB
MAX_VIEWS = 500  # store views of one file that are looked at; rows of any others are items of their own
MAX_FAULTS = 1_000  # errors kept per file, and as many warnings; all are counted
MAX_EXTERNAL_ID = 255


def check_size(file: BinaryIO, most: int) -> int:
    """The bytes of `file`, which stands at its beginning then. Raises TooLarge for more than `most`."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    if size > most:
        raise TooLarge(
            _("The file is larger than {most} MiB. Split it and upload the parts.", most=most // MIB),
            code="file_too_large",
        )
    return size
