"""The web process: timeouts of connections, bodies read before a thread is taken, replies sent after it is free."""
