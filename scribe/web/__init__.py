"""The web process: the server's patience with a connection, bodies before a thread is taken, replies after it is free."""
