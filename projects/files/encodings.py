"""Detect a text file's encoding: by its BOM, by mostly valid UTF-8, by the places of NULs, else by the letters it shows.

The Windows code pages share most bytes, so a guess weighs two things. One is the number of non-ASCII letters that belong
to one language's alphabet (č š ž together are Serbian, è š ž fit no language). The other is the number of that language's
short ASCII words in the text, which read the same in every code page.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from projects.files.headers import normalise
from projects.files.limits import MIB
from projects.files.vocabulary import GENERIC_LABELS, WOOCOMMERCE_LABELS
from scribe.errors import InvalidInput, UnsupportedMedia

CHUNK = MIB
SAMPLE = 256 * 1024


@dataclass(frozen=True)
class Encoding:
    """`name` is the Python codec that decodes the whole file, `codec` the one for text after the `bom`."""

    name: str
    codec: str
    bom: bytes = b""

    @property
    def wide(self) -> bool:
        """UTF-16 and UTF-32 are scanned through a UTF-8 copy; all others byte by byte as they are."""
        return self.codec.startswith(("utf-16", "utf-32"))

    @property
    def scan_codec(self) -> str:
        return "utf-8" if self.wide else self.codec


UTF8 = Encoding("utf-8", "utf-8")

BOMS = (
    Encoding("utf-32", "utf-32-le", codecs.BOM_UTF32_LE),
    Encoding("utf-32", "utf-32-be", codecs.BOM_UTF32_BE),
    Encoding("utf-8-sig", "utf-8", codecs.BOM_UTF8),
    Encoding("utf-16", "utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("utf-16", "utf-16-be", codecs.BOM_UTF16_BE),
)

# Language: its code pages, its letters beyond ASCII, and short words of it that are plain ASCII.
LATIN_WEST = ("cp1252",)
LATIN_EAST = ("cp1250", "iso8859_2")
CYRILLIC = ("cp1251",)
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
LANGUAGES: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("en", LATIN_WEST, "éèêïôñç", "the and of for with from is this in to"),
    ("de", LATIN_WEST, "äöüßéà", "und der die das mit aus ein eine ist von zu im den auf"),
    ("fr", LATIN_WEST, "éèêëàâçîïôûùœ", "le la les de des et un une pour avec dans en est sur du"),
    ("es", LATIN_WEST, "áéíóúñü", "el la los las de del con para una un en es que por y"),
    ("pt", LATIN_WEST, "áàâãçéêíóôõú", "de da do dos das com para um uma em que os as por e"),
    ("it", LATIN_WEST, "àèéìòù", "il la di del della con per un una che in gli le da"),
    ("nl", LATIN_WEST, "éëïèöü", "de het een van en met voor is op in te"),
    ("sv", LATIN_WEST, "åäöé", "och att det en som med av till den i"),
    ("da", LATIN_WEST, "æøåé", "og til en med af det er i den for"),
    ("sr-Latn", LATIN_EAST, "čćšžđ", "je i za od sa na u su se iz po do koji ili"),
    ("pl", LATIN_EAST, "ąćęłńóśźż", "i w na z do jest dla od oraz ze po nie"),
    ("cs", LATIN_EAST, "áčďéěíňóřšťúůýž", "a v na se je pro s z do od ve k"),
    ("sk", LATIN_EAST, "áäčďéíĺľňóôŕšťúýž", "a v na sa je pre s z do od vo k"),
    ("hu", LATIN_EAST, "áéíóöőúüű", "a az egy van meg nem is hogy ezt"),
    ("ro", LATIN_EAST, "ăâîşţ", "de la cu din pentru un o pe este care si"),
    ("ru", CYRILLIC, RUSSIAN, ""),
    ("uk", CYRILLIC, "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", ""),
    ("bg", CYRILLIC, "абвгдежзийклмнопрстуфхцчшщъьюя", ""),
    ("sr", CYRILLIC, "абвгдђежзијклљмнњопрстћуфхцчџш", ""),
    ("mk", CYRILLIC, "абвгдѓежзѕијклљмнњопрстќуфхцчџш", ""),
)
CODE_PAGES = ("cp1252", "cp1250", "cp1251", "iso8859_2")
# Signs that any language may use. They are evidence for a code page that has them, but not for an alphabet.
PLAIN_SIGNS = set("€‚„…†‡‰‹‘’“”•–—™› ¦§©«¬®°±¶·»²³¼½¾×÷¿¡")


def detect(file: BinaryIO) -> Encoding:
    """Detect the encoding of a text file. Raises UnsupportedMedia for bytes that are not text."""
    file.seek(0)
    head = file.read(SAMPLE)
    stripped = head.lstrip(b" \t\r\n")  # a BOM can sit after stray white space
    for candidate in BOMS:
        if stripped.startswith(candidate.bom) and not (candidate.wide and stripped != head):
            _check(file, candidate)
            return candidate
    if wide := _wide_without_bom(head):
        _check(file, wide)
        return wide
    if b"\0" in head:
        raise UnsupportedMedia("The file is not a text file.", code="binary_file")
    if _is_valid(file, "utf-8"):
        return UTF8
    sample = _telling_sample(file)
    if _is_mostly_utf8(sample):
        return UTF8
    page = guess_code_page(sample)
    return Encoding(page, page)


def is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(sample: bytes) -> bool:
    """Whether most lines with letters beyond ASCII are UTF-8. One pasted line or one cut letter must not turn all other
    letters of the file into gibberish."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    return 2 * sum(map(is_utf8, lines)) > len(lines)


def _wide_without_bom(head: bytes) -> Encoding | None:
    """UTF-16 without a BOM has NULs in every other place."""
    odd, even = head[1:4096:2].count(0), head[0:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    if odd > half * 0.6 and even < half * 0.05:
        return Encoding("utf-16-le", "utf-16-le")
    if even > half * 0.6 and odd < half * 0.05:
        return Encoding("utf-16-be", "utf-16-be")
    return None


def _check(file: BinaryIO, encoding: Encoding) -> None:
    if not _is_valid(file, encoding.codec):
        raise InvalidInput(
            f"The file says it is {encoding.name}, but some of its bytes are not.", code="undecodable_file"
        )


def _is_valid(file: BinaryIO, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_sample(file: BinaryIO) -> bytes:
    """The head of the file and the stretches after it that hold bytes beyond ASCII, up to a quarter MiB."""
    file.seek(0)
    parts = [file.read(16 * 1024)]
    size = len(parts[0])
    while size < SAMPLE and (chunk := file.read(CHUNK)):
        for line in re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", chunk):
            parts.append(line[:2048])
            size += len(parts[-1])
            if size >= SAMPLE:
                break
    return b"\n".join(parts)


def guess_code_page(sample: bytes) -> str:
    """The likeliest of the Windows code pages (and ISO-8859-2) for this stretch of text."""
    words = Counter(re.findall(rb"(?<![\x80-\xff\w])[a-z]{1,6}(?![\x80-\xff\w])", sample.lower()))
    total = sum(words.values()) or 1
    best, best_score = "cp1252", -1.0
    for page in CODE_PAGES:
        score = _plausibility(sample, page, words, total)
        if score > best_score + 1e-9:
            best, best_score = page, score
    return best


def _plausibility(sample: bytes, page: str, words: Counter[bytes], total: int) -> float:
    text = sample.decode(page, "replace")
    letters = Counter(re.findall(r"[^\x00-\x7f]", text))
    signs = sum(n for sign, n in letters.items() if sign in PLAIN_SIGNS)
    odd = sum(n for sign, n in letters.items() if not sign.isalpha() and sign not in PLAIN_SIGNS)
    # A wrong code page puts capitals into the middle of lower-case words ("hr¹kTá").
    broken_case = len(re.findall(r"[a-zà-žа-яђ-џ][À-ŽА-ЯЂ-Џ](?=[a-zà-žа-яђ-џ])", text))
    alphabetic = {letter.lower(): 0 for letter in letters if letter.isalpha()}
    for letter, n in letters.items():
        if letter.isalpha():
            alphabetic[letter.lower()] += n
    count = sum(alphabetic.values())
    mixed = len(re.findall(r"[a-zA-Z][а-яёА-ЯЁђ-џЂ-Џ]|[а-яёА-ЯЁђ-џЂ-Џ][a-zA-Z]", text))  # no word mixes two scripts
    mixed += len(
        re.findall(r"(?<![а-яё])(?![авикосуяіАВИКОСУЯІ])[ЂЃЉЊЌЋЏђѓљњќћџа-яё](?![а-яёА-ЯЁ])", text)
    )  # nor does it stand alone
    penalty = (2 * odd + 2 * broken_case + 2 * mixed) / (count + signs + odd or 1)
    best = 0.0
    for _, pages, alphabet, short in LANGUAGES:
        if page not in pages:
            continue
        known = sum(n for letter, n in alphabetic.items() if letter in alphabet)
        share = known / count if count else 0.5
        affinity = sum(words[word.encode()] for word in short.split()) / total
        best = max(best, share + min(0.5, 2 * affinity) * (share > 0.5))
    return best + _known_labels(text) - penalty - (0.05 if page.startswith("iso") else 0.0)


def _known_labels(text: str) -> float:
    """How surely the columns have a platform's known labels, in their exact spelling. Such labels settle the question."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    names = [normalise(name.strip('" ')) for name in re.split(r"[,;\t|]", header)]
    known = sum(1 for name in names if not name.isascii() and (name in WOOCOMMERCE_LABELS or name in GENERIC_LABELS))
    return min(1.0, 0.5 * known)


def transcode(source: BinaryIO, target: BinaryIO, *, encoding: Encoding, back: bool = False) -> None:
    """Copy `source` to `target` from `encoding` to UTF-8, or `back`. Both ways keep every code unit."""
    read, write = ("utf-8", encoding.codec) if back else (encoding.codec, "utf-8")
    decoder = codecs.getincrementaldecoder(read)("strict")
    while chunk := source.read(CHUNK):
        target.write(decoder.decode(chunk).encode(write))
    target.write(decoder.decode(b"", True).encode(write))


def encode_wide(chunks: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """UTF-8 chunks, cut anywhere, in the file's own wide encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode(encoding.codec)
