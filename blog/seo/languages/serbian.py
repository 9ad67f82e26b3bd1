"""Serbian, in both scripts. Cyrillic is first folded into Latin, so that a text scores the same in both."""

from blog.seo.languages.base import LanguageRules, lines, plain_slug, words

LATIN = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š"
_CYRILLIC = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        LATIN.split(),
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_CYRILLIC | {c.upper(): latin.capitalize() for c, latin in _CYRILLIC.items()})


def fold(text: str) -> str:
    return text.translate(_TO_LATIN)


FUNCTION_WORDS = words(
    """
    i a ali ili pa te ni niti nego već no da li je su sam si smo ste bi bih bismo biste biti bio bila bilo bili
    bile će ću ćeš ćemo ćete nije nisu nisam nismo ima imaju nema u na o od do iz sa s k ka za po pri pod nad
    pred pre posle kroz među između bez zbog radi prema protiv oko kod ispod iznad ispred iza pored umesto osim
    tokom uz niz koji koja koje kojeg kojem kojoj kojim kojih kojima što šta ko koga kome čiji kad kada gde kako
    koliko zašto ako jer dok iako ja ti on ona ono mi vi oni one me te ga mu joj ih im se sebe svoj svoja svoje
    svoju moj moja moje tvoj naš naša naše vaš vaša vaše njegov njen njihov ovaj ova ovo ovi ove ovog ovom taj
    ta to tog tom ti te tih onaj neki neka neko neke svaki svaka svako sve svi sva ne samo i još vrlo više manje
    tako ovde tu tamo
    """
)

CONNECTORS = lines(
    """takođe, isto tako, osim toga, pored toga, štaviše, uz to, povrh toga, a i, kao i, jednako, slično tome, međutim, ali,
    ipak, no, nego, već, uprkos, uprkos tome, bez obzira, iako, premda, mada, dok, naprotiv, nasuprot tome, s druge strane,
    sa druge strane, s jedne strane, sa jedne strane, za razliku od, umesto toga, umesto, inače, u suprotnom, jer, zato, zato što,
    zbog, zbog toga, stoga, dakle, prema tome, usled, usled toga, iz tog razloga, zahvaljujući, kako bi, da bi, tako da, pa,
    budući da, pošto, s obzirom, s obzirom na to, ako, ukoliko, samo ako, pod uslovom, osim ako, u slučaju, na primer, recimo,
    kao što, naime, posebno, naročito, pre svega, između ostalog, odnosno, to jest, drugim rečima, tačnije, preciznije,
    zapravo, u stvari, svakako, naravno, najpre, prvo, za početak, pre toga, drugo, treće, zatim, potom, nakon toga, posle toga,
    kasnije, u međuvremenu, istovremeno, u isto vreme, na kraju, konačno, najzad, naposletku, čim, kada, kad, pre nego što,
    nakon što, sve dok, do sada, od tada, ukratko, kratko rečeno, sve u svemu, u celini, generalno, uopšteno, zaključno,
    na osnovu toga, kao rezultat, samim tim, time, u poređenju, u odnosu na, bar, makar, pogotovo, uostalom, tim pre,
    isto važi, pritom, pri tome, u tom slučaju, ujedno, uz pomoć, zahvaljujući tome"""
)

PAIRS = (
    ("ili", "ili"),
    ("ni", "ni"),
    ("ne samo", "već"),
    ("ne samo", "nego"),
    ("bilo", "bilo"),
)

# Case and gender endings of nouns, adjectives and participles, longest first.
_ENDINGS = sorted(
    words(
        """
        ovima evima ijima ovih evih ijim ijem ijoj ijih ijeg ama ima ovi evi ova eva ove eve oga ome omu ega emu iji ija
        ije iju om em og eg oj im ih a e i o u
        """
    ),
    key=len,
    reverse=True,
)
_VOWELS = frozenset("aeiou")


def stem(word: str) -> str:
    """Map the forms of a Serbian noun or adjective to one stem: remove case endings and a fleeting "a"."""
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3:
            word = root
            break
    if len(word) >= 5 and word[-2] == "a" and word[-1] in "nkclr" and word[-3] not in _VOWELS:
        return word[:-2] + word[-1]  # pamučan, pamučna
    return word


_SLUG = str.maketrans({"č": "c", "ć": "c", "š": "s", "ž": "z", "đ": "dj"})
_SLUG_SHORT = str.maketrans({"č": "c", "ć": "c", "š": "s", "ž": "z", "đ": "d"})


def slug_forms(word: str) -> frozenset[str]:
    """The forms of a word in a slug. `đ` is written `dj` there, or sometimes `d`."""
    return plain_slug(word) | {word.translate(_SLUG), word.translate(_SLUG_SHORT)}


SERBIAN = LanguageRules(
    code="sr",
    known=True,
    function_words=FUNCTION_WORDS,
    connectors=CONNECTORS,
    paired_connectors=PAIRS,
    weak_openers=words(
        """
    ovaj ova ovo ovi ove taj ta to ti te jedan jedna jedno dva dve tri četiri pet
    """
    ),
    abbreviations=words(
        """
    npr tj dr god br str din tzv sl prof mr ul tel hilj mil kom min maks cca v sv inž gdin gđa i.sl
    """
    ),
    ordinal_dot=True,
    fold=fold,
    stem=stem,
    slug_forms=slug_forms,
)
