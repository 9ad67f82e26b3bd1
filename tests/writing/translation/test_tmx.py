"""TMX out and in, through a translator's own tool, and from others' tools; hostile files are refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from translate.storage.tmx import tmxfile

from scribe.errors import InvalidInput, UnsupportedMedia
from writing.translation.files import tmx

PAIRS = [
    ("Hält 12 Stunden kalt.", "Garde le froid 12 heures."),
    ("Aus <strong>Stahl</strong> & Kork", 'En <strong>acier</strong> & "liège" <1 %'),
    ("قارورة 750 مل", "水瓶 😀 𝒳"),
    ("AT&amp;T bleibt", "AT&amp;T reste"),
    ("it's ]]> fine", "c'est ]]> bien"),
]


def written(pairs: Any = PAIRS) -> bytes:
    return b"".join(tmx.write(pairs, "de", "fr"))


def read(file: bytes) -> list[Any]:
    return [unit.fault or tuple(text for _, text in unit.variants) for unit in tmx.TmxReader(io.BytesIO(file)).read()]


def test_segments_come_back_byte_for_byte() -> None:
    assert read(written()) == PAIRS


def test_a_translators_tool_reads_each_segment_and_writes_it_back_byte_for_byte() -> None:
    store = tmxfile.parsestring(written())
    assert [(unit.source, unit.target) for unit in store.units] == PAIRS
    rewritten = tmxfile(sourcelanguage="de", targetlanguage="fr")
    for unit in store.units:
        rewritten.addtranslation(unit.source, "de", unit.target, "fr")
    assert read(bytes(rewritten)) == PAIRS
    assert read(bytes(store)) == PAIRS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_other_tools_are_read_in_their_encodings(encoding: str) -> None:
    name = "UTF-16" if encoding == "utf-16" else "UTF-8"
    file = f"""<?xml version="1.0" encoding="{name}"?>
    <!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header srclang="*all*" segtype="paragraph"><prop type="x">y</prop></header><body>
    <tu><note>Hinweis</note><prop type="p">p</prop><tuv lang="DE-de"><prop type="p">q</prop><seg>Größe</seg></tuv>
    <tuv xml:lang="fr-FR"><seg>Taille <bpt i="1">&lt;b&gt;</bpt>L<ept i="1">&lt;/b&gt;</ept><hi>!</hi></seg></tuv></tu>
    <tu><tuv xml:lang="de"><seg>A<sub>b</sub></seg></tuv><tuv xml:lang="fr"><seg>C</seg></tuv></tu>
    </body></tmx>""".encode(encoding)
    first, second = tmx.TmxReader(io.BytesIO(file)).read()
    assert first.variants == [("DE-de", "Größe"), ("fr-FR", "Taille <b>L</b>!")]
    assert second.fault is not None
    assert second.fault[0] == "inline_markup"


BODY = "<tmx version='1.4'><body><tu><tuv xml:lang='de'><seg>{}</seg></tuv></tu></body></tmx>"


@pytest.mark.parametrize(
    "file",
    [
        '<!DOCTYPE tmx [<!ENTITY a "boom">]>' + BODY.format("&a;"),
        '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY.format("&a;"),
        '<!DOCTYPE tmx [<!ENTITY % a SYSTEM "http://x.invalid/d.dtd"> %a;]>' + BODY.format("a"),
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ELEMENT seg ANY>]>' + BODY.format("a"),
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">' + BODY.format("&nbsp;"),
        "<html/>",
    ],
)
def test_entities_declarations_and_other_documents_are_refused(file: str) -> None:
    with pytest.raises(UnsupportedMedia):
        read(file.encode())


@pytest.mark.parametrize("file", [b"", b"tmx", written()[:-20], BODY.format("&undeclared;").encode()])
def test_broken_xml_is_refused_with_its_line(file: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(file)
    assert refused.value.code == "broken_xml"


def test_a_segment_without_end_does_not_fill_the_memory() -> None:
    long = BODY.format("x" * (tmx.LONGEST_SEGMENT + 1)).encode()
    [unit] = tmx.TmxReader(io.BytesIO(long)).read()
    assert unit.fault is not None
    assert unit.fault[0] == "cell_too_long"
    assert len(unit.variants[0][1]) <= tmx.LONGEST_SEGMENT
