from blog.seo.languages.base import LanguageRules, lines, words
from blog.seo.sentences import WORD

FUNCTION_WORDS = words(
    """
    a an the this that these those and or but nor so yet if then than as of at by for from in into on onto off
    out over under up down to with without within about above across after against along among around before
    behind below beneath beside between beyond during except inside near outside since through throughout till
    toward towards until upon via i me my mine myself we us our ours you your yours he him his she her hers it
    its they them their theirs who whom whose which what when where why how is am are was were be been being do
    does did done have has had having will would shall should can could may might must not no any some each
    every all both few many much more most other another such only own same too very just also there here again
    once
    """
)

CONNECTORS = lines(
    """also, besides, furthermore, moreover, additionally, in addition, what is more, likewise, similarly, equally,
    in the same way, however, nevertheless, nonetheless, still, yet, although, though, even though, even if, whereas, while,
    but, on the contrary, by contrast, in contrast, on the one hand, on the other hand, conversely, instead, rather,
    otherwise, despite, in spite of, regardless, that said, even so, because, since, as a result, as a consequence,
    consequently, therefore, thus, hence, accordingly, so, so that, for this reason, that is why, due to, owing to,
    thanks to, in order to, to that end, if, unless, provided that, as long as, in case, for example, for instance,
    such as, namely, in particular, particularly, especially, specifically, that is, in other words, to put it simply,
    to illustrate, in fact, indeed, of course, certainly, above all, most importantly, to be clear, firstly,
    to begin with, secondly, thirdly, then, after that, afterwards, afterward, before, beforehand,
    later, meanwhile, in the meantime, at the same time, simultaneously, at first, at last, eventually, finally, lastly,
    until, when, whenever, as soon as, subsequently, previously, so far, from then on, in short, in brief, to sum up,
    in summary, to summarise, to summarize, in conclusion, to conclude, all in all, on the whole, overall, in general,
    generally, as mentioned, as a rule, after all, at least, apart from, as well as, compared to, in comparison,
    now that, in that case, in this case, in the end, whether, than, as much as, according to, including, together with,
    another, further, following, earlier, for this purpose, to this end, by the same token, e.g, i.e"""
)
# As an adjective or adverb within a sentence they tie nothing: "the first reason", "your next step".
OPENING_CONNECTORS = lines("first, second, third, next, once")

PAIRS = (
    ("either", "or"),
    ("neither", "nor"),
    ("both", "and"),
    ("not only", "but"),
    ("whether", "or"),
)

_BE = words(
    """
    am is are was were be been being get gets got getting gotten isn't aren't wasn't weren't i'm you're we're they're it's he's she's that's what's who's
    """
)
_BETWEEN = words(
    """
    not never also always often still just already usually sometimes rarely seldom even only ever soon now then
    yet thus again both all being been well best better almost too so quite rather fully very more most
    """
)
_IRREGULAR = words(
    """
    built made done given taken seen known shown written driven chosen broken spoken stolen frozen worn torn
    sworn born drawn grown thrown blown flown held kept left lost sent spent bent lent meant met paid said sold
    told taught thought bought brought caught fought sought found bound ground wound hung struck stuck swung won
    spun sung sunk drunk begun rung eaten beaten bitten hidden ridden forgiven forgotten gotten understood
    withstood stood led fed read laid lit cut put set shut cast cost hit hurt split spread bred fled heard dealt
    felt slept swept wept crept dug shot sewn woven mown sawn shaken mistaken undertaken overseen proven cleft
    slit knit run overrun upset rebuilt resold rewritten
    """
)
_NOT_PARTICIPLES = words(
    """
    need indeed speed feed seed breed exceed proceed succeed bed red shed fed led hundred sacred naked wicked rugged
    ragged excited based beloved crooked dogged embed bleed weed deed fled sled bred shred greed steed creed kindred hatred
    """
)


def is_participle(word: str) -> bool:
    return word in _IRREGULAR or (len(word) > 3 and word.endswith("ed") and word not in _NOT_PARTICIPLES)


def is_passive(sentence: str) -> bool:
    """Whether a form of "be" or "get" is followed by a participle, with only adverbs between them."""
    words = WORD.findall(sentence.lower().replace("’", "'"))
    for start, word in enumerate(words):
        if word not in _BE:
            continue
        for following in words[start + 1 : start + 5]:
            if is_participle(following):
                return True
            if following not in _BETWEEN and not (following.endswith("ly") and len(following) > 4):
                break
    return False


def stem(word: str) -> str:
    """Map the forms of an English word to one stem: plurals, possessives, -ed, -ing, -er. Enough for keyphrases."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) < 4:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "er", "est"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and any(v in root for v in "aeiouy"):
            doubled = len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz"
            word = root[:-1] if doubled else root
            break
    return word.removesuffix("e") if len(word) > 3 else word


ENGLISH = LanguageRules(
    code="en",
    known=True,
    function_words=FUNCTION_WORDS,
    connectors=CONNECTORS,
    opening_connectors=OPENING_CONNECTORS,
    paired_connectors=PAIRS,
    weak_openers=words(
        """
    the a an this that these those one two three four five six seven eight nine ten
    """
    ),
    abbreviations=words(
        """
    e.g i.e vs approx no fig mr mrs ms dr prof st jr sr inc ltd co dept est min max p pp vol al
    """
    ),
    stem=stem,
    is_passive=is_passive,
)
