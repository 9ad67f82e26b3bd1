"""A simulated reviewer corrects what a model writes by habit. From round to round there is less to correct."""

from __future__ import annotations

import json
import re
from statistics import mean
from typing import Any

import pytest

from projects import learned_rules, review
from projects.models import ContentItem
from tests.fakes.models import Behaviour, Seen
from tests.fakes.openai import OpenAI
from tests.fakes.server import Reply
from tests.helpers import run_jobs
from tests.projects.generation.conftest import make_items


class Habitual(OpenAI):
    """A model that writes “premium” into every text, and “ml” into every other one, unless it is told not to."""

    def success(self, seen: Seen, text: str, behaviour: Behaviour) -> Reply:
        number = re.search(r"SKU-(\d+)", seen.user)
        odd = number is not None and int(number[1]) % 2
        praise = "" if "Never write “premium”" in seen.system else "premium "
        unit = "ml" if odd and "never “ml”" not in seen.system else "millilitres"
        told = f"This {praise}bottle is made of stainless steel, keeps drinks cold for 12 hours and holds 750 {unit}."
        answer = {**json.loads(text), "short_description": told, "description": f"<p>{told}</p>"}
        return super().success(seen, json.dumps(answer), behaviour)


@pytest.fixture
def habitual(settings: Any) -> Any:
    with Habitual() as fake:
        settings.OPENAI_BASE_URL = fake.url + "/v1"
        settings.OPENAI_API_KEY = "sk-test"
        settings.DEFAULT_AI_PROVIDER = "openai"
        yield fake


def distance(before: str, after: str) -> int:
    """How many words were taken out, put in or changed (Levenshtein)."""
    old, new = before.split(), after.split()
    row = list(range(len(new) + 1))
    for number, word in enumerate(old, start=1):
        last, row[0] = row[0], number
        for at, other in enumerate(new, start=1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (word != other))
    return row[-1]


def corrected(text: str) -> str:
    return re.sub(r"\bml\b", "millilitres", text.replace("premium ", ""))


@pytest.mark.thorough
def test_the_edit_distance_falls_from_round_to_round(api: Any, cast: Any, project: Any, habitual: Any) -> None:
    means = []
    for _ in range(3):
        items = make_items(project, 4)
        api.as_(cast.owner).post(f"projects/{project.pk}/generate", {}, status=202)
        run_jobs()
        distances = []
        for item in ContentItem.objects.filter(pk__in=[item.pk for item in items]):
            texts = {key: item.generated_content[key] for key in ("short_description", "description")}
            edited = {key: corrected(text) for key, text in texts.items()}
            distances.append(sum(distance(texts[key], edited[key]) for key in texts))
            if edited != texts:
                review.update_item(item=item, by=cast.owner, content=edited)
        means.append(mean(distances))
        for rule in learned_rules.proposals(project):
            learned_rules.decide(rule=rule, to="accepted", by=cast.owner)
    assert means[0] > means[1] > means[2], means
    assert means[2] == 0
    assert {rule.line for rule in learned_rules.active(project)} == {
        "Never write “premium”.",
        "Write “millilitres”, never “ml”.",
    }
