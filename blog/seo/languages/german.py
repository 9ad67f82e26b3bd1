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
    """außerdem, zudem, darüber hinaus, ferner, ebenso, ebenfalls, gleichfalls, sogar, weiter, des weiteren, hinzu kommt,
    nicht zuletzt, sowie, sowohl, entweder, weder, jedoch, aber, dennoch, trotzdem, allerdings, hingegen, dagegen, im
    gegensatz, im gegenteil, einerseits, andererseits, obwohl, obgleich, wenngleich, während, statt, stattdessen, anstatt,
    trotz, doch, sondern, nichtsdestotrotz, gleichwohl, zwar, immerhin, weil, da, denn, deshalb, deswegen, daher, darum,
    folglich, infolgedessen, demnach, somit, also, sodass, so dass, aus diesem grund, aufgrund, dank, damit, dazu, dadurch,
    dafür, darauf, hierzu, hierdurch, dass, daß, ob, wenn, falls, sofern, vorausgesetzt, solange, andernfalls, sonst,
    ansonsten, zum beispiel, z.b, beispielsweise, bspw, bzw, beziehungsweise, d.h, etwa, unter anderem, insbesondere,
    besonders, vor allem, nämlich, das heißt, mit anderen worten, anders gesagt, genauer gesagt, kurz gesagt, tatsächlich,
    möglicherweise, in der tat, natürlich, selbstverständlich, zunächst, zuerst, erstens, zweitens, drittens, anschließend,
    danach, dann, daraufhin, später, schließlich, zuletzt, zum schluss, am ende, inzwischen, mittlerweile, gleichzeitig,
    zugleich, bevor, nachdem, sobald, bisher, seit, seitdem, dort, vorher, zuvor, nachher, währenddessen, abschließend,
    zusammenfassend, insgesamt, alles in allem, im großen und ganzen, im allgemeinen, kurzum, fazit, wie erwähnt, im
    vergleich, ähnlich, genauso, hierbei, dabei, wobei, indem, weiterhin, überdies, übrigens, jedenfalls, schließlich,
    letztlich, letztendlich"""
)

PAIRS = (
    ("entweder", "oder"),
    ("weder", "noch"),
    ("sowohl", "als auch"),
    ("nicht nur", "sondern"),
    ("je", "desto"),
)

_WERDEN = words(
    """
    werde wirst wird werden werdet wurde wurdest wurden wurdet worden würde würden
    """
)
# A prefix that can part from its verb: "herunterladen" ("lädt herunter"), "freigeben". "her-" and "hin-" join others.
_PREFIX = (
    r"(?:(?:her|hin|da|vor)?(?:ab|an|auf|aus|bei|durch|ein|entgegen|fort|mit|nach|nieder|über|um|unter|vor|weg|weiter|zu)"
    r"|bereit|dar|fehl|fertig|fest|frei|gut|her|hin|hoch|klar|los|nahe|offen|sicher|statt|still|teil|voll|wahr|wieder"
    r"|heran|herein|hinein|herbei|hervor|voran|voraus|zurück|zusammen)"
)
_PARTICIPLE = re.compile(
    rf"{_PREFIX}?ge\w{{2,}}(?:t|en)"
    rf"|{_PREFIX}?(?:be|emp|ent|er|ge|miss|ver|zer|über|unter|wider)\w{{2,}}t"
    r"|\w{2,}iert"
)
_PERFECT = words("haben sein")
_STRONG = words(
    """
    gebeten getreten betreten vertreten begonnen beschrieben betrieben betroffen bewiesen empfohlen empfunden
    entnommen entschieden entworfen erfunden erhoben erwogen erworben erzogen gewonnen
    übernommen unterschrieben verboten verbunden verbracht verglichen verliehen verloren
    vermieden verschrieben verstanden vertrieben verwiesen verworfen verziehen zerrissen
    """
)
# Strong participles without "ge-" whose vowel tells them from the infinitive: "überschrieben", not "überschreiben".
_ABLAUT = re.compile(
    rf"{_PREFIX}?(?:be|emp|ent|er|miss|ver|zer|durch|hinter|über|um|unter|wider)"
    r"(?:bogen|boten|brochen|bunden|flossen|funden|glichen|gossen|griffen|hoben|logen|loren|mieden|nommen|rissen|"
    r"schieden|schlossen|schoben|schoren|schnitten|schossen|schrieben|schwiegen|schwunden|sonnen|sprochen|standen|stiegen|"
    r"stochen|stohlen|storben|strichen|trieben|troffen|wichen|wiesen|wogen|wonnen|worben|worfen|wunden|zogen|zwungen)"
)
_NOT_PARTICIPLES = (
    words(
        """
    gegen gegenüber gelten geben gehen gesund gerät gewicht gesicht gebiet gericht geschenk gewinnen genießen
    gesamt geschäft gestalt gewalt genügend genau gern geduldt gehört bereit bericht bett berlin ersten erst
    ernst ergebnis gefallen gelingen geschehen gestalten gehalt gemüt getränk gelegenheit
    """
    )
    | words(
        # Infinitives in ge-, which make a future or a conditional: "würde sich gesellen".
        """
    gebären gebieten gebrauchen gebühren gedeihen gedenken gefährden gehorchen gehören gelangen geleiten geloben
    genehmigen genesen genügen geraten gereichen gesellen gestatten gestehen getrauen gewähren gewährleisten gewöhnen
    """
    )
    | words(
        # Adjectives: what becomes so is in no passive ("wird schnell kompliziert").
        """
    bekannt beliebt berühmt bewusst bunt elegant erkältet fett interessant kompliziert leicht nackt perfekt relevant schlecht
    verrückt vertraut verwandt
    """
    )
)


def is_participle(word: str) -> bool:
    if word in _STRONG:
        return True
    if word in _NOT_PARTICIPLES or word.endswith(("enen", "eten")):
        return False  # the latter are adjectives: "die vorgeschlagenen Schritte"
    return bool(_ABLAUT.fullmatch(word) or _PARTICIPLE.fullmatch(word))


def is_passive(sentence: str) -> bool:
    """Whether a clause has a form of "werden" and a participle. The future ("wird gehen") has an infinitive instead, and
    the perfect of a future or conditional has "haben" or "sein" right after it ("würde es gemacht haben"). The participle
    stands after "werden" ("wird heute geprüft") or right before it ("dass es geprüft wird"). An infinitive clause ("um geprüft
    zu werden") is none: it has no subject of its own whose doer could be named instead.

    Any word but the first is a noun ("Gemeinschaft") if it begins with a capital.
    """
    for at, clause in enumerate(clauses(sentence)):
        small = [word.lower() for n, word in enumerate(clause) if word[0].islower() or (at == n == 0)]
        auxiliary = False
        for word, following in zip(small, [*small, ""][1:], strict=True):
            if word in _WERDEN:
                auxiliary = True
            elif (following in _WERDEN or (auxiliary and following not in _PERFECT)) and is_participle(word):
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
    z.b z u.a u.ä bzw ca d.h evtl ggf inkl max min nr o.ä s.o str vgl v.a z.t dr prof st tel abb bspw u a o i v s m
    exkl zzgl mind sog stk d h b
    """
    ),
    ordinal_dot=True,
    stem=stem,
    slug_forms=slug_forms,
    is_passive=is_passive,
)
