"""What the blog's tests share."""

from __future__ import annotations

from typing import Any

import pytest

from blog.models import BlogPost
from tests.factories import make_project


@pytest.fixture
def project(cast: Any) -> Any:
    return make_project(cast.organization)


@pytest.fixture
def make_post(project: Any) -> Any:
    def make(**fields: Any) -> BlogPost:
        values = {
            "organization": project.organization,
            "project": project,
            "title": "Keeping drinks cold",
            "topic": "Bottles",
            "content": "<p>Steel bottles keep drinks cold. They are light as well.</p>",
            "slug": "keeping-drinks-cold",
            **fields,
        }
        return BlogPost.objects.create(**values)

    return make
