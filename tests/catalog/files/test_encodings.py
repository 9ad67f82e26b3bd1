"""Which encoding a file is in."""

from __future__ import annotations

import io

import pytest

from catalog.files import encodings
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
    with pytest.raises(InvalidInput, match="parts of it are not"):
        encodings.detect(io.BytesIO(b"\xef\xbb\xbfSKU\n\xff\xfe\xff"))


def test_letters_late_in_a_long_file_count() -> None:
    data = (
        b"SKU;Naziv\r\n"
        + b"1;obican red bez slova\r\n" * 30_000
        + "2;Čaša žuta za šerbet i đumbir\r\n".encode("cp1250")
    )
    assert encodings.detect(io.BytesIO(data)).name == "cp1250"


EAST_ASIAN = {
    "cp932": "商品コード,商品名,説明\nA1,マグカップ|青,保温・保冷に優れた真空断熱構造のマグカップです。ソース表\n",
    "euc_jp": "商品コード,商品名,説明\nA1,マグカップ,保温・保冷に優れた真空断熱構造のマグカップです。\n",
    "gb18030": "编号,名称,描述\nA1,不锈钢保温杯,双层真空结构，保温效果好，适合办公室使用。\n",
    "big5": "編號,名稱,描述\nA1,不鏽鋼保溫杯,雙層真空結構，保溫效果佳，成功許可\n",
    "cp949": "코드,이름,설명\nA1,스테인리스 머그컵,이중 진공 구조로 보온 효과가 뛰어난 머그컵입니다.\n",
}


@pytest.mark.parametrize("codec", EAST_ASIAN)
@pytest.mark.parametrize("times", [1, 3000])
def test_files_of_east_asia_are_read_as_what_they_are(codec: str, times: int) -> None:
    head, row = EAST_ASIAN[codec].splitlines(keepends=True)
    data = (head + row * times).encode(codec)
    found = encodings.detect(io.BytesIO(data))
    assert data.decode(found.name) == head + row * times
    assert not found.doubtful


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1253", "Κωδικός;Όνομα\nA1;Κεραμική κούπα για ζεστό καφέ και τσάι"),
        ("cp1254", "Kod;Açıklama\nA1;Sıcak çay ve kahve için seramik kupa, şık tasarım, yağmurluk"),
    ],
)
def test_greek_and_turkish_are_told(codec: str, text: str) -> None:
    found = encodings.detect(io.BytesIO(text.encode(codec)))
    assert (found.name, found.doubtful) == (codec, False)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("mac_roman", "Name;Text\nGröße;Schöne Tasse für heißen Kaffee, spülmaschinengeeignet"),
        ("cp437", "Name;Text\nGröße;Schöne Tasse für heißen Kaffee, spülmaschinengeeignet"),
        ("koi8_r", "Имя;Описание\nЧайник;Красивый чайник для горячего чая, подарок"),
        ("cp874", "รหัส;ชื่อ\nA1;แก้วกาแฟเซรามิกสำหรับเครื่องดื่มร้อน"),
    ],
)
def test_a_guess_that_gives_unlikely_letters_is_doubtful(codec: str, text: str) -> None:
    assert encodings.detect(io.BytesIO(text.encode(codec))).doubtful


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in TEXTS.items() for text in texts])
def test_a_good_guess_is_not_doubtful(codec: str, text: str) -> None:
    assert not encodings.detect(io.BytesIO(text.encode(codec))).doubtful


@pytest.mark.parametrize(
    "text",
    [
        "SKU;Name\nA;Öl\nB;Essig\n",
        "SKU;Name\nK1;Käse\nK2;Brot\nK3;Wurst\nK4;Milch",
        "SKU;Name;Preis\nB1;Gummi Bär;5,00\n",
        "SKU;Größe\nA;L\n",
        *(
            f"SKU;Name\nA;{word}\n"
            for word in ("Säge", "Grün", "Süß", "Fön", "Weiß", "TÜV", "créée", "Ñandú", "Smörgås")
        ),
    ],
)
def test_a_few_letters_of_europe_are_not_of_east_asia(text: str) -> None:
    """Each of them is valid Big5 or GB 18030 together with the byte behind it."""
    found = encodings.detect(io.BytesIO(text.encode("cp1252")))
    assert (text.encode("cp1252").decode(found.codec), found.doubtful) == (text, False)


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("big5", "SKU,Name\nA1,紅茶\n"),
        ("big5", "編號,名稱\nA1,杯\nA2,紅色T恤\n"),
        ("cp932", "SKU,Name\nA1,マグカップ\n"),
        ("euc_jp", "SKU,名前\nA1,カップ\n"),
    ],
)
def test_few_letters_of_east_asia_are_still_read(codec: str, text: str) -> None:
    assert encodings.detect(io.BytesIO(text.encode(codec))).name == codec


def test_what_few_letters_leave_open_is_doubtful_and_settled_by_the_language() -> None:
    """The same byte is Italian è and Czech č."""
    italian = "sku,nome\nA,Caffè\n".encode("cp1252")
    assert encodings.detect(io.BytesIO(italian)).doubtful
    assert encodings.detect(io.BytesIO(italian), "en").doubtful  # the language of whoever chose none
    for language, codec in (("it", "cp1252"), ("cs", "cp1250")):
        found = encodings.detect(io.BytesIO(italian), language)
        assert (found.name, found.doubtful) == (codec, False)
