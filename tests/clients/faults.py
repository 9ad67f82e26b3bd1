"""A proxy before the running product that loses answers, breaks connections and cuts streams, as it is told.

`POST /faults` takes a list, of which each call to the API uses one up: `pass`, `302`, `429` or `503` (answered without
asking), `drop` (the connection is closed before asking), `lose` (asked, and the answer thrown away), `504` (the same, and a
gateway's page comes instead), `truncate` (the answer breaks off in its body), `stall` (it comes to nothing there and stays
open), `cut:N` (the stream is cut in the middle of the event after N whole ones), `silent:N` (after N whole ones nothing more
comes). `GET /seen` tells the calls since then.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP = ("connection", "transfer-encoding", "content-length", "keep-alive", "host")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultyProxy

    def log_message(self, *args: Any) -> None:
        pass

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/faults":
            self.server.faults, self.server.seen = json.loads(body), []
            self.tell(200, b"{}")
        elif self.path == "/seen":
            self.tell(200, json.dumps(self.server.seen).encode())
        else:
            self.pass_on(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do

    def pass_on(self, body: bytes) -> None:
        fault = self.server.faults.pop(0) if self.server.faults else "pass"
        called = {"method": self.command, "path": urlsplit(self.path).path, "fault": fault}
        self.server.seen.append(
            {**called, "key": self.headers.get("Idempotency-Key"), "prefer": self.headers.get("Prefer")}
        )
        if fault == "drop":
            self.close_connection = True
            return
        if fault == "302":
            self.tell(302, b"", {"Location": "https://moved.example.com/api"})
            return
        if fault in ("429", "503"):
            problem = json.dumps(
                {"status": int(fault), "code": "rate_limited" if fault == "429" else "service_unavailable"}
            )
            self.tell(int(fault), problem.encode(), {"Retry-After": "0"})
            return
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        try:
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            upstream.request(self.command, self.path, body=body or None, headers=sent)
            response = upstream.getresponse()
            if fault == "lose":
                response.read()
                self.close_connection = True
                return
            if fault == "504":
                response.read()
                self.tell(504, b"<html>The gateway gave up.</html>", {"Content-Type": "text/html"})
                return
            if "event-stream" in response.headers.get("Content-Type", ""):
                end, _, whole = fault.partition(":")
                self.stream(response, int(whole or -1), stays=end == "silent")
                return
            kept = {name: value for name, value in response.headers.items() if name.lower() not in HOP}
            self.tell(response.status, response.read(), kept, breaks=fault in ("truncate", "stall"))
            if fault == "stall":
                self.wait_for_the_end()
        finally:
            upstream.close()

    def stream(self, response: http.client.HTTPResponse, whole: int, *, stays: bool = False) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        while line := response.readline():
            if whole == 0 and line.startswith(b"data:"):
                self.wfile.write(line[: len(line) // 2])
                if stays:
                    self.wait_for_the_end()
                return
            self.wfile.write(line)
            self.wfile.flush()
            if line.strip() == b"" and whole > 0:
                whole -= 1

    def wait_for_the_end(self) -> None:
        """Wait until the caller has had enough."""
        self.wfile.flush()
        self.connection.settimeout(30)
        with contextlib.suppress(OSError):
            self.connection.recv(1)

    def tell(self, status: int, body: bytes, headers: dict[str, str] | None = None, *, breaks: bool = False) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if breaks else body)
        self.close_connection = self.close_connection or breaks


class FaultyProxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.upstream = urlsplit(upstream).netloc
        self.faults: list[str] = []
        self.seen: list[dict[str, Any]] = []

    def __enter__(self) -> FaultyProxy:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: Any) -> None:
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
