"""`python -m scribe.local run`: the whole stack on this machine."""

import sys

from scribe.local.supervisor import Stack, serve


def main() -> None:
    if sys.argv[1:] != ["run"]:
        raise SystemExit(__doc__)
    serve(Stack())


if __name__ == "__main__":
    main()
