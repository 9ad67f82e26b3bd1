"""PostgreSQL has a process for each connection, and no priority of statements: its process may have ours instead."""

import os
import socket
import struct
from contextlib import closing, suppress
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

CREDENTIALS = struct.Struct("iII")  # pid, uid and gid: https://man7.org/linux/man-pages/man7/unix.7.html (SO_PEERCRED)


def take_ours(connection: BaseDatabaseWrapper, **signal: object) -> None:
    """Give the server's process behind a new connection the priority of this process and of its session, where it runs
    on this machine and we may. A receiver of Django's `connection_created`."""
    link = connection.connection.pgconn
    with suppress(OSError, ValueError), closing(socket.socket(fileno=os.dup(link.socket))) as to_server:
        told = to_server.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
        server, _, _ = CREDENTIALS.unpack(told)
        there = Path(f"/proc/{link.backend_pid}")
        # The number may be another machine's. This machine's is a child of the server at the socket's other end.
        if not server or int((there / "stat").read_text().rpartition(")")[2].split()[1]) != server:
            return
        os.setpriority(os.PRIO_PROCESS, link.backend_pid, os.getpriority(os.PRIO_PROCESS, 0))
        (there / "autogroup").write_text(Path("/proc/self/autogroup").read_text().split()[-1])
