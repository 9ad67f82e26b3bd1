"""`python -m tests.soak.proxy PORT BACKEND…`: a proxy that gives each connection to the next of these ports on this machine, and to
another one if that is not there. It ends a connection with either side's end."""

from __future__ import annotations

import asyncio
import itertools
import sys


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(port: int, backends: list[int]) -> None:
    turns = itertools.cycle(range(len(backends)))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turns)
        for backend in backends[first:] + backends[:first]:
            try:
                there = await asyncio.open_connection("127.0.0.1", backend)
                break
            except OSError:
                continue
        else:
            writer.close()
            return
        await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), [int(backend) for backend in sys.argv[2:]]))
