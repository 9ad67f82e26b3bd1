"""What the built-in writer says in each language besides the facts: a few labels, and the frame of an article."""

from dataclasses import dataclass, fields
from functools import cache

from scribe.language import script


def base(language: str) -> str:
    """The language without its script or region: `sr-Latn` → `sr`, `pt-BR` → `pt`."""
    return language.split("-")[0].lower()


def same(found: str, language: str) -> bool:
    """Whether a detected language is the wanted one. Serbian, Croatian and Bosnian count as the same."""
    wanted = base(language)
    return found == wanted or (found == "sr" and wanted in ("hr", "bs", "cnr"))


@dataclass(frozen=True)
class Grammar:
    """`{v}` is a value, `{topic}` that of an article, `{names}` those of its products."""

    colon: str  # between label and value
    brand: str
    category: str
    details: str  # the heading over the facts
    photo: str
    intro: str  # of an article
    excerpt: str
    instructions: tuple[tuple[str, str], ...]  # for each answer of a brand one sentence
    rules: tuple[str, ...]  # of every instructions


# Any other language: names and values side by side. It adds no words, so that nothing is said wrongly.
PLAIN = Grammar(
    colon=": ",
    brand="",
    category="",
    details="",
    photo="{v}",
    intro="{topic}.",
    excerpt="{topic}.",
    instructions=tuple((key, "{v}") for key in ("brand", "audience", "points", "tone", "language", "avoid")),
    rules=(),
)
GRAMMARS = {
    "en": Grammar(
        colon=": ",
        brand="Brand",
        category="Category",
        details="Details",
        photo="photo {v}",
        intro="This article is about {topic}.",
        excerpt="What there is to know about {topic}, in short.",
        instructions=(
            ("brand", "Write as {v}."),
            ("audience", "Address this audience: {v}."),
            ("points", "Where the product data supports it, bring out: {v}."),
            ("tone", "Keep a {v} tone throughout."),
            ("language", "Write in {v}."),
            ("avoid", "Avoid: {v}."),
        ),
        rules=(
            "Start with what the product is, then its properties in full sentences, and end with the details as a list.",
            "State only what the product data says: no invented figures, materials, certificates, guarantees or origins.",
            "Use short sentences and active verbs. Do without exclamation marks, capitals for emphasis and empty superlatives.",
        ),
    ),
    "de": Grammar(
        colon=": ",
        brand="Marke",
        category="Kategorie",
        details="Einzelheiten",
        photo="Foto {v}",
        intro="In diesem Artikel geht es um das Thema: {topic}.",
        excerpt="Das Wichtigste zum Thema {topic} in Kürze.",
        instructions=(
            ("brand", "Schreibe im Namen von {v}."),
            ("audience", "Sprich diese Zielgruppe an: {v}."),
            ("points", "Wo die Produktdaten es belegen, hebe hervor: {v}."),
            ("tone", "Halte durchgehend diesen Ton: {v}."),
            ("language", "Schreibe in dieser Sprache: {v}."),
            ("avoid", "Vermeide: {v}."),
        ),
        rules=(
            "Beginne damit, was das Produkt ist, nenne dann seine Eigenschaften in ganzen Sätzen und schließe mit den Einzelheiten als Liste.",
            "Nenne nur, was in den Produktdaten steht: keine erfundenen Zahlen, Materialien, Zertifikate, Garantien oder Herkünfte.",
            "Schreibe kurze Sätze mit aktiven Verben. Verzichte auf Ausrufezeichen, Großbuchstaben zur Betonung und leere Superlative.",
        ),
    ),
    "fr": Grammar(
        colon="\u00a0: ",
        brand="Marque",
        category="Catégorie",
        details="Détails",
        photo="photo {v}",
        intro="Cet article porte sur le sujet suivant\u00a0: {topic}.",
        excerpt="L’essentiel sur {topic}, en bref.",
        instructions=(
            ("brand", "Écris au nom de {v}."),
            ("audience", "Adresse-toi à ce public\u00a0: {v}."),
            ("points", "Quand les données du produit le confirment, mets en avant\u00a0: {v}."),
            ("tone", "Garde ce ton du début à la fin\u00a0: {v}."),
            ("language", "Écris dans cette langue\u00a0: {v}."),
            ("avoid", "Évite\u00a0: {v}."),
        ),
        rules=(
            "Commence par ce qu’est le produit, donne ensuite ses propriétés en phrases complètes et termine par les détails en liste.",
            "N’affirme que ce que disent les données du produit\u00a0: aucun chiffre, matériau, certificat, garantie ou origine inventés.",
            "Fais des phrases courtes avec des verbes actifs. Évite les points d’exclamation, les majuscules d’insistance et les superlatifs vides.",
        ),
    ),
    "es": Grammar(
        colon=": ",
        brand="Marca",
        category="Categoría",
        details="Detalles",
        photo="foto {v}",
        intro="Este artículo trata del siguiente tema: {topic}.",
        excerpt="Lo esencial sobre {topic}, en breve.",
        instructions=(
            ("brand", "Escribe en nombre de {v}."),
            ("audience", "Dirígete a este público: {v}."),
            ("points", "Cuando los datos del producto lo respalden, destaca: {v}."),
            ("tone", "Mantén este tono en todo el texto: {v}."),
            ("language", "Escribe en este idioma: {v}."),
            ("avoid", "Evita: {v}."),
        ),
        rules=(
            "Empieza por lo que es el producto, sigue con sus propiedades en frases completas y termina con los detalles en una lista.",
            "Afirma solo lo que dicen los datos del producto: sin cifras, materiales, certificados, garantías ni orígenes inventados.",
            "Usa frases cortas y verbos activos. Evita los signos de exclamación, las mayúsculas de énfasis y los superlativos vacíos.",
        ),
    ),
    "it": Grammar(
        colon=": ",
        brand="Marchio",
        category="Categoria",
        details="Dettagli",
        photo="foto {v}",
        intro="Questo articolo tratta il tema seguente: {topic}.",
        excerpt="L’essenziale su {topic}, in breve.",
        instructions=(
            ("brand", "Scrivi a nome di {v}."),
            ("audience", "Rivolgiti a questo pubblico: {v}."),
            ("points", "Dove i dati del prodotto lo confermano, metti in risalto: {v}."),
            ("tone", "Mantieni questo tono in tutto il testo: {v}."),
            ("language", "Scrivi in questa lingua: {v}."),
            ("avoid", "Evita: {v}."),
        ),
        rules=(
            "Inizia da che cosa è il prodotto, prosegui con le sue proprietà in frasi complete e chiudi con i dettagli in un elenco.",
            "Afferma solo ciò che dicono i dati del prodotto: nessuna cifra, nessun materiale, certificato, garanzia o origine inventati.",
            "Usa frasi brevi e verbi attivi. Evita i punti esclamativi, le maiuscole per enfasi e i superlativi vuoti.",
        ),
    ),
    "sr": Grammar(
        colon=": ",
        brand="Бренд",
        category="Категорија",
        details="Детаљи",
        photo="фотографија {v}",
        intro="Тема овог чланка: {topic}.",
        excerpt="Најважније о теми {topic}, укратко.",
        instructions=(
            ("brand", "Пиши у име бренда {v}."),
            ("audience", "Обраћај се овој публици: {v}."),
            ("points", "Где подаци о производу то потврђују, истакни: {v}."),
            ("tone", "Држи се овог тона: {v}."),
            ("language", "Пиши на овом језику: {v}."),
            ("avoid", "Избегавај: {v}."),
        ),
        rules=(
            "Почни тиме шта је производ, затим у пуним реченицама наведи његове особине, а на крају детаље у листи.",
            "Наводи само оно што пише у подацима о производу: без измишљених бројева, материјала, сертификата, гаранција и порекла.",
            "Пиши кратке реченице са активним глаголима. Без узвичника, великих слова ради истицања и празних суперлатива.",
        ),
    ),
}  # fmt: skip


@cache
def grammar_for(language: str) -> Grammar:
    """The grammar of a language. Serbian in Latin letters is transliterated from the Cyrillic one."""
    grammar = GRAMMARS.get(base(language), PLAIN)
    return _latin(grammar) if language == "sr-Latn" else grammar


def is_known(language: str) -> bool:
    return base(language) in GRAMMARS


def _latin(grammar: Grammar) -> Grammar:
    """Its templates have Latin placeholders only, so that each can be transliterated whole."""
    said = {field.name: getattr(grammar, field.name) for field in fields(grammar)}
    pairs = tuple((key, script.to_latin(text)) for key, text in grammar.instructions)
    rules = tuple(script.to_latin(text) for text in grammar.rules)
    return Grammar(
        **{key: script.to_latin(text) for key, text in said.items() if isinstance(text, str)},
        instructions=pairs,
        rules=rules,
    )
