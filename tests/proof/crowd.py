"""Clients that take and never give: senders who stop, readers who do not read, heads that never end, stores that are silent."""

from __future__ import annotations

import socket
import threading
from typing import Any

import psutil

from projects.models import ContentItem
from tests import factories
from tests.live import Live

Sockets = list[socket.socket]


def link(live: Live, text: str, *, small: bool = False) -> socket.socket:
    """A connection on which `text` was sent. `small`: with a receive buffer that a reply fills at once."""
    made = socket.socket()
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(60)
    made.connect(("127.0.0.1", live.port))
    made.sendall(text.replace("\n", "\r\n").encode())
    return made


def idle_senders(live: Live, number: int) -> Sockets:
    """A body of 5,000 bytes is announced, and six of them come."""
    head = "POST /api/v1/auth/login HTTP/1.1\nHost: 127.0.0.1\nContent-Type: application/json\nContent-Length: 5000\n\n"
    return [link(live, head + '{"a": ') for _ in range(number)]


def endless_heads(live: Live, number: int) -> Sockets:
    return [link(live, "GET /api/v1/projects HTTP/1.1\nHost: 127.0.0.1\nX-More: ") for _ in range(number)]


def stalled_readers(live: Live, path: str, token: str, number: int) -> Sockets:
    """A large reply is asked for and not read."""
    head = f"GET {path} HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {token}\n\n"
    return [link(live, head, small=True) for _ in range(number)]


def ask_silent_stores(live: Live, url: str, number: int) -> Sockets:
    """Live tests of stores that take the connection and say nothing, three for each organization."""
    made: Sockets = []
    while len(made) < number:
        user = factories.make_user()
        token = factories.token_of(user)
        for _ in range(min(3, number - len(made))):
            connection = factories.make_woocommerce_connection(user.organization, url, f"Silent {len(made)}")
            path = f"/api/v1/store-connections/{connection.pk}/test"
            head = f"POST {path} HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {token}\nContent-Length: 0\n\n"
            made.append(link(live, head))
    return made


def large_list(owner: Any) -> str:
    """The path of a list of eight megabytes, which is more than the system keeps for a connection."""
    project = factories.make_project(owner.organization)
    text = "A green bottle. " * 16_000
    ContentItem.objects.bulk_create(
        ContentItem(
            organization=owner.organization,
            project=project,
            external_id=str(number),
            item_type="product",
            source_data={"name": f"Bottle {number}", "description": text},
        )
        for number in range(32)
    )
    return f"/api/v1/projects/{project.pk}/items"


def status_of(link: socket.socket) -> int:
    """The status of the reply on a connection; 0 when it was closed without one."""
    line = link.recv(12)
    return int(line[9:12]) if line.startswith(b"HTTP/1.1 ") else 0


def rest_of(link: socket.socket) -> bytes:
    """Whatever else comes until the connection is closed; a reset ends it as well."""
    parts: list[bytes] = []
    try:
        while part := link.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def taken(live: Live) -> int:
    """How many connections the web server has open."""
    top = psutil.Process(live.process("web").child.pid)
    links = [link for process in [top, *top.children(recursive=True)] for link in process.net_connections("tcp4")]
    return sum(link.status == psutil.CONN_ESTABLISHED and link.laddr.port == live.port for link in links)


def close(links: Sockets) -> None:
    for made in links:
        made.close()


class Silence:
    """A store that takes every connection and never answers."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.taken: Sockets = []
        self.thread = threading.Thread(target=self._take, daemon=True)

    def _take(self) -> None:
        while True:
            try:
                self.taken.append(self.listener.accept()[0])
            except OSError:
                return

    def __enter__(self) -> Silence:
        self.thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        close(self.taken)
