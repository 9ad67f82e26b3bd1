"""Signs that a product's text speaks to the model instead of to a shopper.

The patterns cannot find every attack. They keep the obvious ones out of the prompt and the evidence. The schema, the
sanitizer and the checks of `writing.checks` limit what a hijacked answer can do.
"""

import base64
import binascii
import re

_PHRASES = (
    # English
    r"(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,4}(?:instructions?|prompts?|rules|guidelines|context|directives?|constraints)",
    r"(?:ignore|disregard|forget)\s+(?:everything|all|anything)\s+(?:above|before|previous|prior|you (?:were|have been))",
    r"\b(?:system|developer|hidden)\s+(?:prompt|message|instructions?)\b|\b(?:initial|original)\s+prompt\b",
    r"\byou\s+are\s+(?:now|no longer)\s+(?:an?|the|in|bound)\s+\w+",
    r"\b(?:as|i am|i'm)\s+an?\s+(?:ai|artificial intelligence|language model|assistant|llm|chatbot)\b",
    r"\b(?:new|updated)\s+instructions?\s*:",
    r"\b(?:note|message|attention|instructions?)\s+(?:to|for)\s+(?:the\s+|any\s+|an\s+)?(?:ai|assistants?|language\s+models?|llms?|chatbots?|copywriters?)\b",
    r"\b(?:reveal|repeat|leak|output|print|show)\s+(?:\w+\s+){0,3}(?:your|system|secret|hidden)\s+(?:\w+\s+)?(?:prompt|instructions?|key|password|canary)\b",
    r"\b(?:reveal|leak|output)\s+(?:\w+\s+){0,4}(?:prompt|api.?keys?|canary)\b",
    r"\bact\s+as\s+(?:if|an?|the)\s+(?:\w+\s+){0,3}(?:ai|assistant|model|admin|developer|dan)\b",
    r"\b(?:do anything now|jailbreak|developer mode|dan mode|prompt injection)\b",
    r"\b(?:respond|reply|answer|write)\s+only\s+(?:with|the|in)\b",
    r"\b(?:you must|always|must)\s+(?:now\s+)?(?:write|say|state|claim|mention|output|respond|answer)\b",
    r"\b(?:ai|assistants?|language\s+models?|llms?)\s+(?:must|should|shall|has to|have to|is required to)\b",
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish
    r"(?:ignorier\w*|vergiss|vergesse\w*|missachte\w*)\s+(?:\w+\s+){0,5}(?:anweisung\w*|instruktion\w*|regeln|vorgaben|prompts?)",
    r"(?:ignor\w+|oublie\w*)\s+(?:\w+\s+){0,5}(?:instructions?|consignes?|règles)",
    r"(?:ignora\w*|olvida\w*|descarta\w*)\s+(?:\w+\s+){0,5}(?:instrucciones|instrução|instruções|istruzioni|reglas|regras|regole)",
    r"(?:dimentica\w*|esquece\w*|esqueça)\s+(?:\w+\s+){0,5}(?:istruzioni|instruções|regole|regras)",
    r"(?:negeer|vergeet)\s+(?:\w+\s+){0,5}(?:instructies|opdrachten|regels)",
    r"(?:zignoruj|ignoruj|zapomnij)\s+(?:\w+\s+){0,5}(?:instrukcj\w+|polece\w+|zasad\w*)",
    # Serbian, Croatian, Bosnian in both scripts; Russian, Ukrainian
    r"(?:ignori[šs]\w*|zanemari\w*|zaboravi\w*)\s+(?:\w+\s+){0,5}(?:instrukcij\w+|uputstv\w+|upute|pravila|nalog\w*)",
    r"(?:игнориш\w*|занемари\w*|заборави\w*)\s+(?:\w+\s+){0,5}(?:инструкциј\w+|упутств\w+|правила)",
    r"(?:игнорируй\w*|забудь\w*|проигнорируй\w*|ігноруй\w*)\s+(?:\w+\s+){0,5}(?:инструкци\w+|указани\w+|правил\w*|інструкці\w+)",
    # Turkish, Arabic, Chinese, Japanese
    r"önceki\s+(?:tüm\s+)?(?:talimat|yönerge)\w*",
    r"تجاهل\s+(?:\w+\s+){0,3}التعليمات",
    r"忽略.{0,8}(?:指令|指示|说明|規則|规则)",
    r"(?:以前|これまで|前)の(?:指示|命令)を(?:無視|忘れ)",
    # Chat markup and role headings
    r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|instructions?)>",
    r"(?-i:\bSYSTEM(?: PROMPT| MESSAGE| OVERRIDE| NOTE)?\s*[:：])|\bsystem\s+(?:prompt|message|override|note)\s*[:：]",
    r"(?:^|\n)\s*(?:#{1,4}\s*|\[)(?:system|assistant|developer|admin)\b",
    r"\bBEGIN\s+(?:SYSTEM|INSTRUCTIONS?|PROMPT)\b|\bEND\s+OF\s+(?:DATA|PROMPT|PRODUCT|INPUT|DOCUMENT)\b",
)


def _bound_pattern(phrase: str) -> str:
    """`phrase` with bounded words and gaps. Unbounded ones are matched again from each position of a long word."""
    for open_end, closed in (
        (r"\w+", r"\w{1,40}"),
        (r"\w*", r"\w{0,40}"),
        (r"\s+", r"\s{1,40}"),
        (r"\s*", r"\s{0,40}"),
    ):
        phrase = phrase.replace(open_end, closed)
    return phrase


SIGNS = re.compile("|".join(f"(?:{_bound_pattern(phrase)})" for phrase in _PHRASES), re.I)
# A cheap test before the patterns: every sign contains one of these in lower case.
_HINTS = (
    *(
        "ignor",
        "disregard",
        "forget",
        "overrid",
        "bypass",
        "prompt",
        "instru",
        "system",
        "jailbreak",
        "developer",
        "llm",
        " ai",
    ),
    *(
        "you are ",
        "language model",
        "assistant",
        "chatbot",
        "act as",
        "do anything",
        "dan mode",
        "only with",
        "only the",
    ),
    *(
        "only in",
        "always ",
        "must ",
        "attention ",
        "end of ",
        "[admin",
        "# admin",
        "begin ",
        "i am a",
        "i'm a",
        "as an ",
    ),
    *("anweisung", "vergiss", "missacht", "consigne", "règles", "regole", "olvida", "descarta", "dimentica", "esque"),
    *("negeer", "vergeet", "zapomnij", "zanemar", "zaboravi", "заборави", "занемари", "игнор", "забудь", "ігнор"),
    *("talimat", "yönerge", "التعليمات", "忽略", "無視", "忘れ", "<|", "inst]", "<<"),
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])")
_LONG = re.compile(r"[A-Za-z0-9+/]{24}")
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+|\n+")


def is_suspicious(text: str) -> bool:
    """Whether `text`, in plain words or in base64, addresses the model."""
    return _speaks(text) or any(map(_speaks, _decode(text)))


def _speaks(text: str) -> bool:
    lowered = text.lower()
    return any(hint in lowered for hint in _HINTS) and SIGNS.search(text) is not None


def without(text: str) -> tuple[str, list[str]]:
    """Split `text` into the rest and the sentences that address the model.

    From the first such sentence on, the rest of its line counts as well, because the wording of an injected order
    follows it.
    """
    if not is_suspicious(text):
        return text, []
    kept: list[str] = []
    dropped: list[str] = []
    for line in text.split("\n"):
        if not is_suspicious(line):
            kept.append(line)
            continue
        sentences = [part for part in _SENTENCES.split(line) if part]
        first = next((i for i, part in enumerate(sentences) if is_suspicious(part)), 0)
        if first:
            kept.append(" ".join(sentences[:first]))
        dropped.append(" ".join(sentences[first:]))
    rest = "\n".join(kept)
    if is_suspicious(rest):  # the order spans several lines, so the whole text is dropped
        return "", [*dropped, rest]
    return rest.strip(), dropped


def _decode(text: str) -> list[str]:
    found: list[str] = []
    if _LONG.search(text) is None:
        return found
    for match in _BASE64.finditer(text):
        try:
            found.append(base64.b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError, ValueError):
            continue
    return found
