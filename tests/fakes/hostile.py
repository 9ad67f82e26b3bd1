"""A store that wants to hurt: any status, any header, slow, endless, huge and deep replies, chosen at random by a seed."""

from __future__ import annotations

import asyncio
import random

from tests.fakes.raw import RawServer

RETRY_AFTER = (
    "31536000", "inf", "-inf", "nan", "1e999", "-5", "0", "0.01", "soon", "", "9" * 400,
    "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 2035 00:00:00 +99999999999",
)  # fmt: skip
STATUSES = (
    200,
    201,
    204,
    206,
    301,
    302,
    304,
    307,
    400,
    401,
    403,
    404,
    408,
    410,
    413,
    418,
    425,
    429,
    451,
    500,
    502,
    503,
    504,
    599,
    999,
)
HEADERS = (
    "Content-Encoding: gzip", "Content-Encoding: br", "Content-Length: 10", "Content-Length: -1",
    "Transfer-Encoding: chunked", "Location: http://169.254.169.254/", "Location: /", "X-WP-Total: inf",
    "X-WP-TotalPages: 99999999999", "Content-Type: text/html", "Set-Cookie: a=b", "X-Long: " + "x" * 60_000,
    "Link: </>; rel=next", "Content-Length: 99999999999",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b"0", b'"text"', b"<html>", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 500 + b"1" + b"}" * 500,
    b"[1e308, -1e308, 18446744073709551616]", b'[{"id": {}, "name": [], "images": 7, "price": {"x": 1}}]',
    b'[{"id": 1, "name": "\\u0000", "sku": null}]', b'{"data": {"products": {"nodes": [null], "pageInfo": 5}}}',
    b'{"items": [[]], "total_count": "many"}', b'[{"id": "1", "name": "A bottle", "type": "simple", "meta_data": "no"}]',
)  # fmt: skip


class Hostile(RawServer):
    """`with Hostile(seed) as store`: `store.url` is its address. The same seed gives the same replies."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)
        self.asked = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        await self._reply(writer)
        await writer.drain()

    async def _reply(self, writer: asyncio.StreamWriter) -> None:
        choose = self.random.choice
        way = self.random.random()
        if way < 0.05:
            return  # not a word
        if way < 0.1:
            writer.write(
                choose((b"SSH-2.0-OpenSSH\r\n", b"HTTP/9.9 yes\r\n\r\n", b"\x16\x03\x01", b"HTTP/1.1 200 OK\r\n" * 50))
            )
            return
        lines = [f"HTTP/1.1 {choose(STATUSES)} Whatever"]
        lines += [choose(HEADERS) for _ in range(self.random.randrange(4))]
        if self.random.random() < 0.6:
            lines.append(f"Retry-After: {choose(RETRY_AFTER)}")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        if way < 0.13:
            while True:  # until whoever reads has had enough
                writer.write(b"[" + b"7," * 500_000)
                await writer.drain()
        if way < 0.2:
            for _ in range(5):
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        writer.write(choose(BODIES))
