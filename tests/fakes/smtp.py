"""A mail server that takes its time: `received` counts the mails by their Message-ID."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from email import message_from_bytes
from typing import Any, Self


class MailServer:
    """`with MailServer(seconds) as server`: it listens at `server.port` and takes a mail in `seconds`."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.received: Counter[str] = Counter()
        self._ready = threading.Event()
        self._loop: Any = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(5)

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 mail.example.com\r\n")
            while line := await reader.readline():
                word = line.strip().upper()[:4]
                if word == b"DATA":
                    writer.write(b"354 Go on\r\n")
                    content = await reader.readuntil(b"\r\n.\r\n")
                    await asyncio.sleep(self.seconds)
                    self.received[str(message_from_bytes(content)["Message-ID"])] += 1
                writer.write(b"221 Bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
