"""What the tables in `data/` say of a concept apart from its forms: what it implies, what supports it, and how it counts.

`lexicon` tells the rows' format and finds the forms.
"""

from functools import cache

from writing.checks.tables import table

# Table -> the kind of claim it finds; in `claims` each concept names its own kind before the colon.
TABLES = {
    "materials": "material",
    "certifications": "certification",
    "superlatives": "superlative",
    "origins": "origin",
    "warranty": "warranty",
    "claims": "",
    "offers": "",
    "effects": "",
    "comparisons": "",
    "promises": "",
    "places": "origin",
}


@cache
def lacked_concepts() -> frozenset[str]:
    """The concepts that a product is only ever said to lack ("BPA"). Naming one counts as denying it."""
    return frozenset(concept for name in TABLES for concept, row in table(name).items() if row.get("signed") == "no")


@cache
def codes(concept: str) -> tuple[str, ...]:
    """The codes of the source that say as much as `concept`: "ip67" of waterproof."""
    return tuple(code for name in TABLES for code in str(table(name).get(concept, {}).get("codes", "")).split())


@cache
def licences(concept: str, *, negated: bool = False) -> tuple[str, ...]:
    """The other concepts of a source that support `concept` or, with `negated`, its denial."""
    row = "against" if negated else "by"
    return tuple(other for name in TABLES for other in str(table(name).get(concept, {}).get(row, "")).split())


@cache
def with_broader(concept: str) -> frozenset[str]:
    """`concept` and all broader concepts that it implies."""
    found = {concept}
    for name in TABLES:
        for broader in str(table(name).get(concept, {}).get("is", "")).split():
            found |= with_broader(broader)
    return frozenset(found)
