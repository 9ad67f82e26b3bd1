"""A small shop with one planted defect a product, and sound products around them."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

from tests.factories import make_item, make_project

_numbers = count(1)
TOPICS = [
    "river",
    "bank",
    "camp",
    "stove",
    "kettle",
    "coffee",
    "morning",
    "walk",
    "forest",
    "trail",
    "boots",
    "laces",
    "wool",
    "socks",
    "rain",
    "coat",
    "button",
    "pocket",
    "map",
    "compass",
    "light",
    "battery",
    "rope",
    "knot",
    "tent",
    "pole",
    "sleeping",
    "mat",
    "pillow",
    "blanket",
    "summer",
    "night",
    "star",
    "fire",
    "wood",
    "axe",
    "handle",
    "knife",
    "sheath",
    "belt",
    "loop",
    "bottle",
    "cap",
    "thread",
    "spoon",
    "bowl",
    "plate",
    "towel",
    "soap",
    "brush",
    "comb",
    "mirror",
    "chair",
    "table",
    "lamp",
    "hook",
    "basket",
]

FORMS = (
    "The {0} fits the {1} so you can use it with a {2} and a {3}.",
    "Put a {0} on the {1} when it is wet and dry the {2} by the {3}.",
    "On a long day a {0} will do more than a {1} if the {2} has a {3}.",
    "We keep the {0} in the {1} but the {2} stays out near the {3}.",
    "Take your {0} out of the {1} as soon as the {2} meets the {3}.",
    "A {0} made for the {1} can hang from the {2} by its {3}.",
    "If you lose the {0} then tie the {1} to the {2} with a {3}.",
    "One {0} and one {1} give the {2} all the {3} it may need.",
)


def prose(seed: int, words: int = 130) -> str:
    """Sentences that are easy to read and share few word triples with those of another seed."""
    chance = random.Random(seed)
    nouns, forms = chance.sample(TOPICS, len(TOPICS)), chance.sample(FORMS, len(FORMS))
    out: list[str] = []
    number = 0
    while len(out) < words:
        picked = [nouns[(number * 4 + place) % len(nouns)] for place in range(4)]
        out += forms[number % len(forms)].format(*picked).split()
        number += 1
    return " ".join(out)


def sound(seed: int) -> dict[str, Any]:
    """Source data that no check finds fault with."""
    return {
        "sku": f"S-{seed}",
        "name": f"Camp Kettle {seed}",
        "short_description": f"A kettle for the camp, number {seed}.",
        "description": f"<p>{prose(seed)}</p>",
        "price": "19.90",
        "categories": ["Camp"],
        "tags": [],
        "images": [{"src": f"https://shop.example/{seed}.jpg", "alt": f"Kettle {seed}"}],
        "seo": {"title": f"Camp Kettle {seed}", "description": (f"Kettle {seed} for the camp. " * 8)[:140]},
        "attributes": {"Material": "steel"},
        "raw": {"permalink": f"https://shop.example/p/{seed}"},
    }


def planted(check: str, seed: int) -> dict[str, Any]:
    """The same with exactly one defect."""
    data = sound(seed)
    if check == "missing_description":
        data["description"] = "<p> </p>"
    elif check == "thin_content":
        data["description"] = f"<p>{prose(seed, 60)}</p>"
    elif check == "missing_short_description":
        data["short_description"] = ""
    elif check == "missing_images":
        data["images"] = []
    elif check == "missing_image_alt":
        data["images"] = [{"src": "https://shop.example/x.jpg", "alt": ""}]
    elif check == "missing_seo_title":
        data["seo"] = {"description": data["seo"]["description"]}
    elif check == "seo_title_length":
        data["seo"] = {**data["seo"], "title": "T" * 61}
    elif check == "missing_meta_description":
        data["seo"] = {"title": data["seo"]["title"]}
    elif check == "meta_description_length":
        data["seo"] = {**data["seo"], "description": "Too short."}
    elif check == "keyword_stuffing":
        data["description"] = f"<p>{prose(seed)} " + "Buy the zebrawood kettle now. " * 9 + "</p>"
        data["description"] = data["description"].replace("kettle now", "zebrawood now")
    elif check == "poor_readability":
        words = "notwithstanding organizational characteristics internationally considerable implementation"
        data["description"] = f"<p>{hard(seed, words.split())}.</p>"
    elif check == "broken_html":
        data["description"] = f"<p>{prose(seed)} <strong>bold</p>"
    elif check == "missing_attributes":
        data["attributes"] = {}
    elif check == "missing_price":
        data["price"] = "0.00"
    elif check == "all_caps_title":
        data["name"] = f"CAMP KETTLE {seed}"
    return data


def hard(seed: int, words: list[str]) -> str:
    """One very long sentence of very long words, with the small words of English between them."""
    stems = [f"{word}{'abcdefghij'[number % 10]}" for number, word in enumerate(TOPICS)]
    out = []
    for number in range(34):
        out += [
            "the",
            f"{stems[(seed + number) % len(stems)]}icationalization",
            "of",
            f"{words[number % len(words)][:8]}{stems[(seed * 3 + number) % len(stems)]}ability",
        ]
    return " ".join(out)


def shop(organization: Any, *, sound_ones: int = 12, **fields: Any) -> Any:
    """A project with sound products."""
    project = make_project(organization, **fields)
    for _ in range(sound_ones):
        make_item(project, source_data=sound(next(_numbers)))
    return project
