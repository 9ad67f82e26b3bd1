"""Files for translators: every format over every field, out and in again, and hostile ones."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from catalog.files.rows import Faults
from catalog.files.translations.formats import FORMATS
from catalog.files.translations.matches import KnownTexts, Taken, match_rows
from scribe.errors import DomainError
from writing import fields
from writing.fields import Role
from writing.translation.files import po
from writing.translation.files.rows import TranslationRow, rows_of, texts_of
from writing.translation.memory import digest

ORIGINALS: dict[str, Any] = {
    "name": 'Trail bottle "500" & lid',
    "short_description": "A bottle; light,\nwith a lid.",
    "description": '<p>Weighs <strong>250 g</strong> — 100 %.</p>\r\n<p><a href="/a?b=1&amp;c">More</a> {name} %s</p>\n',
    "bullet_points": ["One lid", "Two\tcups \\ more"],
    "attributes": {"Colour": "Blue", "Volume": "0.5 l"},
    "tags": ["bottle", "trail"],
    "seo.title": "Trail bottle",
    "seo.description": "A bottle ]]> for <trails>",
    "seo.focus_keyword": "bottle",
}
DONE: dict[str, Any] = {
    "name": 'Боца "500" & поклопац',
    "short_description": "Flasche; leicht,\nmit Deckel.",
    "description": '<p>Wiegt <strong>250 g</strong> — 100 %.</p>\r\n<p><a href="/a?b=1&amp;c">Mehr</a> {name} %s</p>\n',
    "bullet_points": ["Ein Deckel", "Zwei\tBecher \\ mehr"],
    "attributes": {"Farbe": "Blau", "Volumen": "0,5 l"},
    "tags": ["flasche", "wandern"],
    "seo.title": "Wanderflasche",
    "seo.description": "Eine Flasche ]]> für <Wege>",
    "seo.focus_keyword": "flasche",
}
KEY = "8412"
ITEM = "018f0000-0000-7000-8000-000000000001"
CASES = [(name, field) for name, row in FORMATS.items() for field in ORIGINALS if row.file.fields is None or field in row.file.fields]  # fmt: skip


def head(name: str, target: str = "de") -> Any:
    return FORMATS[name].head("en", target, name="Demo", view="german")


def made(name: str, originals: dict[str, Any] = ORIGINALS, present: dict[str, Any] = DONE, items: int = 1) -> bytes:
    """A file that does not say which translations it was made with."""
    found = (row for at in range(items) for row in rows_of(f"{KEY}{at or ''}", originals, present, note="Trail bottle"))
    rows = (row._replace(exported="") for row in found)
    return b"".join(FORMATS[name].file.write(rows, head(name)))


def read(name: str, file: bytes) -> tuple[list[TranslationRow], Faults]:
    faults = Faults()
    return list(FORMATS[name].file.read(io.BytesIO(file), faults, head(name))), faults


def taken(name: str, file: bytes, originals: dict[str, Any] = ORIGINALS, present: dict[str, Any] | None = None) -> tuple[Taken, Faults]:  # fmt: skip
    faults = Faults()
    rows = FORMATS[name].file.read(io.BytesIO(file), faults, head(name))
    there = KnownTexts(originals, present or {})
    found = match_rows(
        rows, lambda item: there if item == KEY else None, lambda code: FORMATS[name].speaks(code, head(name)), faults
    )
    return found, faults


def test_the_cases_are_all_fields() -> None:
    assert set(ORIGINALS) == set(DONE) == {row.name for row in fields.FIELDS if row.role is not Role.DERIVED}


@pytest.mark.parametrize(("name", "field"), CASES)
def test_a_field_goes_out_and_comes_in_unchanged(name: str, field: str) -> None:
    originals = {"name": "A", field: ORIGINALS[field]}
    found, faults = taken(name, made(name, originals, {"name": "B", field: DONE[field]}), originals)
    assert faults.errors == []
    assert found.fields == {KEY: {"name": "B", field: DONE[field]}}


@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_text_and_what_is_there_already(name: str) -> None:
    places = FORMATS[name].file.fields or set(ORIGINALS)
    found, _ = taken(name, made(name))
    assert found.fields == {KEY: {field: DONE[field] for field in ORIGINALS if field in places}}
    again, faults = taken(name, made(name), present=DONE)
    assert (again.fields, again.unchanged, faults.errors) == ({}, again.rows, [])


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_says_the_same_with_other_ends_of_lines(name: str) -> None:
    file = made(name, items=3)
    other = file.replace(b"\r\n", b"\n") if file.count(b"\r\n") > 3 else file.replace(b"\n", b"\r\n")
    (rows, _), (same, faults) = read(name, file), read(name, other)
    assert faults.errors == []

    def texts(found: list[TranslationRow]) -> list[tuple[str, str, str]]:
        return [(row.item, row.field, row.target.replace("\r\n", "\n")) for row in found]

    assert texts(rows) == texts(same)


@pytest.mark.parametrize("name", ["xliff", "xliff2", "po", "shopify_csv"])
def test_a_file_without_translations_has_nothing_to_take(name: str) -> None:
    file = made(name, present={})
    assert taken(name, file)[0].untranslated == len(read(name, file)[0])


@pytest.mark.parametrize("name", ["xliff", "xliff2", "po", "shopify_csv", "wpml_csv", "polylang_csv"])
def test_a_text_whose_original_moved_is_refused_by_name(name: str) -> None:
    found, faults = taken(name, made(name), {**ORIGINALS, "name": "Trail bottle 750"})
    assert [(fault["code"], "“name” of 8412" in fault["reason"]) for fault in faults.errors] == [
        ("source_changed", True)
    ]
    assert "name" not in found.fields[KEY]
    assert found.fields[KEY]["description"] == DONE["description"]


@pytest.mark.parametrize("name", ["xliff", "xliff2", "po", "shopify_csv"])
def test_an_original_that_was_edited_in_the_file_is_refused_by_name(name: str) -> None:
    """The digest beside it says that the file is of today; the translation may be of the edited words."""
    originals, present = {"name": "Bottle of 750 ml", "seo.title": "Bottle"}, {"name": "Flasche", "seo.title": "F"}
    file = made(name, originals, present).replace(b"Bottle of 750 ml", b"Bottle of 500 ml")
    found, faults = taken(name, file, originals)
    code = "source_changed" if name == "shopify_csv" else "source_edited"  # that table has no digests
    assert [(fault["code"], "“name” of 8412" in fault["reason"]) for fault in faults.errors] == [(code, True)]
    assert found.fields == {KEY: {"seo.title": "F"}}


def test_gettext_names_a_script_in_its_own_way() -> None:
    for code, said in (("sr-Latn", "sr@latin"), ("pt-BR", "pt_BR"), ("zh-TW", "zh_TW"), ("de", "de")):
        file = b"".join(FORMATS["po"].file.write([], head("po", code)))
        assert f'"Language: {said}\\n"'.encode() in file
        assert FORMATS["po"].speaks(said, head("po", code))


def test_a_po_of_very_many_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(po, "MOST_LINES", 30)
    assert len(read("po", made("po", {"name": "Ä" * 20}, {"name": "B"}))[0]) == 1
    with pytest.raises(DomainError, match="more than 30 lines") as refused:
        read("po", made("po", {"name": "A"}, {"name": "B"}) + b"\n" * 30)
    assert refused.value.code == "too_many_rows"


def test_a_store_view_without_originals_is_taken() -> None:
    file = b"sku,store_view_code,name\r\n8412,german,Flasche\r\n8412,french,Bouteille\r\n"
    found, faults = taken("magento_csv", file)
    assert (found.fields, found.other_language, faults.errors) == ({KEY: {"name": "Flasche"}}, 1, [])
    moved = b"sku,store_view_code,name\r\n8412,german,Flasche\r\n8412,,Another\r\n"
    assert taken("magento_csv", moved)[1].errors[0]["code"] == "source_changed"


def test_rows_of_a_market_and_other_fields_are_the_merchants() -> None:
    lines = (
        "Type,Identification,Field,Locale,Market,Status,Default content,Translated content",
        "PRODUCT,'8412,title,de,,,Trail bottle,Wanderflasche",
        "PRODUCT,'8412,title,de,CH,,Trail bottle,Velo",
        "PRODUCT,'8412,handle,de,,,trail-bottle,flasche",
        "METAFIELD,'8412,value,de,,,x,y",
        "PRODUCT,'8412,title,fr,,,Trail bottle,Gourde",
    )
    file = "\n".join(lines).encode()
    found, faults = taken("shopify_csv", file, {"name": "Trail bottle"})
    assert (found.fields, found.rows, found.other_language) == ({KEY: {"name": "Wanderflasche"}}, 2, 1)
    assert faults.errors == []
    assert [(one["line"], one["code"], one["reason"]) for one in faults.warnings] == [
        (3, "unknown_field", "Left alone: 1 rows of “CH”."),
        (4, "unknown_field", "Left alone: 1 rows of “handle”."),
        (5, "unknown_field", "Left alone: 1 rows of “METAFIELD”."),
    ]


def test_a_wide_table_names_columns_that_are_not_read_and_cells_that_were_emptied() -> None:
    file = (
        b"sku,store_view_code,name,short_description,colour,size\r\n8412,,Bottle,A,red,S\r\n8412,german,,Kurz,rot,\r\n"
    )
    found, faults = taken("magento_csv", file, {"name": "Bottle", "short_description": "A"}, {"name": "Flasche"})
    assert (found.fields, found.untranslated) == ({KEY: {"short_description": "Kurz"}}, 1)
    assert [(one["line"], one["code"]) for one in faults.warnings] == [(3, "emptied"), (1, "unknown_field")]
    assert faults.warnings[1]["reason"] == "These columns were not read: colour."


def test_obsolete_entries_of_gettext_are_left_alone_and_named() -> None:
    entry = f'msgctxt "{KEY}#name"\nmsgid "Bottle"\nmsgstr "Flasche"\n'
    old = "#. source-hash: x\n#, fuzzy\n" + "".join(f"#~ {line}\n" for line in entry.splitlines()).replace(
        "Flasche", "Alt"
    )
    for file in (f"{old}{entry}", f"{entry}{old}", f"{old}\n{entry}\n{old}"):
        found, faults = taken("po", file.encode(), {"name": "Bottle"})
        gone = file.count("#~ msgid")
        assert (found.fields, found.rows, found.untranslated) == ({KEY: {"name": "Flasche"}}, 1 + gone, gone)
        assert (faults.errors, [one["code"] for one in faults.warnings]) == ([], ["obsolete"] * gone)


def test_a_plugins_rows_are_linked_by_their_group() -> None:
    lines = (
        "ID,SKU,Name,Language,Translation group",
        "12,,Flasche,de,pll_1",
        "11,8412,Trail bottle,en,pll_1",
        "13,8412,Gourde,fr,pll_1",
    )
    found, faults = taken("polylang_csv", "\n".join(lines).encode(), {"name": "Trail bottle"})
    assert (found.fields, found.other_language, faults.errors) == ({KEY: {"name": "Flasche"}}, 1, [])


@pytest.mark.parametrize(("name", "language", "spoken"), [
    ("xliff", "de", True), ("xliff", "de-AT", True), ("po", "de_DE", True), ("po", "fr", False), ("xliff2", "", True),
    ("wpml_csv", "de", True), ("shopify_csv", "DE", True), ("magento_csv", "german", True), ("magento_csv", "de", False),
])  # fmt: skip
def test_a_language_by_its_codes(name: str, language: str, spoken: bool) -> None:
    assert FORMATS[name].speaks(language, head(name)) is spoken


@pytest.mark.parametrize(("name", "code"), [("po", "de_AT"), ("xliff", "de-at"), ("xliff2", "de-AT")])
def test_a_variant_by_the_spelling_of_a_tool(name: str, code: str) -> None:
    assert FORMATS[name].speaks(code, head(name, "de-AT"))
    assert not FORMATS[name].speaks("de-CH", head(name, "de-AT"))


@pytest.mark.parametrize(("ours", "codes"), [
    ("pt-BR", {"xliff": "pt-BR", "shopify_csv": "pt-BR", "wpml_csv": "pt-br", "polylang_csv": "pt"}),
    ("zh-TW", {"xliff": "zh-TW", "shopify_csv": "zh-TW", "wpml_csv": "zh-hant", "polylang_csv": "zh"}),
    ("sr-Latn", {"xliff": "sr-Latn", "shopify_csv": "sr", "wpml_csv": "sr-latn", "polylang_csv": "sr-latn"}),
])  # fmt: skip
def test_a_file_has_the_platforms_code(ours: str, codes: dict[str, str]) -> None:
    assert {name: head(name, ours).target_code for name in codes} == codes


# --- what translators and their tools do to files

TOOLS = (
    ("xliff", b'<target state="translated">', b'<alt-trans><source>x</source><target>no</target></alt-trans>\n<target state="final">'),
    ("xliff", b"Wanderflasche</target>", b'<mrk mtype="seg" mid="0">Wanderflasche</mrk></target>'),
    ("xliff", b"<xliff ", b'<x:xliff xmlns:x="urn:oasis:names:tc:xliff:document:1.2" '),
    ("xliff2", b'<segment state="translated">', b'<segment state="final">'),
    ("xliff2", b"Wanderflasche", b'<mrk id="m1">Wander</mrk>flasche'),
    ("po", b'msgstr "Wanderflasche"', b'msgstr ""\n"Wander"\n"flasche"'),
    ("po", b"\nmsgctxt", b'\n#| msgid "old"\n#: a.php:1\nmsgctxt'),
    ("po", b'msgid ""\nmsgstr ""\n"MIME', b'# A title\n\nmsgid ""\nmsgstr ""\n"MIME'),
)  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), TOOLS)
def test_what_tools_write_is_read(name: str, before: bytes, after: bytes) -> None:
    file = made(name)
    assert before in file
    file = file.replace(before, after)
    if b"<x:xliff" in file:
        file = file.replace(b"</xliff>", b"</x:xliff>")
    found, faults = taken(name, file)
    assert faults.errors == []
    assert found.fields == {KEY: DONE}


def test_segments_of_a_unit_are_joined() -> None:
    file = made("xliff2", {"name": "One. Two."}, {"name": "Eins. Zwei."})
    file = file.replace(
        b'<source xml:space="preserve">One. Two.</source>\n<target xml:space="preserve">Eins. Zwei.</target>\n</segment>',
        b"<source>One.</source><target>Eins.</target></segment><ignorable><source> </source><target> </target></ignorable>"
        b"<segment><source>Two.</source><target>Zwei.</target></segment>",
    )
    row = read("xliff2", file)[0][0]
    assert (row.source, row.target) == ("One. Two.", "Eins. Zwei.")


@pytest.mark.parametrize("codec", ["utf-16", "iso-8859-1"])
def test_xliff_in_another_encoding(codec: str) -> None:
    text = made("xliff", {"name": "A", "seo.title": "B"}, {"name": "Größe"}).decode().replace("UTF-8", codec)
    file = text.encode(codec)
    assert taken("xliff", file, {"name": "A", "seo.title": "B"})[0].fields == {KEY: {"name": "Größe"}}


@pytest.mark.parametrize("name", [name for name in FORMATS if made(name).startswith(b"\xef\xbb\xbf")])
def test_a_table_in_utf_16_with_nuls_brings_none(name: str) -> None:
    """The database has no place for them, neither in a key nor in a text."""
    file = made(name).decode("utf-8-sig")
    wrong = file.replace(KEY, f"{KEY}\0").replace("Wanderflasche", "Wander\0flasche")
    assert wrong.count("\0") >= 2
    assert read(name, wrong.encode("utf-16"))[0] == read(name, file.encode("utf-16"))[0]


def test_the_translators_doubt_is_kept() -> None:
    for name, before, after in (
        ("xliff", b'state="translated"', b'state="needs-review-translation"'),
        ("xliff", b"<trans-unit ", b'<trans-unit translate="no" '),
        ("xliff", b'state="translated"', b'state="needs-adaptation"'),
        ("xliff", b'state="translated"', b'state="new"'),
        ("xliff2", b'<segment state="translated"', b'<segment state="initial"'),
        ("po", b"msgctxt", b"#, fuzzy\nmsgctxt"),
    ):
        file = made(name).replace(before, after)
        assert all(row.draft for row in read(name, file)[0])
        found, faults = taken(name, file)
        assert (found.fields, found.untranslated, faults.errors) == ({}, found.rows, [])
        assert {row["code"] for row in faults.warnings} == {"unfinished"}
        assert faults.warning_count == found.rows


@pytest.mark.parametrize(("name", "file"), [("xliff", "xliff.xlf"), ("xliff2", "xliff2.xlf"), ("po", "po.po")])
@pytest.mark.parametrize("keeps_state", [False, True])
def test_a_translators_tool_that_sets_no_state_loses_no_work(name: str, file: str, keeps_state: bool) -> None:
    """Files of ours in which translate-toolkit 3.20.4 set two of three targets (`unit.target = …`). In XLIFF 2.1 and PO it leaves
    the state, `initial` and `fuzzy`, as it was; other tools do so in 1.2, too."""
    edited = (Path(__file__).parent / "edited" / file).read_bytes()
    if keeps_state:
        edited = edited.replace(b'state="translated"', b'state="needs-review-translation"')
    faults = Faults()
    originals = {
        "name": "Trail Bottle",
        "short_description": "A steel bottle.",
        "description": "<p>Keeps drinks cold for 12 hours, holds 750 ml.</p>",
    }
    there = KnownTexts(originals, {"name": "Trail-Flasche", "description": "<p>Hält kalt.</p>"})
    found = match_rows(read(name, edited)[0], lambda item: there, lambda code: code in ("de", "de-DE"), faults)
    assert found.fields == {ITEM: {"name": "Wanderflasche", "short_description": "Eine Flasche aus Stahl."}}
    assert (found.untranslated, faults.errors) == (1, [])
    assert [(row["code"], "“description” of" in row["reason"]) for row in faults.warnings] == [("unfinished", True)]


@pytest.mark.parametrize(("between", "joined"), [
    (b"<ignorable><source> </source></ignorable>", "Eins. Zwei."),
    (b"<ignorable><source> </source><target/></ignorable>", "Eins.Zwei."),
])  # fmt: skip
def test_what_stands_between_segments_stays_unless_the_translator_removed_it(between: bytes, joined: str) -> None:
    file = made("xliff2", {"name": "One. Two."}, {"name": "Eins. Zwei!"})
    file = file.replace(b"One. Two.", b"One.").replace(b"Eins. Zwei!", b"Eins.")
    second = b"<segment><source>Two.</source><target>Zwei.</target></segment>"
    row = read("xliff2", file.replace(b"</segment>", b"</segment>" + between + second))[0][0]
    assert (row.source, row.target, row.fault) == ("One. Two.", joined, None)
    untranslated = file.replace(b"Eins.", b"").replace(
        b"</segment>", b"</segment>" + between + second.replace(b"Zwei.", b"")
    )
    row = read("xliff2", untranslated)[0][0]
    assert (row.target.strip(), row.fault) == ("", None)


def test_a_unit_of_which_segments_are_missing_is_refused() -> None:
    file = made("xliff2", {"name": "One. Two."}, {"name": "Eins."})
    cut = b"</segment><segment><source>Two.</source></segment>"
    found, faults = taken("xliff2", file.replace(b" Two.", b"").replace(b"</segment>", cut), {"name": "One. Two."})
    assert (found.fields, [fault["code"] for fault in faults.errors]) == ({}, ["incomplete_unit"])
    whole = cut.replace(b"</source>", b" </source><target> Zwei.</target>").replace(b"Two. ", b" Two.")
    found, _ = taken("xliff2", file.replace(b" Two.", b"").replace(b"</segment>", whole), {"name": "One. Two."})
    assert found.fields == {KEY: {"name": "Eins. Zwei."}}


def test_a_guess_of_gettext_is_no_translation() -> None:
    rows = rows_of(KEY, {"name": "Trail bottle 2"}, {})
    file = b"".join(FORMATS["po"].file.write(rows, head("po"))).replace(b'msgstr ""', b'msgstr "Flasche"')
    guessed = file.replace(b"msgctxt", b'#, fuzzy\n#| msgid "Trail bottle"\nmsgctxt')
    assert taken("po", file, {"name": "Trail bottle 2"})[0].fields == {KEY: {"name": "Flasche"}}
    found, faults = taken("po", guessed, {"name": "Trail bottle 2"})
    assert (found.fields, [row["code"] for row in faults.warnings]) == ({}, ["unfinished"])


@pytest.mark.parametrize("name", ["xliff", "xliff2", "po"])
def test_what_the_file_leaves_alone_does_not_undo_a_newer_edit(name: str) -> None:
    """The name was edited in the catalogue alone, the title in the file alone, the description in both."""
    rows = rows_of(KEY, ORIGINALS, {**DONE, "tags": DONE["tags"][:1]})
    file = b"".join(FORMATS[name].file.write(rows, head(name)))
    file = file.replace(b"Wanderflasche", b"Reiseflasche").replace(b"Wiegt", b"Schwer:")
    here = {**DONE, "tags": DONE["tags"][:1], "name": "Neu", "description": "<p>Neu</p>"}
    found, faults = taken(name, file, present=here)
    assert [(fault["code"], "“description”" in fault["reason"]) for fault in faults.errors] == [
        ("translation_changed", True)
    ]
    assert found.fields == {KEY: {"seo.title": "Reiseflasche"}}
    assert (found.rows, found.unchanged, found.untranslated) == (14, 11, 1)


def test_an_untouched_entry_completes_a_list() -> None:
    there = KnownTexts({"tags": ["a", "b"]}, {"tags": ["x"]})
    rows = [row._replace(target=row.target or "y") for row in rows_of(KEY, there.originals, there.present)]
    faults = Faults()
    found = match_rows(rows, lambda item: there, lambda code: True, faults)
    assert (found.fields, found.unchanged, faults.errors) == ({KEY: {"tags": ["x", "y"]}}, 1, [])
    drafts = [row._replace(draft=True) for row in rows]
    assert match_rows(drafts, lambda item: there, lambda code: True, faults).fields == {KEY: {"tags": ["x", "y"]}}


def test_a_text_that_would_be_cut_is_refused() -> None:
    long = {"name": "Ä" * 301, "seo.title": "T" * 61, "attributes": {"N" * 81: "V"}, "description": "<p>" + "x" * 5000}
    originals = {key: ORIGINALS[key] for key in ("name", "seo.title", "description")} | {
        "attributes": {"Colour": "Blue"}
    }
    found, faults = taken("po", made("po", originals, long), originals)
    assert [fault["code"] for fault in faults.errors] == ["too_long"] * 3 + ["incomplete_list"]
    assert list(found.fields[KEY]) == ["description"]
    fits = {"name": "Ä" * 300, "seo.title": "T" * 60}
    assert taken("po", made("po", originals, fits), originals)[0].fields == {KEY: fits}


def test_lists_need_all_their_entries() -> None:
    file = made("po", {"bullet_points": ["One", "Two"]}, {"bullet_points": ["Eins"]})
    found, faults = taken("po", file, {"bullet_points": ["One", "Two"]})
    assert (found.fields, [fault["code"] for fault in faults.errors]) == ({}, ["incomplete_list"])
    found, _ = taken("po", file, {"bullet_points": ["One", "Two"]}, {"bullet_points": ["x", "Zwei"]})
    assert found.fields == {KEY: {"bullet_points": ["Eins", "Zwei"]}}


def test_rows_that_cannot_be_taken_are_named_by_line() -> None:
    rows = [
        TranslationRow("other", "name", "A", "B", line=3),
        TranslationRow(KEY, "colour", "A", "B", line=4),
        TranslationRow(KEY, "tags[9]", "A", "B", line=5),
        TranslationRow(KEY, "name", "A", "B", digest("A"), line=6),
        TranslationRow(KEY, "name", "A", "C", digest("A"), line=7),
        TranslationRow(KEY, "name", "A", "B", digest("A"), line=8),
        TranslationRow(KEY, "seo.title", "A", "B", line=9, fault=("inline_markup", "…")),
        TranslationRow(KEY, "seo.title", "A", " ", line=10),
    ]
    faults = Faults()
    there = KnownTexts({"name": "A", "seo.title": "A", "tags": ["a"]}, {})
    found = match_rows(rows, lambda item: there if item == KEY else None, lambda code: True, faults)
    assert [(fault["line"], fault["code"]) for fault in faults.errors] == [
        (3, "unknown_item"),
        (4, "unknown_field"),
        (5, "unknown_field"),
        (7, "duplicate_row"),
        (9, "inline_markup"),
    ]
    assert all("” of " in fault["reason"] for fault in faults.errors)
    assert (found.fields, found.untranslated) == ({KEY: {"name": "B"}}, 1)


LOL = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "'
    + b"a" * 99
    + b'"><!ENTITY b "&a;&a;">]><xliff version="1.2">&b;</xliff>'
)
HOSTILE = (
    ("xliff", LOL, "unsupported_file"),
    ("xliff", b'<!DOCTYPE xliff SYSTEM "http://127.0.0.1/x"><xliff/>', "unsupported_file"),
    ("xliff", b"<html/>", "unsupported_file"),
    ("xliff", b"", "broken_xml"),
    ("xliff", b"\xff\xfe\x00", "broken_xml"),
    ("xliff", b"<xliff><file><body><trans-unit>", "broken_xml"),
    ("xliff", b'<?xml version="1.0" encoding="big5"?><xliff/>', "broken_xml"),
    ("xliff", b'<xliff version="1.2">\xff</xliff>', "broken_xml"),
    ("po", b"\x00\x01", "binary_file"),
    ("po", b"", "unsupported_file"),
    ("po", b"just a text\n", "unsupported_file"),
    ("po", b'msgid "\xff"\n', "undecodable_file"),
    ("po", 'msgid "a"'.encode("utf-16"), "undecodable_file"),
    ("po", b'msgid ""\nmsgstr "Content-Type: text/plain; charset=KOI8-R\\n"\n', "undecodable_file"),
    ("shopify_csv", b"a,b\n1,2\n", "missing_column"),
    ("magento_csv", b"sku,name\n1,2\n", "missing_column"),
    ("wpml_csv", b"SKU,Meta: _wpml_import_language_code,Meta: _wpml_import_translation_group\n1,de,2\n", "missing_column"),
    ("polylang_csv", b"\x89PNG\x00\x00", "binary_file"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "file", "code"), HOSTILE)
def test_a_file_that_is_none_is_refused(name: str, file: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        read(name, file)
    assert refused.value.code == code


def test_a_row_that_is_broken_leaves_the_others() -> None:
    file = made("po").replace(b'msgstr "Wanderflasche"', b"msgstr Wanderflasche")
    rows, faults = read("po", file)
    assert [fault["code"] for fault in faults.errors] == ["broken_entry"]
    assert len(rows) == len(texts_of(ORIGINALS)) - 1
    strange = made("xliff").replace(b"Wanderflasche<", b'<g id="1">Wanderflasche</g><')
    found, faults = taken("xliff", strange)
    assert [fault["code"] for fault in faults.errors] == ["inline_markup"]
    assert "seo.title" not in found.fields[KEY]
    plural = made("po", {"name": "A"}, {"name": "B"}).replace(b'msgstr "B"', b'msgid_plural "As"\nmsgstr[0] "B"')
    assert taken("po", plural, {"name": "A"})[1].errors[0]["code"] == "plural_entry"


def test_a_unit_without_a_name_is_of_no_item() -> None:
    file = made("xliff", {"name": "A"}, {"name": "B"}).replace(b'id="8412#name"', b'resname=""')
    assert taken("xliff", file, {"name": "A"})[1].errors[0]["code"] == "unknown_item"
