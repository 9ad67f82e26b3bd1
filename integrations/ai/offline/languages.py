"""Telling in which language a text is, by its small words. For choosing source sentences, not a check of quality."""

from __future__ import annotations

import re

from integrations.ai.offline import script

STOPWORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "en": "the and of to is in with for this that it on are your you from by at as be can has have or its will our an not more all which made these when into comes",
        "de": "der die das und mit für ist ein eine von zu den im auf aus des dem sich nicht auch wird sind als einer einen bei durch oder zum zur ihr ihre sie es aus ohne sehr durch",
        "fr": "le la les des et de un une pour avec est dans sur du en ce cette au aux par vous votre qui que il elle sont plus ou son ses nos à très sans",
        "es": "el la los las y de un una para con es en del que por su se al más este esta sus como son lo o muy sin nuestro nuestra tu ideal cada",
        "it": "il lo la gli le e di un una per con è in del della dei che si al alla da sono più questo questa suo sua o nel nella delle i non come molto senza",
        "sr": "je i u na za sa se od koji koja koje da su ne iz ili kao po što vaš vaša vaše ovaj ova ovo do uz može vam biti svaki svakog više bez",
        "pt": "o os as e de um uma para com é em do da dos das que por seu sua se ao mais este esta não ou muito sem você nosso",
        "nl": "de het een en van met voor is op in te dat deze dit uw ook niet zijn aan door of bij uit naar wordt zeer zonder onze",
        "pl": "i w na z do się jest to że nie dla od po oraz jak są przez lub który która które bez twój",
        "ru": "и в на с для не это что по из от как или вы ваш он она они которые который без очень",
        "hu": "a az és egy nem hogy van is meg ez ki el vagy mint csak már a nagyon",
        "ro": "și de la cu în un o pentru este din pe care sau mai nu sunt prin fără foarte",
        "cs": "a v na s je se do pro že to z od jako jsou nebo které který bez velmi",
        "sv": "och i att det som en på är av för med den till inte om ett har de eller utan mycket",
    }.items()
}
_WORDS = re.compile(r"[^\W\d_]+", re.UNICODE)


def detect(text: str) -> str:
    """The language of `text` (`sr` covers both scripts and its neighbours), or "" when it cannot be told."""
    found = [word.lower() for word in _WORDS.findall(script.to_latin(text) if _serbian_letters(text) else text)]
    if len(found) < 3:
        return ""
    counts = {name: sum(word in words for word in found) for name, words in STOPWORDS.items()}
    best, second = sorted(counts.items(), key=lambda pair: -pair[1])[:2]
    if best[1] == 0 or best[1] / len(found) < 0.12 or best[1] == second[1]:
        return _by_letters(text) if best[1] <= second[1] or best[1] == 0 else ""
    return best[0]


def base(language: str) -> str:
    """The language without its script or region: `sr-Latn` → `sr`, `pt-BR` → `pt`."""
    return language.split("-")[0].lower()


def same(found: str, language: str) -> bool:
    """Whether a detected language is the wanted one; Serbian, Croatian and Bosnian are not told apart."""
    wanted = base(language)
    return found == wanted or (found == "sr" and wanted in ("hr", "bs", "cnr"))


def _serbian_letters(text: str) -> bool:
    return any(c in "љњђћџј" for c in text.lower()) and script.has_cyrillic(text)


def _by_letters(text: str) -> str:
    lower = text.lower()
    if any(c in lower for c in "äöß") or " für " in lower:
        return "de"
    if any(c in lower for c in "ñ¿¡"):
        return "es"
    if _serbian_letters(text) or any(c in lower for c in "đć"):
        return "sr"
    if any(c in lower for c in "êœù"):
        return "fr"
    return ""
