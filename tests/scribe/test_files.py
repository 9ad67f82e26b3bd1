"""Files over HTTP: who may read them, and how much of them."""

from __future__ import annotations

from typing import Any

from scribe import storage


def test_an_image_is_public_with_its_etag(api: Any, cast: Any) -> None:
    key = storage.save(cast.organization.pk, "images", "a.png", b"\x89PNG" + b"x" * 100)
    assert api.get(f"files/{key}") == b"\x89PNG" + b"x" * 100
    tag = api.last["ETag"]
    assert "immutable" in api.last["Cache-Control"]
    api.with_(If_None_Match=tag).get(f"files/{key}", status=304)


def test_anything_else_is_for_its_organization(api: Any, cast: Any) -> None:
    key = storage.save(cast.organization.pk, "sources", "a.csv", b"secret")
    api.get(f"files/{key}", status=401)
    api.as_(cast.stranger).get(f"files/{key}", status=404)
    assert api.as_(cast.teammate).get(f"files/{key}") == b"secret"


def test_an_image_by_its_extension_alone_is_not_public(api: Any, cast: Any) -> None:
    key = storage.save(cast.organization.pk, "sources", "a.png", b"data")
    api.get(f"files/{key}", status=401)


def test_ranges(api: Any, cast: Any) -> None:
    key = storage.save(cast.organization.pk, "images", "a.png", b"0123456789")
    for header, status, body, content_range in (
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=5-", 206, b"56789", "bytes 5-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-99", 200, b"0123456789", None),
        ("bytes=nonsense", 200, b"0123456789", None),
        (f"bytes={'9' * 5000}-", 200, b"0123456789", None),
        ("bytes=²-", 200, b"0123456789", None),
    ):
        caller = api.with_(Range=header)
        assert caller.get(f"files/{key}", status=status) == body
        assert caller.last.get("Content-Range") == content_range
    caller = api.with_(Range="bytes=10-")
    caller.get(f"files/{key}", status=416)
    assert caller.last["Content-Range"] == "bytes */10"


def test_keys_cannot_climb_out(api: Any, cast: Any) -> None:
    caller = api.as_(cast.owner)
    own = f"organizations/{cast.organization.pk}"
    for key in (
        "../etc/passwd",
        f"{own}/images/../../../../etc/passwd",
        f"{own}/images/x/%2e%2e%2fsecret",
        f"{own}/images/x/..",
        f"{own}/images//x",
        "organizations",
        "%2Fetc%2Fpasswd",
    ):
        assert caller.client.get(f"/api/v1/files/{key}", headers=caller.headers).status_code in (401, 404)


def test_a_missing_file_is_404(api: Any, cast: Any) -> None:
    api.get(f"files/{storage.new_key(cast.organization.pk, 'images', 'a.png')}", status=404)
