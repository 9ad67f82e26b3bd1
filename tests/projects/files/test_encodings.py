"""Which encoding a file is in."""

from __future__ import annotations

import io

import pytest

from projects.files import encodings
from scribe.errors import InvalidInput, UnsupportedMedia

TEXTS = {
    "cp1250": [
        "Naziv;Opis\nPlaninarska jakna;Čvrsta šuškava jakna za kišu, žuta",
        "Nazwa;Opis\nŁódź;Bardzo ładna zielona łódź z silnikiem",
        "Název;Popis\nHruška;Příliš žluťoučký kůň úpěl ďábelské ódy",
        "Név;Leírás\nTükör;Árvíztűrő tükörfúrógép, erősen ajánlott",
        "Ime;Opis\nŠolja za kafu;Šolja od 300 ml",
        "SKU;Name\n1;Đubrivo",
    ],
    "cp1252": [
        "Nom;Description\nChaussure d’été;Très légère, idéale à la plage",
        "Name;Beschreibung\nGrüße;Schöne Tasse für Tee",
        "Nombre;Descripción\nZapatilla niño;Cómoda y de diseño",
        "Nome;Descrizione\nTazza;La qualità è garantita, più di così non si può",
        "Nome;Descrição\nCalça;Ótima opção para o verão, coleção nova",
        "Namn;Beskrivning\nStövlar;Sköna stövlar för hösten på nätet",
        "Name;Price\nTea;5 €",
    ],
    "cp1251": [
        "Название;Описание\nЧайник;Красивый чайник",
        "Назив;Опис\nЧајник;Леп чајник за чај, ђумбир",
        "Артикул;Имя\n1;Я",
    ],
}


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in TEXTS.items() for text in texts])
def test_code_pages_are_told_apart_by_their_letters(codec: str, text: str) -> None:
    assert encodings.detect(io.BytesIO(text.encode(codec))).name == codec


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_named_by_the_codec_that_decodes_the_whole_file(codec: str) -> None:
    data = "Назив;Опис\nČaj;😀".encode(codec)
    found = encodings.detect(io.BytesIO(data))
    assert found.name == codec
    assert data.decode(found.name) == "Назив;Опис\nČaj;😀"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_bom_shows_by_its_nuls(codec: str) -> None:
    assert encodings.detect(io.BytesIO(("SKU,Name\r\n" + "1,Tea\r\n" * 50).encode(codec))).name == codec


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(UnsupportedMedia):
        encodings.detect(io.BytesIO(b"MZ\x90\x00\x03\x00\x00\x00\x04" * 100))


def test_a_bom_that_lies_is_refused() -> None:
    with pytest.raises(InvalidInput, match="bytes"):
        encodings.detect(io.BytesIO(b"\xef\xbb\xbfSKU\n\xff\xfe\xff"))


def test_letters_late_in_a_long_file_count() -> None:
    data = (
        b"SKU;Naziv\r\n"
        + b"1;obican red bez slova\r\n" * 30_000
        + "2;Čaša žuta za šerbet i đumbir\r\n".encode("cp1250")
    )
    assert encodings.detect(io.BytesIO(data)).name == "cp1250"
