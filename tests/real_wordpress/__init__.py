"""A real WordPress for tests: Debian's packages, started on loopback in a folder of its own."""
