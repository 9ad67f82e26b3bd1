"""The measure of the grounding check: at least 95 % of planted lies caught, at most 5 % of honest texts flagged.

The texts in `rates/` were written before the checker; what they showed was mended, so that these tests guard against
getting worse. They hold the kinds that the tables judge: a material in another language than its source is shown.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.writing.checks.claims import claims_without_source, shown_claims
from tests.writing.checks.rates import held_out
from tests.writing.checks.rates.honest import variants
from tests.writing.checks.rates.lies import planted
from tests.writing.checks.rates.products import PRODUCTS

AIM_CAUGHT = 0.95
AIM_FALSE = 0.05


def test_planted_lies_are_caught() -> None:
    lies = planted()
    assert len(lies) >= 300
    missed: Counter[str] = Counter()
    for product, language, kind, text, lie in lies:
        source = PRODUCTS[product]
        found = claims_without_source(source, language, text)
        if kind in ("material", "turned"):
            found = [*found, *shown_claims(source, language, text)]
        if not any(claim["text"] in lie or claim["text"].split()[0] in lie for claim in found):
            missed[f"{language} {kind}: {lie}"] += 1
    rate = 1 - missed.total() / len(lies)
    print(f"\nplanted lies: {len(lies)}, caught {rate:.1%}; missed: {list(missed)[:10]}")
    assert rate >= AIM_CAUGHT, missed


@pytest.mark.thorough
def test_honest_texts_pass() -> None:
    texts = variants()
    assert len(texts) >= 300
    flagged: Counter[str] = Counter()
    for product, language, text in texts:
        if found := claims_without_source(PRODUCTS[product], language, text):
            flagged[f"{product} {language}: {found[0]['text']}"] += 1
    rate = flagged.total() / len(texts)
    print(f"\nhonest texts: {len(texts)}, flagged {rate:.1%}: {dict(flagged)}")
    assert rate <= AIM_FALSE, flagged


def test_the_aims_hold_on_texts_of_other_trades() -> None:
    lies, honest = held_out.lies(), held_out.honest()
    missed = [
        f"{language}: {lie}"
        for source, language, text, lie in lies
        if not any(claim["text"].split()[0] in lie for claim in claims_without_source(source, language, text))
    ]
    flagged = [
        f"{language}: {found[0]['text']} in {text}"
        for source, language, text in honest
        if (found := claims_without_source(source, language, text))
    ]
    print(
        f"\nheld out: {len(lies)} lies, {len(missed)} missed: {missed}\n{len(honest)} honest, {len(flagged)} flagged: {flagged}"
    )
    assert len(missed) <= len(lies) * (1 - AIM_CAUGHT)
    assert len(flagged) <= len(honest) * AIM_FALSE
