"""A large catalogue for the benchmarks of files, and how much memory its handling takes."""

from __future__ import annotations

import csv
import random
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORDS = [
    "light",
    "steel",
    "bottle",
    "for",
    "cold",
    "drinks",
    "with",
    "a",
    "loop",
    "trail",
    "jacket",
    "čvrsta",
    "vodootporna",
    "šolja",
    "wool",
    "blanket",
    "and",
    "more",
]
HEADER = [
    "ID",
    "Type",
    "SKU",
    "Name",
    "Published",
    "Is featured?",
    "Visibility in catalog",
    "Short description",
    "Description",
    "Tax status",
    "In stock?",
    "Stock",
    "Backorders allowed?",
    "Weight (kg)",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Regular price",
    "Categories",
    "Tags",
    "Images",
    "Parent",
    "Attribute 1 name",
    "Attribute 1 value(s)",
    "Attribute 1 visible",
    "Attribute 1 global",
    "Attribute 2 name",
    "Attribute 2 value(s)",
    "Attribute 2 visible",
    "Attribute 2 global",
]


def write(path: Path, rows: int) -> None:
    """A WooCommerce export of `rows` simple products: HTML, quotes and commas in cells, as shops have them."""
    chosen = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for number in range(1, rows + 1):
            text = " ".join(chosen.choices(WORDS, k=40))
            writer.writerow(
                [
                    number,
                    "simple",
                    f"SKU-{number}",
                    f"Product {number}, {chosen.choice(WORDS)}",
                    1,
                    0,
                    "visible",
                    f"<p>{text[:80]}</p>",
                    f'<p>{text}</p>\\n<ul class="facts"><li>{text[:60]}</li></ul>',
                    "taxable",
                    1,
                    number % 50,
                    0,
                    "0.4",
                    10,
                    12,
                    27,
                    "19.90",
                    "Outdoor > Bottles, Outdoor",
                    "steel, trail",
                    f"https://shop.example/{number}.jpg, https://shop.example/{number}-b.jpg",
                    "",
                    "Material",
                    "steel, wool",
                    1,
                    1,
                    "Color",
                    "green",
                    1,
                    1,
                ]
            )


class Memory:
    """The peak of this process' resident memory while a block runs, above what it was before, in MiB."""

    def __init__(self) -> None:
        self.above = 0.0


@contextmanager
def memory() -> Iterator[Memory]:
    found, done = Memory(), threading.Event()
    idle = resident()

    def watch() -> None:
        while not done.wait(0.02):
            found.above = max(found.above, resident() - idle)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
