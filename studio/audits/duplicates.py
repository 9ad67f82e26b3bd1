"""Find near duplicates among many texts, in time that grows linearly with their number, not with its square.

Each text is a set of hashed three-word shingles. Two texts are duplicates when they share at least 90 % of the shingles
of the longer one. Candidates come from MinHash signatures cut into bands (LSH): duplicates agree in some band with a
probability above 99.9 %. Candidate pairs are then compared exactly. In a crowded band a text is compared with a few
representatives only, so that thousands of texts from one template stay cheap.
"""

import zlib
from array import array
from collections.abc import Sequence

SHARE = 0.9
WIDTH = 3  # words in a shingle
MOST = 2000  # shingles kept of one text
BINS = 96
BANDS, ROWS = 24, 4
REPRESENTATIVES = 8
_MIX = 0x9E3779B1


def shingles(words: Sequence[str]) -> bytes:
    """The hashed shingles of a text, packed as 32-bit integers. b"" for a text without words."""
    parts = [word.lower().encode() for word in words]
    if not parts:
        return b""
    if len(parts) < WIDTH:
        hashes = {zlib.crc32(b" ".join(parts))}
    else:
        hashes = set(map(zlib.crc32, map(b" ".join, zip(*(parts[at:] for at in range(WIDTH)), strict=False))))
    kept = sorted(hashes)
    if len(kept) > MOST:  # the smallest hashes are a fair sample, and equal texts have the same
        kept = kept[:MOST]
    return array("I", kept).tobytes()


def unpack(packed: bytes) -> frozenset[int]:
    values = array("I")
    values.frombytes(packed)
    return frozenset(values)


def alike(one: frozenset[int], other: frozenset[int]) -> bool:
    longer = max(len(one), len(other))
    if min(len(one), len(other)) < SHARE * longer:
        return False
    return len(one & other) >= SHARE * longer


def signature(hashes: frozenset[int]) -> list[int]:
    """One-permutation MinHash: the least hash in each bin. An empty bin takes the value of the next filled one."""
    bins = [0] * BINS
    for value in hashes:
        mixed = (value * _MIX) & 0xFFFFFFFF
        at = mixed % BINS
        rank = (mixed >> 7) + 1
        if not bins[at] or rank < bins[at]:
            bins[at] = rank
    if not all(bins):
        filled = list(bins)
        for at in range(BINS):
            step = 1
            while not filled[at] and step < BINS:
                filled[at] = bins[(at + step) % BINS] and bins[(at + step) % BINS] + step * 0x1F123BB5
                step += 1
        bins = filled
    return bins


def find(texts: Sequence[bytes]) -> set[int]:
    """The indexes of texts with a duplicate among `texts`, given as packed shingles. Empty ones have no duplicate."""
    first_of: dict[bytes, int] = {}
    found: set[int] = set()
    distinct: list[int] = []
    for index, packed in enumerate(texts):
        if not packed:
            continue
        same = first_of.setdefault(packed, index)
        if same == index:
            distinct.append(index)
        else:  # equal shingles
            found.update((index, same))
    bands = [array("Q") for _ in range(BANDS)]
    for index in distinct:
        bins = signature(unpack(texts[index]))
        for band in range(BANDS):
            bands[band].append(hash(tuple(bins[band * ROWS : (band + 1) * ROWS])) & 0xFFFFFFFFFFFFFFFF)
    near: set[int] = set()
    for column in bands:
        _compare(column, distinct, texts, near)
    found |= near
    # A text that equals a text with a near duplicate has the same near duplicate.
    return found | {index for index, packed in enumerate(texts) if packed and first_of[packed] in near}


def _compare(band: "array[int]", distinct: list[int], texts: Sequence[bytes], near: set[int]) -> None:
    buckets: dict[int, list[int]] = {}
    for place, key in enumerate(band):
        index = distinct[place]
        others = buckets.get(key)
        if others is None:
            buckets[key] = [index]
            continue
        mine = unpack(texts[index])
        for other in others:
            if (index not in near or other not in near) and alike(mine, unpack(texts[other])):
                near.update((index, other))
        if len(others) < REPRESENTATIVES:
            others.append(index)
