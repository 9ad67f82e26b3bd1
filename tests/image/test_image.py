"""The production install, with each Python of this machine. `make image-check` tells each step."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.image import check


@pytest.fixture(scope="module")
def place() -> Iterator[check.Place]:
    with check.Place() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", check.VERSIONS)
def test_all_of_compose_runs_from_the_images_packages_and_tree_alone(place: check.Place, version: str) -> None:
    python = check.pythons([version])[version]
    if python is None:
        assert not sys.version.startswith(version + "."), "the Python that runs this is not found"
        pytest.skip(f"Python {version} is not on this machine")
    place.check(version, python)
