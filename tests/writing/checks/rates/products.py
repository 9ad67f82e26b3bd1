"""Twelve products of twelve trades, in the languages their shops keep them in."""

from __future__ import annotations

from typing import Any

PRODUCTS: dict[str, dict[str, Any]] = {
    "shirt": {
        "name": "Basic Crew Neck T-Shirt",
        "sku": "TS-1001",
        "price": "19.90",
        "categories": ["Men > T-Shirts"],
        "short_description": "Everyday t-shirt with a regular fit.",
        "description": "<p>A regular fit crew neck t-shirt. Single jersey, 180 g/m².</p><p>Machine wash at 40 °C, do not tumble dry.</p>",
        "attributes": {
            "Material": "100% cotton",
            "Colour": "navy blue",
            "Size": ["S", "M", "L", "XL"],
            "Certificate": "OEKO-TEX Standard 100",
            "Country of origin": "Portugal",
        },
    },
    "drill": {
        "name": "Akku-Bohrschrauber AB-18",
        "sku": "AB-18-2",
        "price": "129,00",
        "categories": ["Werkzeug > Bohrschrauber"],
        "description": "<ul><li>Spannung: 18 V</li><li>Akku: Li-Ion 2,0 Ah</li><li>max. Drehmoment: 50 Nm</li>"
        "<li>Leerlaufdrehzahl: 0–1.500 U/min</li><li>Bohrfutter: 13 mm</li></ul><p>Lieferumfang: 2 Akkus, Ladegerät, Koffer.</p>",
        "attributes": {"Gewicht": "1,4 kg", "Garantie": "2 Jahre", "LED-Arbeitslicht": "ja"},
    },
    "mug": {
        "name": "Šolja za kafu Jutro",
        "sku": "SJ-350",
        "price": "1290",
        "categories": ["Kuhinja", "Šolje"],
        "description": "Ručno rađena keramička šolja za jutarnju kafu ili čaj. Može u mašinu za pranje sudova i u mikrotalasnu pećnicu.",
        "attributes": {"Materijal": "keramika", "Zapremina": "350 ml", "Visina": "9,5 cm", "Boja": "krem"},
    },
    "headphones": {
        "name": "Aria BT-200 Wireless Headphones",
        "sku": "BT-200-BLK",
        "price": "89.99",
        "categories": ["Audio > Headphones"],
        "short_description": "Foldable over-ear headphones with Bluetooth 5.3.",
        "description": "Up to 30 hours of playback on one charge. 40 mm drivers. Charges over USB-C. Works with iOS and Android. "
        "Protection class IPX4 against splashing water.",
        "attributes": {"Weight": "210 g", "Colour": "black", "Warranty": "24 months", "Microphone": "built-in"},
    },
    "chair": {
        "name": "Chaise de bureau Ergo Line",
        "sku": "CH-EL-02",
        "price": "249.00",
        "categories": ["Mobilier > Chaises de bureau"],
        "description": "<p>Hauteur d'assise réglable de 45 à 55 cm. Charge maximale 120 kg.</p><p>Fabriquée en Italie.</p>",
        "attributes": {
            "Revêtement": "tissu polyester",
            "Piètement": "aluminium",
            "Accoudoirs": "réglables",
            "Garantie": "5 ans",
            "Couleur": "gris",
        },
    },
    "oil": {
        "name": "Aceite de oliva virgen extra Arbequina",
        "sku": "AOVE-500",
        "price": "12,50",
        "categories": ["Alimentación", "Aceites"],
        "description": "Aceite de oliva virgen extra de agricultura ecológica, de aceitunas arbequina. Acidez máxima 0,2 %. Extracción en frío.",
        "attributes": {"Contenido": "500 ml", "Origen": "Jaén, España", "Envase": "botella de vidrio"},
    },
    "bag": {
        "name": "Borsa a tracolla Siena",
        "sku": "BS-SIENA-CU",
        "price": "159.00",
        "categories": ["Borse > Tracolle"],
        "description": "Borsa a tracolla in vera pelle di vitello, fodera in cotone. Tre tasche interne, chiusura con zip. Made in Italy.",
        "attributes": {"Dimensioni": "28 x 20 x 8 cm", "Peso": "0,7 kg", "Colore": "cuoio", "Tracolla": "regolabile"},
    },
    "cream": {
        "name": "Calm Face Cream",
        "sku": "CFC-50",
        "price": "24.00",
        "categories": ["Skin care", "Face"],
        "description": "Light day cream for sensitive skin with aloe vera and shea butter. Vegan, fragrance-free, dermatologically tested.",
        "attributes": {"Content": "50 ml", "Skin type": "sensitive", "Packaging": "glass jar"},
    },
    "lamp": {
        "name": "Lampa biurkowa LED Nova",
        "sku": "LN-9W",
        "price": "149,00",
        "categories": ["Oświetlenie", "Lampy biurkowe"],
        "description": "Lampa biurkowa z regulacją barwy światła od 3000 do 6000 K i pięcioma poziomami jasności. Port USB do ładowania telefonu.",
        "attributes": {"Moc": "9 W", "Strumień świetlny": "600 lm", "Materiał": "aluminium", "Wysokość": "42 cm"},
    },
    "backpack": {
        "name": "Рюкзак детский Лисичка",
        "sku": "RL-12",
        "price": "2490",
        "categories": ["Детские товары", "Рюкзаки"],
        "description": "Детский рюкзак из водоотталкивающей ткани. Два боковых кармана, светоотражающие полосы. Для детей 3–6 лет.",
        "attributes": {"Материал": "полиэстер", "Объём": "12 л", "Вес": "380 г", "Размеры": "32 × 24 × 12 см"},
    },
    "pan": {
        "name": "Тигањ Домаћин 28 cm",
        "sku": "TG-28",
        "price": "3490",
        "categories": ["Кухиња", "Тигањи"],
        "description": "Тигањ од ливеног алуминијума са нелепљивим премазом. Погодан за све плоче, и за индукцију. Дршка од бакелита.",
        "attributes": {"Пречник": "28 cm", "Тежина": "1,1 kg", "Гаранција": "3 године"},
    },
    "shoe": {
        "name": "Hardloopschoen Vento",
        "sku": "HV-240",
        "price": "119,95",
        "categories": ["Sport > Hardlopen"],
        "description": "Lichte hardloopschoen voor op de weg. Bovenwerk van gerecycled polyester mesh, rubberen zool met een drop van 8 mm.",
        "attributes": {"Gewicht": "240 g (maat 42)", "Maten": "36–46", "Kleur": "groen"},
    },
}
