"""Routes grouped by their first segment, since trying all 220 patterns one by one on every request is slow."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern, ResolverMatch, RoutePattern
from django.utils.functional import cached_property


def flat(patterns: list[Any]) -> list[URLPattern]:
    """The patterns of several lists, without the empty includes around them."""
    found: list[URLPattern] = []
    for pattern in patterns:
        found += [pattern] if isinstance(pattern, URLPattern) else flat(pattern.url_patterns)
    return found


class Segmented(URLResolver):
    """A resolver that tries only the patterns with the same first segment as the path. Every pattern begins with a fixed
    segment (`projects/<str:project_id>` is under `projects`)."""

    def __init__(self, prefix: str, patterns: list[Any]) -> None:
        super().__init__(RoutePattern(prefix), flat(patterns))

    @cached_property
    def groups(self) -> dict[str, URLResolver]:
        by_first: dict[str, list[Any]] = defaultdict(list)
        for pattern in self.url_patterns:
            by_first[str(pattern.pattern).partition("/")[0]].append(pattern)
        return {first: URLResolver(RegexPattern(r""), patterns) for first, patterns in by_first.items()}

    def resolve(self, path: Any) -> ResolverMatch:
        match = self.pattern.match(str(path))
        group = self.groups.get(str(match[0]).partition("/")[0]) if match else None
        if match is None or group is None:
            raise Resolver404({"path": path})
        return group.resolve(match[0])
