"""Answers to a visitor without a model: the passage of the knowledge that fits the question, or the account's figures.

When no passage fits, the answer says so, and a person takes over.
"""

import re

from integrations.ai.types import Brief
from scribe.language import detector
from scribe.types import Json

_WORD = re.compile(r"[^\W_]{3,}", re.UNICODE)
_STOPPED = detector.common_words() | {
    "how",
    "what",
    "does",
    "much",
    "where",
    "which",
    "please",
    "want",
}
_ACCOUNT = re.compile(r"balance|credit|xct|plan|subscription|\bjobs?\b|project|stanj|kredit|guthaben|solde|saldo", re.I)
LEAST_SHARED = 2


def write(brief: Brief) -> Json:
    """`{answer, handover, reason}` for `facts`: `{question, knowledge: [{title, text}], account?}`."""
    question = str(brief.facts.get("question") or "")
    account = brief.facts.get("account")
    if account and _ACCOUNT.search(question):
        return {"answer": _figures(account), "handover": False, "reason": "none"}
    asked = _stems(question)
    best, shared = "", 0
    for passage in brief.facts.get("knowledge") or []:
        title, text = str(passage.get("title") or ""), str(passage.get("text") or "")
        count = 2 * len(asked & _stems(title)) + len(asked & _stems(text))
        if count > shared:
            best, shared = text, count
    if shared < LEAST_SHARED:
        return {"answer": "", "handover": True, "reason": "unsure"}
    return {"answer": best, "handover": False, "reason": "none"}


def _stems(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if word not in _STOPPED}


def _figures(account: Json) -> str:
    lines = [f"{account.get('organization')}: plan {account.get('plan')}, balance {account.get('balance_xct')} XCT."]
    if projects := account.get("projects"):
        lines.append(
            "Projects: " + ", ".join(f"{p['name']} ({p['status']}, {p['items']} items)" for p in projects[:5]) + "."
        )
    if jobs := account.get("jobs"):
        lines.append("Latest jobs: " + ", ".join(f"{j['type']} {j['status']}" for j in jobs[:5]) + ".")
    return " ".join(lines)
