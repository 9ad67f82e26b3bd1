"""What a test key rehearses: an item with one of these SKUs ends as a real one may, for nothing.

The checks, the reasons and the codes are those of real work; only their cause is made up here.
"""

from dataclasses import replace

from integrations.ai.types import Answer, Brief, EndReason
from scribe import test_mode
from scribe.types import Json

#: Its text states what no source does, so the checks flag it.
FLAGGED = "XCS-TEST-FLAGGED"
#: The writer declines, as a model may: the item fails with `refused`.
FAILED = "XCS-TEST-FAILED"
#: The wallet does not reach for it: the work is 402 `insufficient_xct` before it begins.
UNPAID = "XCS-TEST-UNPAID"

INVENTED = "OEKO-TEX Standard 100, 4321 W."


def rehearse(brief: Brief, answer: Answer) -> Answer:
    """The answer that the SKU in `brief` asks for in test mode; else `answer`."""
    sku = brief.facts.get("sku") if test_mode.is_on() else None
    if sku == FAILED:
        return replace(answer, data=None, text="", end=EndReason.REFUSED)
    if sku == FLAGGED and answer.data is not None:
        return replace(answer, data=_with_claim(answer.data, brief))
    return answer


def _with_claim(data: Json, brief: Brief) -> Json:
    """The text with a claim in the first field that holds prose."""
    field = next((name for name in ("description", "short_description") if data.get(name)), "name")
    html = brief.use_html if field == "description" else brief.use_html_short and field == "short_description"
    return {**data, field: f"{data[field]}<p>{INVENTED}</p>" if html else f"{data[field]} {INVENTED}"}
