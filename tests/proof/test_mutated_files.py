"""Parsers against damaged files: a clean refusal or items, never anything else, and never for long.

The mutations cut, double, move and overwrite bytes of our own small exports, as broken uploads and bad tools do, and repack
workbooks with damaged parts. `MUTATIONS` is how many examples each sample gets.
"""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import projects
from catalog.files.detection import open_file
from catalog.files.rows import Faults
from projects import file_import
from projects.models import ContentItem, DataSource
from scribe.errors import DomainError
from tests import factories
from tests.catalog.files import samples
from tests.sizes import size
from tests.stores import STORES

MUTATIONS = int(os.environ.get("MUTATIONS", size(20, 60)))
SECONDS_AT_MOST = 20.0  # of computing, for files of a few kilobytes
HOSTILE = [
    b'"', b"'", b";", b",", b"\t", b"\r", b"\n", b"\r\n", b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1a", b'""', b'"\n',
    b"=1+1", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"]]>", b"<![CDATA[", b"</item>", b"<item>", b"PK\x03\x04",
    b"%PDF-1.4", b"\xed\xa0\x80", b"\xc3", "\u202e".encode(), b"9" * 400, b"," * 300, b"<" * 200, b"-1", b"NaN", b"1e999",
]  # fmt: skip


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["SKU", "Name", "Description", "Price"],
        ["A-1", "Šolja", "<p>Dobra</p>", 590],
        ["A-2", None, "x", "=1+1"],
    ):
        sheet.append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


SAMPLES: dict[str, tuple[bytes, str]] = {
    **{name: (store.file, name) for name, store in STORES.items()},
    "woocommerce-utf16": (samples.WOO.encode("utf-16"), "woocommerce"),
    "demo": ((Path(projects.__file__).parent / "sample" / "woocommerce_export.csv").read_bytes()[:8000], "woocommerce"),
    "workbook": (workbook(), "woocommerce"),
}
position = st.floats(0, 1, allow_nan=False)
mutation = st.one_of(
    st.tuples(st.just("cut"), position, st.integers(1, 400)),
    st.tuples(st.just("double"), position, st.integers(1, 400)),
    st.tuples(st.just("move"), position, st.integers(1, 400)),
    st.tuples(st.just("insert"), position, st.sampled_from(HOSTILE) | st.binary(max_size=8)),
    st.tuples(st.just("overwrite"), position, st.sampled_from(HOSTILE) | st.binary(max_size=8)),
    st.tuples(st.just("flip"), position, st.integers(1, 255)),
    st.tuples(st.just("end"), position, st.just(0)),
)


def mutate(data: bytes, steps: list[tuple[str, float, Any]]) -> bytes:
    for kind, where, what in steps:
        at = int(where * len(data))
        if kind == "cut":
            data = data[:at] + data[at + what :]
        elif kind == "double":
            data = data[: at + what] + data[at:]
        elif kind == "move":
            data = data[:at] + data[at + what :] + data[at : at + what]
        elif kind == "insert":
            data = data[:at] + what + data[at:]
        elif kind == "overwrite":
            data = data[:at] + what + data[at + len(what) :]
        elif kind == "flip" and data:
            at = min(at, len(data) - 1)
            data = data[:at] + bytes([data[at] ^ what]) + data[at + 1 :]
        elif kind == "end":
            data = data[:at]
    return data


def read(data: bytes, platform: str) -> int | None:
    """How many items `data` holds; None for a refusal. Anything else that is raised is a finding."""
    began = time.thread_time()
    faults = Faults()
    try:
        opened = open_file(io.BytesIO(data), platform=platform)
        items = list(opened.items(faults))
        config = opened.as_config()
    except DomainError as refusal:
        check(refusal)
        return None
    finally:
        assert time.thread_time() - began < SECONDS_AT_MOST
    assert config["format"] == opened.kind
    for item in items:
        assert isinstance(item.external_id, str)
        json.dumps(item.source_data, ensure_ascii=False).encode()  # nothing that no reply could carry
    return len(items)


def check(refusal: DomainError) -> None:
    assert 400 <= refusal.status < 500, refusal
    assert refusal.detail
    assert refusal.code


fuzzed = settings(max_examples=MUTATIONS, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_refused_or_read(name: str) -> None:
    data, platform = SAMPLES[name]
    assert read(data, platform), f"the sample {name} itself is not read"

    @fuzzed
    @given(steps=st.lists(mutation, min_size=1, max_size=6))
    def damaged(steps: list[tuple[str, float, Any]]) -> None:
        read(mutate(data, steps), platform)

    damaged()


@fuzzed
@given(part=st.integers(0, 20), steps=st.lists(mutation, min_size=1, max_size=4))
def test_a_workbook_with_a_damaged_part_is_refused_or_read(part: int, steps: list[tuple[str, float, Any]]) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAMPLES["workbook"][0])) as whole, zipfile.ZipFile(sink, "w") as packed:
        names = whole.namelist()
        for name in names:
            content = whole.read(name)
            packed.writestr(name, mutate(content, steps) if name == names[part % len(names)] else content)
    read(sink.getvalue(), "woocommerce")


@fuzzed
@given(data=st.binary(max_size=3000), platform=st.sampled_from(list(STORES)))
def test_noise_is_refused_or_read(data: bytes, platform: str) -> None:
    read(data, platform)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_upload_makes_a_source_with_items_or_nothing(name: str, cast: Any) -> None:
    data, platform = SAMPLES[name]
    project = factories.make_project(cast.organization, platform=platform)

    @settings(fuzzed, max_examples=max(1, MUTATIONS // 4))
    @given(steps=st.lists(mutation, min_size=1, max_size=4))
    def uploaded(steps: list[tuple[str, float, Any]]) -> None:
        with transaction.atomic():
            upload(project, mutate(data, steps), cast.owner)
            transaction.set_rollback(True)

    uploaded()


def upload(project: Any, data: bytes, by: Any) -> None:
    try:
        with transaction.atomic():
            source = file_import.upload(project=project, file=io.BytesIO(data), name="export", mapping=None, by=by)
    except DomainError as refusal:
        check(refusal)
        assert not DataSource.objects.filter(project=project).exists()
        assert not ContentItem.objects.filter(project=project).exists()
        return
    assert source.status == DataSource.Status.READY
    assert ContentItem.objects.filter(data_source=source).exists()


@pytest.mark.parametrize("encoding", ["UT-8", "utf-7", "shift_jis", "hex", "idna", "punycode", "cp037"])
def test_an_xml_in_an_encoding_that_is_not_read_is_refused_by_name(encoding: str) -> None:
    data, _ = SAMPLES["wordpress"]
    head, rest = data.split(b"?>", 1)
    assert b"encoding" in head
    declared = b'<?xml version="1.0" encoding="' + encoding.encode() + b'"?>' + rest
    with pytest.raises(DomainError) as refused:
        list(open_file(io.BytesIO(declared), platform="wordpress").items(Faults()))
    check(refused.value)
