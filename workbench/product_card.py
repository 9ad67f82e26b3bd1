"""An item as a shopper sees it in the store: its name, price and texts, with the decisions so far."""

from collections.abc import Iterable
from dataclasses import dataclass

from projects.models import ContentItem
from workbench.reading import FieldReading, visible
from writing.fields import BY_NAME


@dataclass(frozen=True, slots=True)
class ProductCard:
    name: str
    short_description: str
    bullet_points: list[str]
    description: str
    price: str


def product_card(item: ContentItem, readings: Iterable[FieldReading]) -> ProductCard:
    """The card with our texts, and with the store's own where ours are not there or were declined."""
    ours = {reading.name: reading for reading in readings if not reading.declined}

    def lines(name: str) -> list[str]:
        if name in ours:
            return ["".join(piece.text for piece in line) for line in ours[name].lines]
        return visible(BY_NAME[name].of(item.source_data)).split("\n")

    return ProductCard(
        name=" ".join(lines("name")),
        short_description="\n".join(lines("short_description")),
        bullet_points=[line for line in lines("bullet_points") if line],
        description="\n".join(lines("description")),
        price=str(item.source_data.get("price") or ""),
    )
