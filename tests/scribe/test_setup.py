"""The first command on a bare machine: `bin/venv` makes a whole environment with what is there, or none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A Python as Debian ships it: `venv` leaves a folder behind and fails, and there is no pip.
BARE_PYTHON = f"""#!/bin/sh
case "$1 $2" in
  "-m venv") for last; do :; done; mkdir -p "$last/bin"; ln -sf {sys.executable} "$last/bin/python"; exit 1;;
  "-m pip") echo "No module named pip" >&2; exit 1;;
  "-c import ensurepip") exit 1;;
  *) exec {sys.executable} "$@";;
esac
"""
# `uv venv … FOLDER` makes an environment, and `uv pip install … --python FOLDER/bin/python uv==…` puts itself into it.
UV = f"""#!/bin/sh
case "$1" in
  venv) for last; do :; done; mkdir -p "$last/bin"; ln -s {sys.executable} "$last/bin/python";;
  pip) printf '#!/bin/sh\\n' > .venv/bin/uv; chmod +x .venv/bin/uv;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder whose `programs` are all that PATH has beside the shell's own."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "rm", "mkdir", "ln", "cat", "mktemp", "chmod"):
        (programs / name).symlink_to(next(Path(p, name) for p in os.get_exec_path() if Path(p, name).exists()))
    program(tmp_path, "python3", BARE_PYTHON)
    return tmp_path


def program(machine: Path, name: str, text: str = "#!/bin/sh\nexit 1\n") -> None:
    path = machine / "programs" / name
    path.write_text(text)
    path.chmod(0o755)


def make(machine: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / "bin" / "venv"), ".venv"],
        cwd=machine,
        env={"PATH": str(machine / "programs"), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_ensurepip_the_missing_package_is_named_and_nothing_is_left(machine: Path) -> None:
    program(machine, "apt-get")
    for _ in range(2):  # the second try failed by what the first had left
        made = make(machine)
        assert made.returncode == 1
        assert f"sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv" in made.stderr
        assert not (machine / ".venv").exists()


def test_a_half_made_environment_is_made_anew_with_what_is_there(machine: Path) -> None:
    half = machine / ".venv" / "bin"
    half.mkdir(parents=True)
    (half / "python").symlink_to(sys.executable)
    (half / "of-the-first-try").touch()
    program(machine, "uv", UV)
    made = make(machine)
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in half.iterdir()) == ["python", "uv"]


def test_an_environment_that_works_is_kept(machine: Path) -> None:
    program(machine, "uv", UV)
    make(machine)
    (machine / ".venv" / "kept").touch()
    assert make(machine).stdout == ""
    assert (machine / ".venv" / "kept").exists()


def test_a_python_that_does_not_fit_is_refused_by_its_name(machine: Path) -> None:
    program(machine, "python2")
    made = make(machine, PYTHON="python2")
    assert made.returncode == 1
    assert "3.11, 3.12 or 3.13, and python2 here is none of these" in made.stderr
    assert not (machine / ".venv").exists()
