"""Thirty posts of our own making: good and weak ones, broken HTML, three languages, two scripts, none and too much of
everything. Each is put together from hand-written paragraphs by what it is meant to show."""

from __future__ import annotations

from typing import Any

from blog.seo.languages.serbian import LATIN

EN = {
    "phrase": "wool blanket",
    "intro": "A wool blanket keeps a bed warm without making it heavy. This guide explains how to choose one, how to wash it, and what the weight on the label tells you.",
    "body": [
        "Wool fibres are curled. Because of that, they hold air, and air keeps the warmth in. A thin blanket can therefore be warmer than a thick one made of cotton.",
        "First, look at the weight. It is given in grams per square metre. However, weight alone says little, since a loose weave holds more air than a dense one.",
        "Then feel the surface. Lambswool is soft, while wool from older sheep is firm. For example, a firm weave suits a sofa, and a soft one suits a cot.",
        "Washing is simple. Use cold water and little soap, and do not wring the cloth. Afterwards, lay it flat on a towel until it is dry.",
        "Moths like wool that lies in the dark. So air the blanket every few weeks. In addition, keep it in a cotton bag when summer comes.",
        "Finally, think about colour. Natural tones hide small marks, whereas white shows every crumb. Still, a bright room can take a bright blanket.",
        "Allergies to wool are rare. What itches is mostly a coarse fibre, not the wool itself. Therefore touch it with your wrist before you buy.",
        "A good blanket lasts for years. If a seam opens, sew it at once, because a small hole grows quickly.",
    ],
    "headings": ["What makes a wool blanket warm", "How to choose the weight", "Care at home", "Which colour fits"],
    "title": "Wool blanket: how to choose, wash and keep it",
    "description": "How to choose a wool blanket that fits your bed: what weight and weave tell you, how to wash it, and how to keep moths away.",
    "slug": "wool-blanket-guide",
    "alt": "A grey wool blanket on a bed",
    "link": "our blankets in the shop",
    "source": "a report on wool fibres",
}
DE = {
    "phrase": "Leinen Bettwäsche",
    "intro": "Leinen Bettwäsche kühlt im Sommer und wärmt im Winter. Dieser Ratgeber zeigt, worauf es beim Kauf ankommt und wie der Stoff lange schön bleibt.",
    "body": [
        "Leinen nimmt viel Feuchtigkeit auf. Deshalb fühlt sich der Stoff trocken an, auch wenn die Nacht warm ist. Außerdem trocknet er schnell.",
        "Zuerst sollten Sie auf die Webart achten. Ein dichtes Gewebe ist glatter, ein lockeres dagegen luftiger. Beide haben ihren Platz.",
        "Neues Leinen ist oft steif. Mit jeder Wäsche wird es jedoch weicher. Darum lohnt sich etwas Geduld in den ersten Wochen.",
        "Waschen Sie den Bezug bei vierzig Grad. Danach hängen Sie ihn feucht auf, denn so bleiben weniger Falten. Bügeln müssen Sie nicht.",
        "Knitter gehören zum Leinen. Wer sie nicht mag, wählt zum Beispiel ein Gemisch mit Baumwolle. Allerdings kühlt das Gemisch etwas weniger.",
        "Die Farbe hält länger, wenn die Sonne sie nicht trifft. Trocknen Sie dunkle Bezüge also im Schatten. Weiße Wäsche darf hinaus.",
        "Gute Nähte erkennt man innen. Wenn die Kanten versäubert sind, franst nichts aus. Schließlich soll der Bezug viele Jahre dienen.",
        "Knöpfe aus Holz passen zum Stoff. Sie vertragen aber keine Hitze. Deswegen gehört die Wäsche nicht in den Trockner.",
    ],
    "headings": ["Warum Leinen Bettwäsche kühlt", "Die richtige Webart", "Waschen und Trocknen", "Farben und Nähte"],
    "title": "Leinen Bettwäsche: Kauf, Pflege und Webart",
    "description": "Leinen Bettwäsche richtig wählen: was die Webart bedeutet, wie Sie den Stoff waschen und warum er im Sommer angenehm kühl bleibt.",
    "slug": "leinen-bettwaesche-ratgeber",
    "alt": "Leinen Bettwäsche auf einem Bett am Fenster",
    "link": "unsere Bezüge im Laden",
    "source": "ein Bericht über Flachs",
}
SR = {
    "phrase": "pamučna posteljina",
    "intro": "Pamučna posteljina je prijatna i lako se održava. Ovaj vodič objašnjava kako da je izaberete, kako da je perete i šta piše na etiketi.",
    "body": [
        "Pamuk dobro upija vlagu. Zato je tkanina suva i tokom toplih noći. Takođe, brzo se suši na vazduhu.",
        "Najpre obratite pažnju na tkanje. Gusto tkanje je glatko, dok je ređe tkanje prozračno. Međutim, oba imaju svoje mesto.",
        "Nova tkanina je ponekad kruta. Ipak, posle nekoliko pranja postaje meka. Stoga vredi malo sačekati.",
        "Perite je na četrdeset stepeni. Zatim je okačite dok je vlažna, jer tako ostaje manje nabora. Peglanje nije obavezno.",
        "Boja traje duže u hladu. Na primer, tamne navlake sušite daleko od sunca. Bele, s druge strane, smeju napolje.",
        "Dobar šav se vidi sa unutrašnje strane. Ako su ivice opšivene, ništa se ne para. Pored toga, dugmad treba da budu čvrsta.",
        "Deca se brzo ugreju u snu. Zbog toga im odgovara tanja navlaka. Ukoliko je soba hladna, dodajte ćebe.",
        "Na kraju, proverite mere. Navlaka koja je mala klizi sa jastuka. Dakle, izmerite krevet pre kupovine.",
    ],
    "headings": ["Zašto pamučna posteljina prija", "Kako izabrati tkanje", "Pranje i sušenje", "Mere i šavovi"],
    "title": "Pamučna posteljina: izbor, pranje i mere",
    "description": "Kako da izaberete pamučnu posteljinu: šta znači tkanje, kako se pere i suši, i koje mere odgovaraju vašem krevetu i jastuku.",
    "slug": "pamucna-posteljina-vodic",
    "alt": "Pamučna posteljina na krevetu",
    "link": "naša ponuda navlaka",
    "source": "izveštaj o pamuku",
}
_CYRILLIC = dict(zip(LATIN.split(), "абвгдђежзијклљмнњопрстћуфхцчџш", strict=True))


def cyrillic(text: str) -> str:
    """Serbian Latin in Cyrillic letters; HTML tags and addresses stay as they are."""
    import re

    letters = sorted(_CYRILLIC, key=len, reverse=True)
    pattern = re.compile("|".join(letters), re.IGNORECASE)

    def letter(found: re.Match[str]) -> str:
        new = _CYRILLIC[found[0].lower()]
        return new.upper() if found[0][0].isupper() else new

    parts = re.split(r"(<[^>]*>)", text)
    out = []
    for part in parts:
        if part.startswith("<"):
            part = re.sub(r'alt="([^"]*)"', lambda m: f'alt="{pattern.sub(letter, m[1])}"', part)
            out.append(part)
        else:
            out.append(pattern.sub(letter, part))
    return "".join(out)


def build(
    text: dict[str, Any],
    *,
    rounds: int = 2,
    headings: int = 4,
    images: int = 1,
    alt: bool = True,
    internal: int = 1,
    external: int = 1,
    nofollow: bool = False,
    intro: bool = True,
    stuffing: int = 0,
) -> str:
    """The HTML of a post: `rounds` times through the paragraphs, under `headings`, with pictures and links."""
    paragraphs = [text["body"][n % len(text["body"])] for n in range(rounds * len(text["body"]))]
    parts = [f"<p>{text['intro'] if intro else text['body'][-1]}</p>"]
    every = max(1, len(paragraphs) // max(1, headings))
    for number, paragraph in enumerate(paragraphs):
        if headings and number % every == 0 and number // every < headings:
            parts.append(f"<h2>{text['headings'][(number // every) % len(text['headings'])]}</h2>")
        parts.append(f"<p>{paragraph}</p>")
    if stuffing:
        parts.insert(3, "<p>" + " ".join(f"{text['phrase'].capitalize()}." for _ in range(stuffing)) + "</p>")
    for number in range(images):
        described = text["alt"] if alt else ""
        parts.append(f'<figure><img src="https://shop.example.com/{number}.jpg" alt="{described}"></figure>')
    rel = ' rel="nofollow"' if nofollow else ""
    if internal:
        parts.append(f'<p><a href="https://shop.example.com/a"{rel}>{text["link"]}</a></p>')
    if external:
        parts.append(f'<p><a href="https://other.example.org/b"{rel}>{text["source"]}</a></p>')
    return "\n".join(parts)


def post(name: str, language: str, text: dict[str, Any], content: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "language": language,
        "content": content,
        "title": text["title"],
        "description": text["description"],
        "slug": text["slug"],
        "focus_keyword": text["phrase"],
        **changes,
    }


LONG = (
    "This is a sentence that goes on and on because nobody ever told its author that a reader who has to keep twenty "
    "things in mind at once will sooner or later give up and close the page for good. "
)


def make() -> list[dict[str, Any]]:
    sr_cyrillic = {
        key: [cyrillic(v) for v in value] if isinstance(value, list) else cyrillic(value)
        for key, value in SR.items()
        if key != "slug"
    } | {"slug": SR["slug"]}
    return [
        post("en-good", "en", EN, build(EN)),
        post("en-good-long", "en", EN, build(EN, rounds=4)),
        post("de-good", "de", DE, build(DE)),
        post("de-good-long", "de", DE, build(DE, rounds=4, images=3)),
        post("sr-latin-good", "sr-Latn", SR, build(SR)),
        post("sr-latin-good-long", "sr-Latn", SR, build(SR, rounds=4)),
        post("sr-cyrillic-good", "sr", sr_cyrillic, build(sr_cyrillic)),
        post("sr-cyrillic-good-long", "sr", sr_cyrillic, build(sr_cyrillic, rounds=4)),
        post("en-thin", "en", EN, f"<p>{EN['intro']}</p>"),
        post("en-short", "en", EN, build(EN, rounds=1, headings=0)),
        post("en-no-headings", "en", EN, build(EN, rounds=3, headings=0)),
        post("en-stuffed", "en", EN, build(EN, stuffing=30)),
        post("en-no-images", "en", EN, build(EN, images=0)),
        post("en-images-without-alt", "en", EN, build(EN, images=3, alt=False)),
        post("en-no-links", "en", EN, build(EN, internal=0, external=0)),
        post("en-nofollow", "en", EN, build(EN, nofollow=True)),
        post("en-late-keyphrase", "en", EN, build(EN, intro=False), title="All about bedding in winter"),
        post("en-bad-meta", "en", EN, build(EN), description="Short.", title="x" * 90, slug="p-17"),
        post("en-no-meta", "en", EN, build(EN), description="", slug=""),
        post("en-long-sentences", "en", EN, build(EN) + f"<p>{LONG * 14}</p>"),
        post(
            "en-long-keyphrase", "en", EN, build(EN), focus_keyword="grey wool blanket for a large double bed in winter"
        ),
        post("de-thin", "de", DE, f"<p>{DE['intro']}</p><p>{DE['body'][0]}</p>"),
        post(
            "de-competing-link",
            "de",
            DE,
            build(DE) + '<p><a href="https://shop.example.com/x">Leinen Bettwäsche</a></p>',
        ),
        post("de-two-h1", "de", DE, f"<h1>Eins</h1><h1>Zwei</h1>{build(DE, headings=1)}"),
        post("sr-latin-weak", "sr-Latn", SR, build(SR, rounds=1, images=0, internal=0, intro=False)),
        post("sr-cyrillic-weak", "sr", sr_cyrillic, build(sr_cyrillic, rounds=1, images=0, external=0)),
        post("en-broken", "en", EN, build(EN).replace("</p>", "").replace("</h2>", "</h3>")),
        post("de-broken", "de", DE, "<div><p>" + build(DE).replace("</figure>", "") + "<b><i>offen"),
        post("sr-broken", "sr-Latn", SR, build(SR).replace("<p>", "<p><span>", 5)),
        post("en-wall-of-text", "en", EN, "<p>" + " ".join(EN["body"] * 3) + "</p>"),
    ]
