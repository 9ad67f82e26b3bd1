"""A real S3 server for tests: SeaweedFS on ports of this machine, with one account and whatever buckets a test makes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3
import requests

from scribe.local.servers import free_port

KEY, SECRET = "for-tests", "secret-for-tests"


class S3Server:
    """`url` and `client` reach it; with `tls` by https, with the authority in the file `certificate`. `stop()` ends it and
    deletes what it holds."""

    def __init__(self, *, tls: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="scribe-s3-", dir="/var/tmp"))
        (self.folder / "data").mkdir()
        account = {
            "name": "tests",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self.folder / "accounts.json").write_text(json.dumps({"identities": [account]}))
        self.port = port = free_port()
        ports = [f"-{part}.port={free_port()}" for part in ("master", "filer", "volume")]
        binary = Path(sys.executable).parent / "weed"
        command = [str(binary), "mini", f"-dir={self.folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *ports]
        command += [
            f"-s3.port={port}",
            f"-s3.config={self.folder / 'accounts.json'}",
            "-webdav=false",
            "-admin.ui=false",
        ]
        command += ["-s3.port.iceberg=0", "-master.volumeSizeLimitMB=64"]
        self.certificate = self.folder / "certificate.pem"
        if tls:
            secret = self.folder / "key.pem"
            issue = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
            issue += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(secret), "-out", str(self.certificate)]
            subprocess.run(issue, check=True, capture_output=True)
            self.folder.chmod(0o755)
            self.certificate.chmod(0o644)
            command += [f"-s3.cert.file={self.certificate}", f"-s3.key.file={secret}"]
        self.log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=self.folder)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        verify = str(self.certificate) if tls else True
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            verify=verify,
        )
        for _ in range(300):
            try:
                if requests.get(f"{self.url}/healthz", timeout=1, verify=verify).ok:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError("The S3 server did not start.")

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a process whose backups go here."""
        return {
            "BACKUP_S3_ENDPOINT_URL": self.url,
            "BACKUP_S3_ACCESS_KEY_ID": KEY,
            "BACKUP_S3_SECRET_ACCESS_KEY": SECRET,
            "BACKUP_S3_REGION": "us-east-1",
        }

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(60)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
