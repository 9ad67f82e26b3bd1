"""A second set, written after the checker, in trades and words that the first set does not have.

When the checker first met it, unchanged, 119 of 123 lies were caught (96.7 %) and 2 of 85 honest texts flagged (2.4 %).
What it missed then ("la tela más suave", a code with a noun glued on) was mended afterwards. Its lies in kinds that the
tables no longer judge (numbers of things in words, materials in another language than the source) are left out.
"""

from __future__ import annotations

from typing import Any

SOURCES: dict[str, dict[str, Any]] = {
    "tent": {
        "name": "Trekker 2 Tent",
        "description": "Two-person tent. Packed weight 2.3 kg. Outer tent 3000 mm water column. Poles: aluminium. Floor: nylon. Assembly in about 5 minutes.",
        "attributes": {"Persons": "2", "Packed size": "45 x 15 cm", "Colour": "olive", "Season": "3-season"},
    },
    "kettle": {
        "name": "Wasserkocher Lina 1,7 l",
        "description": "Wasserkocher aus Edelstahl mit 2200 W. Abschaltautomatik, Kalkfilter, Trockengehschutz. Kabellänge 75 cm.",
        "attributes": {"Fassungsvermögen": "1,7 l", "Leistung": "2200 W", "Farbe": "silber", "Garantie": "3 Jahre"},
    },
    "honey": {
        "name": "Bagremov med sa Fruške gore",
        "description": "Domaći bagremov med sa Fruške gore, Srbija. Bez dodatog šećera. Čuvati na tamnom mestu, ispod 25 °C.",
        "attributes": {"Neto": "450 g", "Poreklo": "Srbija", "Pakovanje": "staklena tegla"},
    },
    "desk": {
        "name": "Bureau Oslo",
        "description": "Bureau en chêne massif, pieds en métal noir. Dimensions 120 x 60 x 75 cm. Un tiroir. Charge maximale 50 kg.",
        "attributes": {"Matière": "chêne massif", "Poids": "28 kg", "Montage": "à monter soi-même"},
    },
    "dress": {
        "name": "Vestido Lola",
        "description": "Vestido midi de lino y viscosa. Lavar a mano a 30 °C. Hecho en España.",
        "attributes": {"Composición": "55 % lino, 45 % viscosa", "Tallas": "36, 38, 40, 42", "Color": "blanco"},
    },
    "router": {
        "name": "NetBox AX3000",
        "description": "Wi-Fi 6 router with four LAN ports and one USB 3.0 port. Speeds up to 3000 Mbit/s. CE marked.",
        "attributes": {"Antennas": "4", "Weight": "0.48 kg", "Warranty": "36 months"},
    },
}

_HONEST: dict[tuple[str, str], list[str]] = {
    ("tent", "en"): [
        "The Trekker 2 gives two people shelter on longer tours and packs down to 45 x 15 cm.",
        "At 2.3 kg with aluminium poles, it is easy to carry, and it is up in about five minutes.",
        "The outer tent holds a water column of 3,000 mm; the floor is nylon.",
        "A 3-season tent in a quiet olive that blends into the landscape.",
    ],
    ("tent", "de"): [
        "Das Zelt bietet Platz für zwei Personen und ist in etwa 5 Minuten aufgebaut.",
        "Es wiegt 2,3 kg und misst verpackt 45 × 15 cm.",
        "Die Wassersäule des Außenzelts beträgt 3000 mm, das Gestänge ist aus Aluminium.",
    ],
    ("tent", "pl"): [
        "Namiot dla dwóch osób, który po spakowaniu mierzy 45 x 15 cm.",
        "Waży 2,3 kg, ma aluminiowe stelaże i podłogę z nylonu.",
    ],
    ("tent", "nl"): [
        "Een tent voor twee personen die in ongeveer 5 minuten staat.",
        "Het pakketje weegt 2,3 kg en de stokken zijn van aluminium.",
    ],
    ("kettle", "de"): [
        "Der Wasserkocher Lina fasst 1,7 Liter und erhitzt mit 2200 Watt.",
        "Das Gehäuse aus Edelstahl ist schnell abgewischt, der Kalkfilter lässt sich herausnehmen.",
        "Abschaltautomatik und Trockengehschutz sorgen für einen sicheren Betrieb.",
        "Auf das Gerät gibt es drei Jahre Garantie.",
    ],
    ("kettle", "en"): [
        "Lina boils up to 1.7 litres at 2,200 W.",
        "The stainless steel kettle switches itself off and protects against boiling dry.",
        "The cable is 75 cm long and you get a warranty of 3 years.",
    ],
    ("kettle", "it"): [
        "Il bollitore Lina contiene 1,7 l e ha una potenza di 2200 W.",
        "È in acciaio inossidabile con filtro anticalcare e garanzia di 3 anni.",
    ],
    ("kettle", "ru"): [
        "Чайник Lina вмещает 1,7 л, мощность 2200 Вт.",
        "Корпус из нержавеющей стали, гарантия 3 года.",
    ],
    ("honey", "sr-Latn"): [
        "Bagremov med sa Fruške gore, blagog ukusa i svetle boje.",
        "U staklenoj tegli je 450 g meda bez dodatog šećera.",
        "Čuvajte ga na tamnom mestu, na temperaturi ispod 25 °C.",
    ],
    ("honey", "sr"): [
        "Багремов мед са Фрушке горе, без додатог шећера.",
        "Тегла од стакла садржи 450 грама меда из Србије.",
    ],
    ("honey", "en"): [
        "Acacia honey from Fruška Gora in Serbia, with no added sugar.",
        "The glass jar holds 450 g; keep it in a dark place below 25 °C.",
    ],
    ("honey", "fr"): ["Un miel d'acacia de Serbie, sans sucre ajouté.", "Le pot en verre contient 450 g."],
    ("desk", "fr"): [
        "Le bureau Oslo associe un plateau en chêne massif à des pieds en métal noir.",
        "Il mesure 120 x 60 x 75 cm et supporte 50 kg.",
        "Un tiroir garde stylos et carnets à portée de main. À monter soi-même.",
    ],
    ("desk", "en"): [
        "The Oslo desk pairs solid oak with black metal legs.",
        "It measures 120 x 60 x 75 cm, weighs 28 kg and carries up to 50 kg.",
        "One drawer keeps pens and notebooks close at hand.",
    ],
    ("desk", "es"): [
        "El escritorio Oslo es de roble macizo con patas de metal negro.",
        "Mide 120 x 60 x 75 cm y pesa 28 kg.",
    ],
    ("desk", "hr"): [
        "Radni stol Oslo od masivnog hrasta ima crne metalne noge.",
        "Mjeri 120 x 60 x 75 cm i ima jednu ladicu.",
    ],
    ("dress", "es"): [
        "Un vestido midi fresco para los días de verano, en lino y viscosa.",
        "La composición es 55 % lino y 45 % viscosa; se lava a mano a 30 °C.",
        "Hecho en España, en tallas de la 36 a la 42.",
    ],
    ("dress", "pt"): [
        "Um vestido midi de linho e viscose para os dias quentes.",
        "Feito em Espanha; lavar à mão a 30 °C.",
    ],
    ("dress", "de"): [
        "Das Midikleid aus 55 % Leinen und 45 % Viskose trägt sich angenehm luftig.",
        "Handwäsche bei 30 °C. Hergestellt in Spanien.",
    ],
    ("dress", "it"): ["L'abito midi Lola è in lino e viscosa.", "Si lava a mano a 30 °C ed è fatto in Spagna."],
    ("router", "en"): [
        "The NetBox AX3000 brings Wi-Fi 6 with up to 3,000 Mbit/s into your home.",
        "Four LAN ports and one USB 3.0 port connect what needs a cable.",
        "It bears the CE mark and has a three-year warranty.",
    ],
    ("router", "de"): [
        "Der Router bietet Wi-Fi 6 mit bis zu 3000 Mbit/s.",
        "Vier LAN-Anschlüsse, ein USB-3.0-Anschluss und vier Antennen.",
        "36 Monate Garantie.",
    ],
    ("router", "sr-Latn"): [
        "Ruter NetBox AX3000 donosi Wi-Fi 6 brzine do 3000 Mbit/s.",
        "Ima četiri LAN priključka i jedan USB 3.0 port.",
        "Garancija je 36 meseci.",
    ],
    ("router", "pl"): [
        "Router Wi-Fi 6 o szybkości do 3000 Mbit/s.",
        "Ma cztery porty LAN, waży 0,48 kg, gwarancja 36 miesięcy.",
    ],
}

_LIES: dict[tuple[str, str], list[str]] = {
    ("tent", "en"): ["The poles are carbon fibre.", "Fireproof and certified to EN 5912.", "The toughest tent you will ever own.", "Comes with a 15-year guarantee.", "Made in Norway."],
    ("tent", "de"): ["Die Wassersäule beträgt 5000 mm.", "Es wiegt nur 1,9 kg.", "Das robusteste Zelt, das wir kennen.", "Hergestellt in Schweden.", "Der Stoff ist aus recycelten Flaschen."],
    ("tent", "pl"): ["Najlżejszy namiot na rynku.", "Waży tylko 1,5 kg.", "Wyprodukowany w Norwegii."],
    ("tent", "nl"): ["Het lichtste model dat er is.", "Weegt slechts 1,5 kg.", "Met tien jaar garantie."],
    ("kettle", "de"): ["Mit 3000 W kocht das Wasser im Nu.", "Innen aus Glas.", "TÜV-geprüft und BPA-frei.", "Fünf Jahre Garantie.", "Der leiseste Wasserkocher auf dem Markt.", "Made in Germany."],
    ("kettle", "en"): ["Boils in under 90 seconds.", "Works with Alexa.", "Award-winning design.", "Crafted in Austria."],
    ("kettle", "it"): ["Potenza di 3000 W.", "Il più veloce della categoria.", "Made in Germany.", "Garanzia di 10 anni."],
    ("kettle", "ru"): ["Мощность 3000 Вт.", "Самый тихий чайник.", "Сделано в Германии.", "Гарантия 10 лет."],
    ("honey", "sr-Latn"): ["Jača imunitet i leči prehladu.", "Sertifikovan kao organski proizvod.", "Tegla sadrži 900 g.", "Najkvalitetniji med u Srbiji.", "Nagrađen na sajmu u Nemačkoj."],
    ("honey", "sr"): ["Јача имунитет.", "Тегла садржи 900 грама.", "Најбољи мед у земљи.", "Сертификован по стандарду HACCP."],
    ("honey", "en"): ["Certified organic.", "It boosts your immune system.", "Each jar holds 500 g.", "A unique taste of New Zealand.", "Packed in a recyclable plastic bottle."],
    ("honey", "fr"): ["Il renforce le système immunitaire.", "Certifié bio.", "Le pot contient 500 g.", "Récolté en France.", "Le meilleur miel de la région."],
    ("desk", "fr"): ["Plateau en noyer.", "Bois certifié FSC.", "Fabriqué au Danemark.", "Garantie 10 ans.", "Supporte jusqu'à 100 kg.", "Livraison offerte."],
    ("desk", "en"): ["Crafted in Denmark from sustainable timber.", "It carries up to 100 kg.", "Our most popular desk."],
    ("desk", "es"): ["Madera certificada FSC.", "Soporta 100 kg.", "Fabricado en Dinamarca.", "El escritorio más resistente."],
    ("desk", "hr"): ["Nosivost je 100 kg.", "Proizvedeno u Danskoj.", "Najprodavaniji stol u ponudi."],
    ("dress", "es"): ["Con un 5 % de elastano.", "Algodón orgánico certificado GOTS.", "Lavar a máquina a 40 °C.", "Confeccionado en Italia.", "La tela más suave que existe."],
    ("dress", "pt"): ["Feito em Itália.", "Lavar a 60 °C.", "O vestido mais confortável.", "Certificado OEKO-TEX."],
    ("dress", "de"): ["Hergestellt in Italien.", "Waschbar bei 60 °C.", "GOTS-zertifiziert.", "Mit 5 % Elasthan."],
    ("dress", "it"): ["Realizzato in Italia.", "Lavabile a 60 °C.", "Certificato OEKO-TEX.", "Il più venduto della stagione."],
    ("router", "en"): ["Covers up to 250 m².", "Works with Apple HomeKit.", "FCC approved.", "The fastest router in its class.", "Backed by a 10-year warranty."],
    ("router", "de"): ["Reicht für 250 m².", "Kompatibel mit Apple HomeKit.", "Der schnellste Router seiner Klasse.", "5 Jahre Garantie."],
    ("router", "sr-Latn"): ["Pokriva 250 m².", "Najbrži ruter na tržištu.", "Garancija je 5 godina.", "Napravljeno u Japanu."],
    ("router", "pl"): ["Zasięg do 250 m².", "Najszybszy router w swojej klasie.", "Gwarancja 5 lat.", "Posiada certyfikat TÜV."],
}  # fmt: skip


def honest() -> list[tuple[dict[str, Any], str, str]]:
    """(source, language, text): each text whole and each of its sentences alone."""
    return [
        (SOURCES[product], language, text)
        for (product, language), sentences in _HONEST.items()
        for text in (" ".join(sentences), *sentences)
    ]


def lies() -> list[tuple[dict[str, Any], str, str, str]]:
    """(source, language, whole text, the sentence that lies)."""
    return [
        (SOURCES[product], language, " ".join([*_HONEST[product, language], lie]), lie)
        for (product, language), sentences in _LIES.items()
        for lie in sentences
    ]
