"""The rules that apply to a text, by where its shop sells and what, and what is told of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from writing import gpsr
from writing.facts import Facts
from writing.law import register
from writing.law.choices import Trade
from writing.law.register import AuthorisedClaim, RegisterInUse
from writing.models import Evidence, LawRule

EU = "EU"
MEMBERS = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())  # noqa: SIM905
LABEL = (
    "# What the law forbids where the shop sells\n"
    "Do not write such claims, even where the data has them. Say what the data lets you say lawfully, or leave it out."
)


READING = """# The law where the shop sells
Judge each sentence by these rules as well, whatever the passages state. Add to its line the code of every rule that it breaks: `12:3 §disease`. Where a sentence comes near a rule and is lawful, add the number of the condition that makes it so: `12:3 §disease=2`. Most sentences come near none: add nothing."""  # noqa: E501
REGISTERED = "Health claims of the EU register may be said in its very words where the data has them and the amount."
ON_FILE = "Of these, the merchant has evidence on file, so they may be said in these words where the data has them:"


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """One rule as it applies. `severity` is the one that counts: a note for a rule that was recalled and not confirmed.
    `words` is JSON (`wording`)."""

    code: str
    version: int
    concept: str
    law: str
    severity: str
    remedy: str
    evidence: str
    words: str
    unlawful: str = ""
    lawful: tuple[str, ...] = ()
    examples: tuple[tuple[str, str, str], ...] = ()  # (language, unlawful, lawful)

    @property
    def conditions(self) -> str:
        """The rule as a second model reads it."""
        lawful = "; ".join(f"({number}) {condition}" for number, condition in enumerate(self.lawful, 1))
        end = f" Lawful is one that {lawful}." if lawful else ""
        return f"§{self.code} is broken by a sentence that {self.unlawful}.{end}"

    def example(self, language: str) -> tuple[str, str] | None:
        """An unlawful and a lawful sentence in `language`, else in English."""
        found = {code: (unlawful, lawful) for code, unlawful, lawful in self.examples}
        return found.get(language.partition("-")[0]) or found.get("en")

    @property
    def line(self) -> str:
        """The rule as a writer is told it."""
        return f"{self.concept} ({self.law}). {self.remedy}"


@dataclass(frozen=True, slots=True)
class FiledEvidence:
    """Evidence that holds today: it lifts a rule from sentences that say one of its claims. `until` is its last day."""

    rule: str
    number: str
    claims: tuple[str, ...]
    until: str

    def lifts(self, rule: str, sentence: str) -> bool:
        said = " ".join(sentence.casefold().split())
        return rule == self.rule and any(" ".join(claim.casefold().split()) in said for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Law:
    """The rules for one project's texts, the evidence that the merchant has on file, and for food the registers of
    authorised claims."""

    rules: tuple[RuleInForce, ...] = ()
    evidence: tuple[FiledEvidence, ...] = ()
    registers: tuple[RegisterInUse, ...] = ()

    def authorised(self, rule: str, sentence: str, language: str, facts: Facts) -> "tuple[str, AuthorisedClaim] | None":
        """The authorised claim that lifts `rule` from a sentence about a product of these facts, and the version of its
        register."""
        for one in self.registers:
            if one.language == language.partition("-")[0]:
                for claim in one.claims:
                    if claim.rule == rule and claim.fits(sentence, facts):
                        return f"{one.version}, {one.published_on.isoformat()}", claim
        return None

    @property
    def readable(self) -> tuple[RuleInForce, ...]:
        """The rules that a second model can judge by."""
        return tuple(rule for rule in self.rules if rule.unlawful)


NONE = Law()


def law_of(sells_in: Iterable[str], trade: str) -> Law:
    """The active rules for a shop that sells in these countries (ISO codes, or `EU`) goods of this trade."""
    countries = set(sells_in)
    if not countries:
        return NONE
    if countries & MEMBERS:
        countries.add(EU)
    rows = LawRule.objects.filter(active=True, jurisdiction__in=countries).order_by("code")
    return Law(
        tuple(_rule(row) for row in rows if not row.trades or trade in row.trades),
        registers=register.in_use() if trade == Trade.FOOD else (),
    )


def with_evidence(law: Law, organization_id: UUID) -> Law:
    """The rules with the evidence of this organization that holds today."""
    if not law.rules:
        return law
    rows = Evidence.objects.of(organization_id).filter(valid_until__gte=timezone.localdate()).order_by("pk")
    filed = (FiledEvidence(row.rule, row.number, tuple(row.claims), row.valid_until.isoformat()) for row in rows)
    return replace(law, evidence=tuple(filed))


def _rule(row: LawRule) -> RuleInForce:
    words = json.dumps(row.words, ensure_ascii=False, sort_keys=True)
    examples = tuple((language, one["unlawful"], one["lawful"]) for language, one in sorted(row.examples.items()))
    return RuleInForce(
        *(row.code, row.version, row.concept, row.law, row.counts_as, row.remedy, row.evidence, words),
        *(row.unlawful, tuple(row.lawful), examples),
    )


def reading_text(law: Law) -> str:
    """What a second model is told of the rules, or "" without any."""
    return "\n".join([READING, *(rule.conditions for rule in law.readable)]) if law.readable else ""


def prompt_text(law: Law) -> str:
    """What a prompt says of the rules, or "" without any."""
    if not law.rules:
        return ""
    filed = [f"- {claim}" for one in law.evidence for claim in one.claims]
    told = [f"- {rule.line}" for rule in law.rules if rule.code != gpsr.CODE]  # its data no model writes
    registered = [REGISTERED] if law.registers else []
    return "\n".join([LABEL, *told, *registered, *([ON_FILE, *filed] if filed else [])])
