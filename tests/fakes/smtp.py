"""A mail server that takes its time: `received` counts the mails by their Message-ID."""

from __future__ import annotations

import asyncio
from collections import Counter
from email import message_from_bytes

from tests.fakes.raw import RawServer


class MailServer(RawServer):
    """`with MailServer(seconds) as server`: it listens at `server.port` and takes a mail in `seconds`."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds
        self.received: Counter[str] = Counter()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
