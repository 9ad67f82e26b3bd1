"""`python -m scribe.web`: the web server, started the same way everywhere.

uvicorn's own handling of proxy headers is off, since it trusts every caller on 127.0.0.1. `scribe.api.addresses` trusts only
TRUSTED_PROXIES.
"""

import argparse
import os
import resource

import uvicorn

FILES = 65_536


def allow_many_connections() -> None:
    """Raise the limit of open files to FILES, or the system's maximum if lower: each waiting connection needs one."""
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
        http="scribe.web.protocol:PatientProtocol",
        ws="none",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,  # scribe.logs has all lines in one form
        timeout_graceful_shutdown=options.grace,
    )


if __name__ == "__main__":
    main()
