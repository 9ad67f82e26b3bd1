"""A proxy before PostgreSQL or Valkey that breaks a connection at a chosen message of the client, as a server does that is
killed, restarted or just starting."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any, Self

SHUTDOWN = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
NOT_NOW = {
    "loading": b"-LOADING Valkey is loading the dataset in memory\r\n",
    "read only": b"-READONLY You can't write against a read only replica.\r\n",
    "full": b"-OOM command not allowed when used memory > 'maxmemory'.\r\n",
}
#: How PostgreSQL ends: nothing is passed on; the answer is lost; half of it arrives; it says that it is shut down.
POSTGRES_WAYS = ("unheard", "unanswered", "half", "told")
VALKEY_WAYS = ("unheard", "unanswered", "half", *NOT_NOW)


class Proxy:
    """`with Proxy(address) as proxy`: it listens at `proxy.port`. `cut(n, way)` breaks the connection that sends the n-th
    message from now on; `struck` says whether that has happened."""

    def __init__(self, address: str | tuple[str, int]) -> None:
        self.address = address
        self.lock = threading.Lock()
        self.left, self.way, self.struck = 0, "", False
        self.door = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.door.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(self, *error: Any) -> None:
        with contextlib.suppress(OSError):  # wakes `accept`
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def cut(self, number: int, way: str) -> None:
        with self.lock:
            self.left, self.way, self.struck = number, way, False

    def _due(self) -> str:
        """How to break the present message; empty for passing it on."""
        with self.lock:
            self.left -= 1
            if self.left != 0:
                return ""
            self.struck = True
            return self.way

    def _take(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=Link(self, client).run, daemon=True).start()


class Link:
    """One connection of a client, and its own to the server."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        self.proxy, self.client = proxy, client
        if isinstance(proxy.address, str):
            self.server = socket.socket(socket.AF_UNIX)
        else:
            self.server = socket.socket()
        self.keep: float = 1  # which part of the server's next answer is passed on

    def run(self) -> None:
        try:
            self.server.connect(self.proxy.address)
            threading.Thread(target=self._back, daemon=True).start()
            while sent := self.client.recv(1 << 16):
                if not self._forward(sent, self.proxy._due()):
                    break
        except OSError:
            pass
        finally:
            self.end()

    def _forward(self, sent: bytes, way: str) -> bool:
        if way in NOT_NOW and sent.count(b"\r\n*") == 0:  # one command gets one answer, and the connection stays
            self.client.sendall(NOT_NOW[way])
            return True
        if way == "told":
            self.client.sendall(b"E" + (len(SHUTDOWN) + 4).to_bytes(4, "big") + SHUTDOWN)
        if way == "unanswered":
            self.keep = 0
        elif way == "half":
            self.keep = 0.5
        elif way:
            return False
        self.server.sendall(sent)
        return True

    def _back(self) -> None:
        try:
            while answer := self.server.recv(1 << 16):
                keep = self.keep
                self.client.sendall(answer[: int(len(answer) * keep)])
                if keep < 1:
                    break
        except OSError:
            pass
        finally:
            self.end()

    def end(self) -> None:
        for link in (self.client, self.server):
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()
