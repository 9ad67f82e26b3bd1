"""Write the clients' types and methods from the OpenAPI document: `python clients/generate.py openapi.json`.

Writes `schemas` and `operations` of both languages, which are kept in the repository. With `--check` it writes nothing
and ends with 1 where a kept file is another.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from operations import MethodsInPython, MethodsInTypeScript, operations_of, query_types
from schemas import InPython, InTypeScript

HERE = Path(__file__).resolve().parent
PYTHON = HERE / "python" / "src" / "xcscribe"
TYPESCRIPT = HERE / "typescript" / "src"


def files_of(document: dict[str, Any]) -> dict[Path, str]:
    """The text of each file that is made of the document."""
    operations = operations_of(document)
    schemas = document["components"]["schemas"]
    queries = query_types(operations)
    if twice := schemas.keys() & queries.keys():
        raise ValueError(f"A schema and a query have one name: {', '.join(sorted(twice))}")
    every = {**schemas, **queries}
    return {
        PYTHON / "schemas.py": InPython(every).whole(),
        PYTHON / "operations.py": MethodsInPython(every).write(operations),
        TYPESCRIPT / "schemas.ts": InTypeScript(every).whole(),
        TYPESCRIPT / "operations.ts": MethodsInTypeScript(every).write(operations),
    }


def main(path: str, *options: str) -> int:
    files = files_of(json.loads(Path(path).read_text(encoding="utf-8")))
    if "--check" not in options:
        for file, text in files.items():
            file.write_text(text, encoding="utf-8")
        return 0
    stale = [file for file, text in files.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        sys.stderr.write(f"{file.relative_to(HERE.parent)} is not of the present document. Run: make clients\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
