"""Detect a text file's encoding: by its BOM, by mostly valid UTF-8, by the places of NULs, else by the letters it shows.

The encodings of Chinese, Japanese and Korean are told by charset-normalizer. The Windows code pages share most bytes, so a guess weighs two things. One is the number of non-ASCII letters that belong
to one language's alphabet (č š ž together are Serbian, è š ž fit no language). The other is the number of that language's
short ASCII words in the text, which read the same in every code page.
"""

import codecs
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

from catalog.files.headers import normalise
from catalog.files.limits import MIB
from catalog.files.vocabulary import GENERIC_LABELS, WOOCOMMERCE_LABELS
from scribe.errors import InvalidInput, UnsupportedMedia
from scribe.messages import _

CHUNK = MIB
SAMPLE = 256 * 1024
LONGEST_LINE = 2048  # bytes of a line that are looked at


@dataclass(frozen=True)
class Encoding:
    """`name` is the Python codec that decodes the whole file, `codec` the one for text after the `bom`. `doubtful`: it is a
    guess, and many of the letters that it gives are unlikely."""

    name: str
    codec: str
    bom: bytes = b""
    doubtful: bool = False

    @property
    def wide(self) -> bool:
        """UTF-16, UTF-32 and the encodings of East Asia are scanned through a UTF-8 copy; all others byte by byte as they
        are. In Shift_JIS and Big5, the second byte of a character may look like a `|` or a backslash."""
        return self.codec.startswith(("utf-16", "utf-32")) or self.codec in EAST_ASIAN

    @property
    def scan_codec(self) -> str:
        return "utf-8" if self.wide else self.codec


# Each holds what its forerunners hold: Shift_JIS, GBK and GB2312, EUC-KR.
EAST_ASIAN = ("cp932", "euc_jp", "gb18030", "big5", "big5hkscs", "cp949")
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
GREEK = ("cp1253",)
TURKISH = ("cp1254",)
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
    ("ca", LATIN_WEST, "àçèéíïòóúü", "el la els les de del amb per un una i en que"),
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
    ("el", GREEK, "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ", ""),
    ("tr", TURKISH, "çğıiöşüâîû", "ve bir bu ile en da de her"),
)
CODE_PAGES = ("cp1252", "cp1250", "cp1251", "iso8859_2", "cp1253", "cp1254")
USUAL = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]")
UNREAD = ("koi8_r", "cp866", "cp1255", "cp1256", "tis_620")  # scripts that no code page of ours has, or otherwise
FEW = 3  # characters: too few to tell much
LATIN_LEAST = 0.8  # of the characters beyond ASCII; in Big5 some 30 % end with the byte of an ASCII letter
UNLIKELY_MOST = 0.2  # of the letters and signs beyond ASCII; with more, a guess is doubtful
UNLIKELY_LEAST = 3  # so many are no accident
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
HINT, NEARLY = 0.2, 0.05  # of a score
RIVALS = ("cp1252", "cp1250")  # whose letters are alike, and whose languages both have many of them
# A word beside another: of the names and numbers in other cells many look like a short word of some language.
_WORD_OF_SEVERAL = re.compile(
    rb"(?<=[a-z,.!?] )[a-z]{1,6}(?![\x80-\xff\w])|(?<![\x80-\xff\w])[a-z]{1,6}(?= [a-z\x80-\xff])"
)
# No word mixes two scripts.
MIXED = re.compile(r"[a-zA-Z][а-яёА-ЯЁђ-џЂ-Џ\u0370-\u03ff]|[а-яёА-ЯЁђ-џЂ-Џ\u0370-\u03ff][a-zA-Z]")
WITHIN_WORDS = set("‘’·\xad\xa0–—×®™")
INSIDE = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")
# Signs that any language may use. They are evidence for a code page that has them, but not for an alphabet.
PLAIN_SIGNS = set("€‚„…†‡‰‹‘’“”•–—™› ¦§©«¬®°±¶·»²³¼½¾×÷¿¡")


def detect(file: BinaryIO, language: str = "") -> Encoding:
    """Detect the encoding of a text file, which is probably in `language`. Raises UnsupportedMedia for bytes that are not text."""
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
        raise UnsupportedMedia(_("The file is not a text file."), code="binary_file")
    if _is_valid(file, "utf-8"):
        return UTF8
    sample = _telling_sample(file)
    if _is_mostly_utf8(sample):
        return UTF8
    name = _told_by_library(sample)
    # A pasted line in UTF-8 says nothing of the others.
    lines = [line for line in sample.split(b"\n") if line.isascii() or not is_utf8(line)]
    page, doubtful = guess_code_page(b"\n".join(lines), language)
    if name in EAST_ASIAN and (doubtful or not _is_latin(sample, name)) and _comes_back(file, name):
        return Encoding(name, name)
    return Encoding(page, page, doubtful=doubtful or name in UNREAD)


def _told_by_library(sample: bytes) -> str:
    """The encoding that charset-normalizer takes for the likeliest; "" if there is none. It knows the scripts that our own
    guess does not; Latin ones it tells apart less well."""
    whole = b"\n".join(line for line in sample.split(b"\n") if len(line) < LONGEST_LINE)
    found = list(from_bytes(whole or sample, cp_isolation=[*EAST_ASIAN, *CODE_PAGES, *UNREAD]))
    if not found or found[0].encoding not in EAST_ASIAN:
        return found[0].encoding if found else ""
    east_asian = [match for match in found if match.encoding in EAST_ASIAN]
    return max(east_asian, key=lambda match: _usual_share(str(match))).encoding  # the library's first one of equals


def _usual_share(text: str) -> float:
    """Which part of the letters beyond ASCII is common in East Asia. Chinese that is read as Japanese gives half-width
    kana, for one."""
    letters = _BEYOND_ASCII.findall(text)
    return round(sum(1 for _ in filter(USUAL.fullmatch, letters)) / (len(letters) or 1), 2)


def _is_latin(sample: bytes, codec: str) -> bool:
    """Whether the characters of this East Asian encoding are rather letters of Europe, each with the byte behind it: "Käse"
    is valid Big5. Of a text of East Asia few second bytes are ASCII letters, and few characters stand between two."""
    text = sample.decode(codec, "ignore")
    wide = [found for found in _BEYOND_ASCII.finditer(text) if len(found[0].encode(codec, "ignore")) > 1]
    latin = 0
    for found in wide:
        beside = [_is_letter(text[at : at + 1]) for at in (found.start() - 1, found.end())]
        latin += found[0].encode(codec)[1:2].isalpha() or (any(beside) if len(wide) <= FEW else all(beside))
    return latin >= LATIN_LEAST * len(wide)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _comes_back(file: BinaryIO, codec: str) -> bool:
    """Whether the whole file is valid in `codec`, and is the same byte by byte when it is written in it again."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    before, after = hashlib.sha256(), hashlib.sha256()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            before.update(chunk)
            after.update(decoder.decode(chunk).encode(codec))
        after.update(decoder.decode(b"", True).encode(codec))
    except UnicodeError:
        return False
    return before.digest() == after.digest()


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
            _(
                "The file is marked as {name}, but parts of it are not. Save it as UTF-8 and upload it again.",
                name=encoding.name,
            ),
            code="undecodable_file",
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
    parts[0] += file.readline(LONGEST_LINE)  # a line that is cut could end in half a character
    size = len(parts[0])
    while size < SAMPLE and (chunk := file.read(CHUNK) + file.readline(LONGEST_LINE)):
        for line in re.findall(rb"[^\r\n]*[\x80-\xff][^\r\n]*", chunk):
            parts.append(line[:LONGEST_LINE])
            size += len(parts[-1])
            if size >= SAMPLE:
                break
    return b"\n".join(parts)


def guess_code_page(sample: bytes, language: str = "") -> tuple[str, bool]:
    """The likeliest of the code pages for this stretch of text, and whether it is doubtful: it gives many unlikely letters,
    or another is as likely and gives others. `language`, if it is known, settles what few letters leave open."""
    words = Counter(_WORD_OF_SEVERAL.findall(sample.lower()))
    total = sum(words.values()) or 1
    own = next(
        (pages for code, pages, *_rest in LANGUAGES if code == language != "en"), ()
    )  # whoever chose none has "en"
    found = {page: _plausibility(sample, page, words, total) for page in CODE_PAGES}
    scores = {page: score + (HINT if page in own else 0.0) for page, (score, _unlikely) in found.items()}
    best = max(scores, key=lambda page: round(scores[page], 6))  # the first of equals
    text = sample.decode(best, "replace")
    open_ = any(
        scores[best] - scores[page] < NEARLY and sample.decode(page, "replace") != text
        for page in RIVALS
        if best in RIVALS
    )
    return best, found[best][1] or open_


def _plausibility(sample: bytes, page: str, words: Counter[bytes], total: int) -> tuple[float, bool]:
    """The score of a code page, and whether many of its letters are unlikely."""
    text = sample.decode(page, "replace")
    letters = Counter(re.findall(r"[^\x00-\x7f]", text))
    signs = sum(n for sign, n in letters.items() if sign in PLAIN_SIGNS)
    odd = sum(n for sign, n in letters.items() if not sign.isalpha() and sign not in PLAIN_SIGNS)
    # A wrong code page puts capitals into the middle of lower-case words ("hr¹kTá").
    broken_case = sum(found[0].isupper() and _is_unlikely(found) for found in INSIDE.finditer(text))
    alphabetic = {letter.lower(): 0 for letter in letters if letter.isalpha()}
    for letter, n in letters.items():
        if letter.isalpha():
            alphabetic[letter.lower()] += n
    count = sum(alphabetic.values())
    mixed = len(MIXED.findall(text))
    mixed += len(
        re.findall(r"(?<![а-яё])(?![авикосуяіАВИКОСУЯІ])[ЂЃЉЊЌЋЏђѓљњќћџа-яё](?![а-яёА-ЯЁ])", text)
    )  # nor does it stand alone
    penalty = (2 * odd + 2 * broken_case + 2 * mixed) / (count + signs + odd or 1)
    best, most_known = 0.0, 0
    for _unused, pages, alphabet, short in LANGUAGES:
        if page not in pages:
            continue
        known = sum(n for letter, n in alphabetic.items() if letter in alphabet)
        share = known / count if count else 0.5
        affinity = sum(words[word.encode()] for word in short.split()) / total
        best = max(best, share + min(0.5, 2 * affinity) * (share > 0.5))
        most_known = max(most_known, known)
    unlikely = count - most_known + odd + mixed + sum(1 for found in INSIDE.finditer(text) if _is_unlikely(found))
    many = unlikely >= UNLIKELY_LEAST and unlikely > UNLIKELY_MOST * (count + signs + odd)
    return best + _known_labels(text) - penalty - (0.05 if page.startswith("iso") else 0.0), many


def _is_unlikely(found: re.Match[str]) -> bool:
    """Whether this capital letter or sign between two letters is unlikely there."""
    sign, before, after = found[0], found.string[found.start() - 1], found.string[found.end()]
    if sign.isupper():
        return before.islower() and after.islower()
    return sign in PLAIN_SIGNS and sign not in WITHIN_WORDS


def _known_labels(text: str) -> float:
    """How surely the columns have a platform's known labels, in their exact spelling. Such labels settle the question."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    names = [normalise(name.strip('" ')) for name in re.split(r"[,;\t|]", header)]
    known = sum(1 for name in names if not name.isascii() and (name in WOOCOMMERCE_LABELS or name in GENERIC_LABELS))
    return min(1.0, 0.5 * known)


def transcode(source: BinaryIO, target: BinaryIO, *, encoding: Encoding) -> None:
    """Copy `source` to `target` from `encoding` to UTF-8. Every code unit is kept."""
    decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
    while chunk := source.read(CHUNK):
        target.write(decoder.decode(chunk).encode())
    target.write(decoder.decode(b"", True).encode())


def encode_wide(chunks: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
    """UTF-8 chunks, cut anywhere, in the file's own wide encoding."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text.encode(encoding.codec)
