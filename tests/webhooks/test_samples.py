"""The samples of docs/guides/webhooks.md, run as they are printed, against signatures of ours."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from webhooks import signatures

PAGE = (Path(settings.BASE_DIR) / "docs/guides/webhooks.md").read_text(encoding="utf-8")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "QUJD" * 11
BODY = '{"type":"ping","data":{"name":"Čaj & <b>tea</b> 🫖"}}'
DRIVERS = {
    "python": (
        [sys.executable],
        "verify_sample.py",
        "drive.py",
        (
            "import json, sys\nfrom verify_sample import verify\n"
            "print(json.dumps([verify(c['secret'], c['headers'], c['body'].encode()) for c in json.load(open(sys.argv[1]))]))"
        ),
    ),
    "php": (
        ["php"],
        "verify_sample.php",
        "drive.php",
        (
            "<?php\nrequire __DIR__ . '/verify_sample.php';\n"
            "$found = array_map(fn($c) => verify($c['secret'], $c['headers'], $c['body']), json_decode(file_get_contents($argv[1]), true));\n"
            "echo json_encode($found);"
        ),
    ),
    "js": (
        ["node"],
        "verify_sample.mjs",
        "drive.mjs",
        (
            'import { readFileSync } from "node:fs";\nimport { verify } from "./verify_sample.mjs";\n'
            'const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));\n'
            "console.log(JSON.stringify(cases.map((c) => verify(c.secret, c.headers, Buffer.from(c.body)))));"
        ),
    ),
}


def cases() -> list[tuple[dict[str, Any], bool]]:
    now = datetime.now(UTC)

    def case(secrets: list[str], at: datetime = now, secret: str = SECRET, body: str = BODY, **headers: str) -> Any:
        signed = signatures.headers(secrets=secrets, message_id="evt 1", body=BODY, now=at)
        return {"secret": secret, "headers": {**signed, **headers}, "body": body}

    return [
        (case([SECRET]), True),
        (case([OTHER, SECRET]), True),  # during a rotation, the old secret
        (case([SECRET, OTHER]), True),
        (case([OTHER]), False),
        (case([SECRET], body=BODY + " "), False),
        (case([SECRET], at=now - timedelta(minutes=6)), False),
        (case([SECRET], at=now + timedelta(minutes=6)), False),
        (case([SECRET], **{"webhook-id": "evt 2"}), False),
        (case([SECRET], **{"webhook-timestamp": "soon"}), False),
        (case([SECRET], **{"webhook-signature": "v1a,xx v1,"}), False),
    ]


@pytest.mark.parametrize("language", DRIVERS)
def test_a_sample_takes_what_we_sign_and_nothing_else(language: str, tmp_path: Path) -> None:
    command, sample, driver, code = DRIVERS[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    [printed] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / sample).write_text(printed, encoding="utf-8")
    (tmp_path / driver).write_text(code, encoding="utf-8")
    told = cases()
    (tmp_path / "cases.json").write_text(json.dumps([case for case, _ in told]), encoding="utf-8")
    done = subprocess.run([*command, driver, "cases.json"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [right for _, right in told]


def test_the_page_names_every_type_and_no_other() -> None:
    from scribe.outbox.types import TYPES

    table = re.findall(r"^\| (`.*?`) \| \w+ \|", PAGE, re.MULTILINE)
    assert {name for row in table for name in re.findall(r"`([\w.]+)`", row)} == set(TYPES)
