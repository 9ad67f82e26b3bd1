"""`python -m scribe.web`: the web server, started the same way everywhere.

uvicorn's own proxy headers are off: it believes whoever calls from 127.0.0.1. `scribe.api.addresses` believes
TRUSTED_PROXIES alone.
"""

from __future__ import annotations

import argparse
import os
import resource

import uvicorn

FILES = 65_536


def allow_many_connections() -> None:
    """A connection that waits costs a file descriptor and little else, so take as many as the system lets us."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m scribe.web")
    asked.add_argument("--host", default=os.environ.get("BIND_ADDRESS") or "127.0.0.1")
    asked.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    asked.add_argument("--workers", type=int, default=int(os.environ.get("WEB_CONCURRENCY") or 1), help="processes")
    asked.add_argument("--grace", type=int, default=10, help="seconds for what is under way when asked to end")
    options = asked.parse_args()
    allow_many_connections()
    uvicorn.run(
        "scribe.asgi:application",
        host=options.host,
        port=options.port,
        workers=options.workers,
        http="scribe.web.protocol:PatientProtocol",  # type: ignore[arg-type]
        ws="none",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=options.grace,
    )


if __name__ == "__main__":
    main()
