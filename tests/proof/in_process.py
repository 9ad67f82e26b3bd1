"""A session of `requests` whose requests are answered by this process, inside the transaction of the test."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from django.test import Client
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from scribe import jobs
from scribe.jobs.models import Job

URL = "http://testserver"


class InProcess(BaseAdapter):
    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        body = request.body or b""
        answer: Any = Client(raise_request_exception=False).generic(
            request.method or "GET",
            path,
            body.encode() if isinstance(body, str) else body,
            content_type=request.headers.get("Content-Type", ""),
            headers={k: v for k, v in request.headers.items() if k.lower() not in ("content-type", "content-length")},
        )
        if answer.get("Content-Type", "").startswith("text/event-stream"):
            for job in Job.objects.active():  # no worker runs here: its stream ends when it is cancelled
                jobs.cancel(job)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers = CaseInsensitiveDict(answer.items())
        response.request = request
        response.url = request.url or ""
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        response.raw = HTTPResponse(BytesIO(content), headers=dict(answer.items()), preload_content=False)
        response._content = response.raw.data  # unpacked, as a program reads it
        response._content_consumed = True
        return response

    def close(self) -> None:
        """Nothing is open."""


def session() -> requests.Session:
    made = requests.Session()
    made.mount(URL, InProcess())
    return made
