"""German."""

from __future__ import annotations

import re

from blog.seo.languages.base import LanguageRules, lines, plain_slug, words
from blog.seo.sentences import clauses

FUNCTION_WORDS = words(
    """
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines dieser diese
    dieses diesen diesem jener jene jenes jeder jede jedes jeden jedem alle allen aller alles manche mancher
    viele vielen wenige einige und oder aber denn sondern doch sowie als wie wenn ob dass daß weil damit bis
    seit in im ins an am ans auf aufs aus außer bei beim durch für gegen hinter mit nach neben ohne über um
    unter von vom vor während wegen zu zum zur zwischen trotz ich mich mir mein meine du dich dir dein deine er
    ihn ihm sein seine seinen seinem seiner es sie ihr ihre ihren ihrem ihrer wir uns unser unsere euch euer
    eure man sich wer was wen wem wo wann warum welche welcher welches bin bist ist sind seid war waren warst
    sein gewesen habe hast hat haben hatte hatten werde wirst wird werden wurde wurden worden kann kannst können
    konnte muss müssen musste soll sollen sollte will wollen wollte darf dürfen mag möchte nicht nur auch noch
    schon sehr mehr so hier dort da dann
    """
)

CONNECTORS = lines(
    """außerdem, zudem, darüber hinaus, ferner, ebenso, ebenfalls, gleichfalls, auch, des weiteren, hinzu kommt, nicht zuletzt,
    sowie, jedoch, aber, dennoch, trotzdem, allerdings, hingegen, dagegen, im gegensatz, im gegenteil, einerseits,
    andererseits, obwohl, obgleich, wenngleich, während, statt, stattdessen, anstatt, trotz, doch, sondern, nichtsdestotrotz,
    gleichwohl, zwar, immerhin, weil, da, denn, deshalb, deswegen, daher, darum, folglich, infolgedessen, demnach, somit,
    also, sodass, so dass, aus diesem grund, aufgrund, dank, damit, dazu, dadurch, hierdurch, um zu, wenn, falls, sofern,
    vorausgesetzt, solange, andernfalls, sonst, ansonsten, zum beispiel, beispielsweise, etwa, unter anderem, insbesondere,
    besonders, vor allem, nämlich, das heißt, mit anderen worten, anders gesagt, genauer gesagt, kurz gesagt, tatsächlich,
    in der tat, natürlich, selbstverständlich, zunächst, zuerst, erstens, zweitens, drittens, anschließend, danach, dann,
    daraufhin, später, schließlich, zuletzt, zum schluss, am ende, inzwischen, mittlerweile, gleichzeitig, zugleich, bevor,
    nachdem, sobald, bis, bisher, seitdem, vorher, zuvor, nachher, währenddessen, abschließend, zusammenfassend, insgesamt,
    alles in allem, im großen und ganzen, im allgemeinen, kurzum, fazit, wie erwähnt, im vergleich, ähnlich, genauso,
    hierbei, dabei, wobei, indem, weiterhin, überdies, übrigens, jedenfalls, schließlich, letztlich, letztendlich"""
)

PAIRS = (
    ("entweder", "oder"),
    ("weder", "noch"),
    ("sowohl", "als auch"),
    ("nicht nur", "sondern"),
    ("je", "desto"),
    ("um", "zu"),
)

_WERDEN = words(
    """
    werde wirst wird werden werdet wurde wurdest wurden wurdet worden würde würden
    """
)
_PARTICIPLE = re.compile(
    r"(?:(?:ab|an|auf|aus|bei|dar|durch|ein|fest|her|hin|los|mit|nach|um|vor|weg|weiter|wieder|zu|zurück|zusammen)?ge\w{2,}(?:t|en))"
    r"|(?:(?:be|emp|ent|er|ge|miss|ver|zer|über|unter|wider)\w{2,}t)"
    r"|(?:\w{2,}iert)"
)
_STRONG = words(
    """
    begonnen beschrieben betrieben betroffen bewiesen empfohlen empfunden
    entnommen entschieden entworfen erfunden erhoben erwogen erworben erzogen gewonnen
    übernommen unterschrieben verboten verbunden verbracht verglichen verliehen verloren
    vermieden verschrieben verstanden vertrieben verwiesen verworfen verziehen zerrissen
    """
)
_NOT_PARTICIPLES = words(
    """
    gegen gegenüber gelten geben gehen gesund gerät gewicht gesicht gebiet gericht geschenk gewinnen genießen
    gesamt geschäft gestalt gewalt genügend genau gern geduldt gehört bereit bericht bett berlin ersten erst
    ernst ergebnis gefallen gelingen geschehen gestalten gehalt gemüt getränk gelegenheit
    """
)


def is_participle(word: str) -> bool:
    if word.endswith(("enen", "eten")):
        return False  # an adjective: "die vorgeschlagenen Schritte"
    return word in _STRONG or (bool(_PARTICIPLE.fullmatch(word)) and word not in _NOT_PARTICIPLES)


def is_passive(sentence: str) -> bool:
    """Whether a clause has a form of "werden" and a participle. The future ("wird gehen") has an infinitive instead.

    Any word but the first is a noun ("Gemeinschaft") if it begins with a capital.
    """
    for at, clause in enumerate(clauses(sentence)):
        small = [word.lower() for n, word in enumerate(clause) if word[0].islower() or (at == n == 0)]
        if any(w in _WERDEN for w in small) and any(is_participle(w) for w in small if w not in _WERDEN):
            return True
    return False


_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def stem(word: str) -> str:
    """Map the forms of a German noun, adjective or weak verb to one stem. Plurals with an umlaut share it."""
    word = word.translate(_UMLAUTS)
    for ending in ("ern", "em", "en", "er", "es", "e", "n", "s", "t"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 4:
            return root
    return word


_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_forms(word: str) -> frozenset[str]:
    return plain_slug(word) | {word.translate(_DIGRAPHS), word.translate(_UMLAUTS)}


GERMAN = LanguageRules(
    code="de",
    known=True,
    function_words=FUNCTION_WORDS,
    connectors=CONNECTORS,
    paired_connectors=PAIRS,
    weak_openers=words(
        """
    der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem jener jene jenes
    eins zwei drei vier fünf sechs sieben acht neun zehn
    """
    ),
    abbreviations=words(
        """
    z.b z u.a u.ä bzw ca d.h usw etc evtl ggf inkl max min nr o.ä s.o str vgl v.a z.t dr prof st tel abb bspw
    exkl zzgl mind sog stk d h b
    """
    ),
    ordinal_dot=True,
    stem=stem,
    slug_forms=slug_forms,
    is_passive=is_passive,
)
