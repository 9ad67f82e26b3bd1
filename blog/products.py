"""The products that a post is about: its source items, their facts, and where readers find them."""

from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID

from integrations.stores import platforms
from projects.models import ContentItem, Project
from writing import facts as reading
from writing.facts import Facts

_ADDRESSES = ("permalink", "url", "link", "product_url", "onlineStoreUrl", "Permalink", "URL", "Link", "Product URL")


def items_by_id(ids: Iterable[UUID], organization_id: UUID) -> list[ContentItem]:
    """The items with these ids, in the order of the ids. Items that are gone are left out."""
    wanted = [str(pk) for pk in ids]
    found = {str(item.pk): item for item in ContentItem.objects.of(organization_id).filter(pk__in=wanted)}
    return [found[pk] for pk in wanted if pk in found]


def address(item: ContentItem, project: Project) -> str:
    """The address of the product's page, from its source or else built from its slug. "" when it is not known."""
    raw = item.source_data.get("raw")
    for row in (item.source_data, raw if isinstance(raw, dict) else {}):
        for key in _ADDRESSES:
            if _is_web(value := row.get(key)):
                return str(value).strip()
    connection = project.store_connection
    slug = (item.source_data.get("seo") or {}).get("slug")
    path = platforms.get(connection.platform).product_path if connection else ""
    return f"{connection.base_url}{path.format(slug=slug)}" if connection and path and slug else ""


def links(items: Iterable[ContentItem], project: Project) -> dict[str, str]:
    return {str(item.pk): url for item in items if (url := address(item, project))}


def facts_of(item: ContentItem) -> Facts:
    return reading.read(item.source_data, item.item_type)


def name_of(item: ContentItem) -> str:
    return str((item.generated_content or {}).get("name") or item.source_data.get("name") or item.external_id)


def merge_facts(items: Iterable[ContentItem], *, topic: str) -> Facts:
    """Merge all products' facts, each under its own path. An article's claims are checked against them."""
    fields = {"topic": topic} if topic else {}
    attributes: dict[str, str] = {}
    for number, item in enumerate(items):
        found = facts_of(item)
        fields |= {f"products[{number}].{path}": text for path, text in found.fields.items()}
        attributes |= {f"{number}.{name}": value for name, value in found.attributes.items()}
    return Facts(item_type="post", fields=fields, name=topic, attributes=attributes)


def _is_web(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 2000:
        return False
    try:
        parts = urlsplit(value.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
