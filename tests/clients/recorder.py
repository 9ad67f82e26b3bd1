"""A server that notes what it is asked, and answers as an operation of the document would."""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

EVENT = b"id: 1\nevent: complete\ndata: {}\n\n"


@dataclass(frozen=True)
class Asked:
    """A request as it came. `path`: as it was written, quoted."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> Any:
        """The body's fields by name: JSON's, or a form's as text."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return json.loads(self.body) if self.body else None
        message = Message()
        message["Content-Type"] = kind
        found = {}
        for part in self.body.split(b"--" + str(message.get_param("boundary")).encode())[1:-1]:
            head, _, value = part.partition(b"\r\n\r\n")
            disposition = Message()
            disposition["Content-Disposition"] = head.split(b"isposition: ")[1].split(b"\r\n")[0].decode()
            name = disposition.get_param("name", header="content-disposition")
            found[str(name)] = value[:-2].decode()
        return found


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body would wait for the acknowledgement of the headers
    server: Recorder

    def log_message(self, *args: Any) -> None:
        pass

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, url.path, dict(parse_qsl(url.query)), headers, body))
        kind = self.server.kinds.get((self.command, url.path), "json")
        if kind == "stall":
            self.stall()
            return
        answers = {
            "array": ("application/json", b"[]"),
            "stream": ("text/event-stream", EVENT),
            "file": ("text/csv", b"sku"),
        }
        content, answer = answers.get(kind, ("application/json", b"{}"))
        self.send_response({"none": 204, "redirect": 302}.get(kind, 200))
        if kind == "redirect":
            self.send_header("Location", "https://shop.example.com/")
        if kind != "none":
            self.send_header("Content-Type", content)
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if kind != "none":
            self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do

    def stall(self) -> None:
        """Begin an answer, so that the caller knows that it was heard, and wait until the caller hangs up."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.connection.settimeout(30)
        with contextlib.suppress(TimeoutError):
            try:
                hung_up = self.connection.recv(1) == b""
            except ConnectionError:
                hung_up = True  # it had not read all of the answer
            if hung_up:
                self.server.hung_up.set()


class Recorder(ThreadingHTTPServer):
    """`kinds`: how each method and path is answered: `json`, `array`, `stream`, `file`, `redirect`, `none`, `stall`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kinds: dict[tuple[str, str], str] = {}
        self.asked: list[Asked] = []
        self.hung_up = threading.Event()

    def __enter__(self) -> Recorder:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: Any) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
