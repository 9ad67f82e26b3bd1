"""Categories and tags of a site: their names by id, and ids for names. Missing tags are created."""

import html
from collections.abc import Iterable, Mapping

from integrations.stores import paging
from integrations.stores.errors import Rejected, StoreError
from integrations.stores.posts import Category
from integrations.stores.wordpress.site import STATUSES, Site, WriteRequest
from scribe.types import Json


class TaxonomyTerms:
    """One taxonomy's terms (`categories` or `tags`), looked up in bulk and remembered."""

    def __init__(self, site: Site, taxonomy: str) -> None:
        self.site = site
        self.route = f"/wp/v2/{taxonomy}"
        self.names: dict[int, str] = {}
        self.made: dict[str, str] = {}  # ids by lower-case name of the terms that this client has created

    def load(self, ids: Iterable[int]) -> None:
        """Load the names of the ids that are not known yet, 100 per call."""
        unknown = sorted({i for i in ids if i not in self.names})
        for start in range(0, len(unknown), 100):
            some = unknown[start : start + 100]
            found = self.site.get(self.route, include=",".join(map(str, some)), per_page=100, _fields="id,name")
            for row in paging.rows_of(found):
                self.names[paging.id_of(row.get("id"))] = html.unescape(str(row.get("name") or ""))

    def of(self, ids: object) -> list[str]:
        return [self.names[i] for i in paging.ids_of(ids) if i in self.names]

    def ids(self, names: Iterable[str]) -> dict[str, int]:
        """Ids by lower-case name. Missing terms are created. May be repeated: for an existing term the site answers
        term_exists with its id."""
        wanted = {name.casefold(): name for name in names}
        known = {name.casefold(): key for key, name in self.names.items()}
        missing = [name for key, name in wanted.items() if key not in known]
        made = self.site.write_all(
            [WriteRequest(self.route, {"name": html.escape(name, quote=False)}) for name in missing]
        )
        for name, answer in zip(missing, made, strict=True):
            if found := _term_id(answer):
                self.names[found] = name
                known[name.casefold()] = found
                if isinstance(answer, dict):
                    self.made[name.casefold()] = str(found)
        return {key: known[key] for key in wanted if key in known}

    def drop(self, made: Mapping[str, str]) -> None:
        """Delete those of these terms (id -> name) that are unchanged and that no post has, also none in the trash."""
        ids = list(made)
        for start in range(0, len(ids), 100):
            free = self._unused(ids[start : start + 100], made)
            self.site.write_all([WriteRequest(f"{self.route}/{pk}", {"force": True}, "DELETE") for pk in free])
            for pk in free:
                self.names.pop(int(pk), None)

    def _unused(self, ids: list[str], made: Mapping[str, str]) -> list[str]:
        """Those of `ids` that are unchanged and unused. Of other post types, only published posts count."""
        found = self.site.get(
            self.route, include=",".join(ids), per_page=100, hide_empty="false", _fields="id,name,description,count"
        )
        same = [
            str(row["id"])
            for row in found
            if html.unescape(str(row.get("name") or "")).casefold() == made[str(row["id"])].casefold()
            and not (row.get("description") or row.get("count"))
        ]
        used = self._used(same)
        return [pk for pk in same if pk not in used]

    def _used(self, ids: list[str]) -> set[str]:
        """Those of `ids` that posts of any status have, also in the trash."""
        if not ids:
            return set()
        taxonomy = self.route.rpartition("/")[2]
        query = {taxonomy: ",".join(ids), "status": f"{STATUSES},trash", "per_page": 100, "context": "edit"}
        found = self.site.get("/wp/v2/posts", **query, _fields=f"id,{taxonomy}")
        if len(found) < 100:
            return {str(pk) for row in found for pk in row.get(taxonomy) or []}
        if len(ids) == 1:
            return set(ids)
        half = len(ids) // 2
        return self._used(ids[:half]) | self._used(ids[half:])


def _term_id(answer: Json | StoreError) -> int | None:
    if isinstance(answer, Rejected):
        data = answer.details.get("data")
        return int(data["term_id"]) if isinstance(data, dict) and data.get("term_id") else None
    return int(answer["id"]) if isinstance(answer, dict) and answer.get("id") else None


def categories(site: Site) -> list[Category]:
    """All categories with their parents, also those without posts."""
    found = site.all("/wp/v2/categories", hide_empty="false", orderby="id", _fields="id,name,slug,count,parent")
    return [
        Category(
            int(c["id"]),
            html.unescape(str(c.get("name") or "")),
            str(c.get("slug") or ""),
            int(c.get("count") or 0),
            int(c.get("parent") or 0),
        )
        for c in found
    ]
