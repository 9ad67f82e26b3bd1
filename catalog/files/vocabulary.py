"""The platforms' names for their columns, in the languages of their exports.

WooCommerce translates every label with the admin's language; Shopify and Magento do not. Labels are compared after
`headers.normalise`, so case, units and stray spaces do not matter here. Where a label has several words, they come from
several versions of a translation, all still in use.
"""

import re

from catalog.files.headers import normalise

# key of WooCommerce's importer: its labels, English first.
WOOCOMMERCE: dict[str, tuple[str, ...]] = {
    "id": ("ID", "Id", "ИД", "ИД товара"),
    "type": ("Type", "Typ", "Tipo", "Тип", "Врста", "Vrsta", "Tip"),
    "sku": ("SKU", "Artikelnummer", "Art.-Nr.", "REF", "Артикул", "UGS", "COD", "Codice", "Šifra", "Шифра", "Šifra proizvoda", "Шифра производа"),
    "global_unique_id": ("GTIN, UPC, EAN, or ISBN", "GTIN, UPC, EAN oder ISBN", "GTIN, UPC, EAN o ISBN", "GTIN, UPC, EAN ou ISBN", "GTIN, UPC, EAN или ISBN"),
    "name": ("Name", "Nombre", "Nome", "Имя", "Название", "Nom", "Naziv", "Назив", "Ime", "Име"),
    "published": ("Published", "Veröffentlicht", "Publicado", "Опубликован", "Опубликовано", "Publié", "Pubblicato", "Objavljeno", "Објављено"),
    "featured": ("Is featured?", "Ist hervorgehoben?", "¿Está destacado?", "Em destaque?", "рекомендуемый?", "Рекомендуемый?", "Mis en avant ?", "In primo piano?", "È in evidenza?", "Istaknuto?", "Истакнуто?", "Da li je istaknuto?", "Да ли је истакнуто?"),
    "catalog_visibility": ("Visibility in catalog", "Sichtbarkeit im Katalog", "Visibilidad en el catálogo", "Visibilidade no catálogo", "Видимость в каталоге", "Visibilité dans le catalogue", "Visibilità nel catalogo", "Vidljivost u katalogu", "Видљивост у каталогу"),
    "short_description": ("Short description", "Kurzbeschreibung", "Descripción corta", "Descrição curta", "Краткое описание", "Короткое описание", "Description courte", "Breve descrizione", "Descrizione breve", "Kratak opis", "Кратак опис"),
    "description": ("Description", "Beschreibung", "Descripción", "Descrição", "Описание", "Descrizione", "Opis", "Опис"),
    "date_on_sale_from": ("Date sale price starts", "Datum, an dem Angebotspreis beginnt", "Día en que empieza el precio rebajado", "Data de preço promocional começa em", "Date de début de promo", "Data di inizio del prezzo in offerta", "Datum početka akcije"),
    "date_on_sale_to": ("Date sale price ends", "Datum, an dem Angebotspreis endet", "Día en que termina el precio rebajado", "Data de preço promocional termina em", "Date de fin de promo", "Data di fine del prezzo in offerta", "Datum završetka akcije"),
    "tax_status": ("Tax status", "Steuerstatus", "Estado del impuesto", "Status da taxa", "Статус налога", "État de la TVA", "Stato delle imposte", "Status poreza"),
    "tax_class": ("Tax class", "Steuerklasse", "Clase de impuesto", "Classe de taxa", "Налоговый класс", "Classe de TVA", "Aliquota di imposta", "Poreska klasa"),
    "stock_status": ("In stock?", "Vorrätig?", "¿En inventario?", "¿Existencias?", "Em estoque?", "В наличии?", "Наличие", "En stock ?", "In stock?", "Na zalihi?", "На залихи?", "Na stanju?", "На стању?"),
    "stock": ("Stock", "Lager", "Lagerbestand", "Inventario", "Estoque", "Запасы", "Magazzino", "Zalihe", "Залихе", "Stanje", "Стање"),
    "low_stock_amount": ("Low stock amount", "Geringe Lagermenge", "Cantidad de bajo inventario", "Montant de stock faible", "Quantità minima di magazzino"),
    "backorders": ("Backorders allowed?", "Lieferrückstande erlaubt?", "Lieferrückstände erlaubt?", "¿Permitir reservas de productos agotados?", "São permitidas encomendas?", "Возможен ли предзаказ?", "Autoriser les commandes de produits en rupture ?", "Permetti ordini arretrati?"),
    "sold_individually": ("Sold individually?", "Nur einzeln verkaufen?", "¿Vendido individualmente?", "Vender individualmente?", "Продано индивидуально?", "Vendre individuellement ?", "Vendi singolarmente?"),
    "weight": ("Weight", "Gewicht", "Peso", "Вес", "Poids", "Težina", "Тежина"),
    "length": ("Length", "Länge", "Longitud", "Comprimento", "Длина", "Longueur", "Lunghezza", "Dužina", "Дужина"),
    "width": ("Width", "Breite", "Anchura", "Largura", "Ширина", "Largeur", "Larghezza", "Širina", "Ширина"),
    "height": ("Height", "Höhe", "Altura", "Высота", "Hauteur", "Altezza", "Visina", "Висина"),
    "reviews_allowed": ("Allow customer reviews?", "Kundenrezensionen erlauben?", "¿Permitir valoraciones de clientes?", "Permitir avaliações de clientes?", "Разрешить отзывы от клиентов?", "Autoriser les avis clients ?", "Abilita le recensioni dei clienti?"),
    "purchase_note": ("Purchase note", "Hinweis zum Kauf", "Nota de compra", "Nota da compra", "Примечание к покупке", "Note de commande", "Note di acquisto", "Nota di acquisto"),
    "sale_price": ("Sale price", "Angebotspreis", "Precio rebajado", "Preço promocional", "Цена распродажи", "Акционная цена", "Tarif promo", "Prezzo in offerta", "Akcijska cena", "Акцијска цена", "Снижена цена", "Snižena cena", "Cena na akciji"),
    "regular_price": ("Regular price", "Regulärer Preis", "Precio normal", "Preço", "Базовая цена", "Обычная цена", "Tarif régulier", "Prezzo di listino", "Redovna cena", "Редовна цена"),
    "category_ids": ("Categories", "Kategorien", "Categorías", "Categorias", "Категории", "Catégories", "Categorie", "Kategorije", "Категорије"),
    "tag_ids": ("Tags", "Schlagwörter", "Etiquetas", "Метки", "Étiquettes", "Tag", "Oznake", "Ознаке"),
    "shipping_class_id": ("Shipping class", "Versandklasse", "Clase de envío", "Classe de entrega", "Класс доставки", "Classe d’expédition", "Classe di spedizione"),
    "images": ("Images", "Bilder", "Imágenes", "Imagens", "Изображения", "Immagini", "Slike", "Слике"),
    "download_limit": ("Download limit", "Downloadlimit", "Límite de descargas", "Limite de download", "Лимит загрузок", "Limite de téléchargement", "Limite di download"),
    "download_expiry": ("Download expiry days", "Ablauftage des Downloads", "Días de caducidad de la descarga", "Dias para expirar o download", "Jours d’expiration du téléchargement", "Giorni di scadenza del download"),
    "parent_id": ("Parent", "Übergeordnetes Produkt", "Superior", "Produto ascendente", "Родительский", "Родитель", "Genitore", "Nadređeni", "Надређени", "Matični proizvod", "Матични производ"),
    "grouped_products": ("Grouped products", "Gruppierte Produkte", "Productos agrupados", "Produtos agrupados", "Сгруппированные товары", "Groupes de produits", "Prodotti raggruppati"),
    "upsell_ids": ("Upsells", "Zusatzverkäufe", "Ventas dirigidas", "Aumenta vendas", "Апсэлы", "Produits suggérés", "Up-sell"),
    "cross_sell_ids": ("Cross-sells", "Cross-Sells (Querverkäufe)", "Ventas cruzadas", "Venda cruzada", "Кросселы", "Ventes croisées", "Cross-sell"),
    "product_url": ("External URL", "Externe URL", "URL externa", "Внешний URL", "URL externe", "URL esterno"),
    "button_text": ("Button text", "Button-Text", "Texto del botón", "Texto do botão", "Текст кнопки", "Libellé du bouton", "Testo pulsante"),
    "menu_order": ("Position", "Posición", "Posição", "Позиция", "Posizione", "Pozicija", "Позиција"),
    "brand": ("Brands", "Marken", "Marcas", "Бренды", "Marques", "Marchi", "Brendovi"),
}  # fmt: skip

# Labels of attribute columns have a number (here `#`), whose place depends on the translation.
WOOCOMMERCE_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "name": ("Attribute # name", "Attribut # Name", "Nombre del atributo #", "Nome do atributo #", "Имя атрибута #", "Название атрибута #", "Nom de l'attribut #", "Nome attributo #", "Nome dell'attributo #", "Naziv atributa #", "Назив атрибута #", "Ime atributa #", "Име атрибута #"),
    "value": ("Attribute # value(s)", "Attribut # Wert(e)", "Valor(es) del atributo #", "Valores del atributo #", "Valores do atributo #", "Значение(-я) атрибута #", "Значения атрибута #", "Valeur(s) de l'attribut #", "Valeurs de l'attribut #", "Valore(i) attributo #", "Valori attributo #", "Valore dell'attributo #", "Valori dell'attributo #", "Vrednost(i) atributa #", "Vrednosti atributa #", "Вредност(и) атрибута #", "Вредности атрибута #"),
    "visible": ("Attribute # visible", "Attribut # Sichtbar", "Atributo # visible", "Visibilidad del atributo #", "Visibilidade do atributo #", "Видимость атрибута #", "Attribut # visible", "Attributo # visibile", "Vidljivost atributa #", "Видљивост атрибута #"),
    "global": ("Attribute # global", "Attribut # Global", "Atributo # global", "Atributo global #", "Глобальный атрибут #", "Attributo # globale", "Globalni atribut #", "Глобални атрибут #"),
    "default": ("Attribute # default", "Attribut # Standard", "Atributo # por defecto", "Padrão do atributo #", "Атрибут # по умолчанию", "Attribut # par défaut", "Attributo # predefinito", "Podrazumevani atribut #"),
}  # fmt: skip
WOOCOMMERCE_META = re.compile(
    r"^(?:meta|metadado|metadatos|метаданные|мета|méta|meta dati|metapodatak)\s*:\s*(?P<key>.+)$"
)

SEO_TITLE_META = ("yoast wpseo title", "rank math title", "aioseo title", "seopress titles title")
SEO_DESCRIPTION_META = ("yoast wpseo metadesc", "rank math description", "aioseo description", "seopress titles desc")

# Both header generations of Shopify: `normalise`d name → role.
SHOPIFY: dict[str, str] = {
    "handle": "handle", "url handle": "handle", "title": "name", "body": "description", "description": "description",
    "vendor": "vendor", "product category": "category", "type": "type", "tags": "tags",
    "published": "published", "published on online store": "published", "status": "status",
    "option1 name": "option1_name", "option1 value": "option1_value", "option2 name": "option2_name",
    "option2 value": "option2_value", "option3 name": "option3_name", "option3 value": "option3_value",
    "variant sku": "sku", "sku": "sku", "variant barcode": "barcode", "barcode": "barcode",
    "variant price": "price", "price": "price", "variant compare at price": "compare_price", "compare-at price": "compare_price",
    "variant grams": "grams", "weight value": "grams",
    "image src": "image", "product image url": "image", "image alt text": "image_alt", "image position": "image_position",
    "variant image": "variant_image", "variant image url": "variant_image",
    "seo title": "seo_title", "seo description": "seo_description",
}  # fmt: skip

# Magento attribute codes of the catalog export, and of pre-2.0 files.
MAGENTO: dict[str, str] = {
    "sku": "sku", "store view code": "store_view", "store": "store_view", "attribute set code": "attribute_set",
    "attribute set": "attribute_set", "product type": "product_type", "type": "product_type",
    "categories": "categories", "category": "categories", "name": "name",
    "description": "description", "short description": "short_description", "price": "price", "url key": "slug",
    "meta title": "seo_title", "meta description": "seo_description", "meta keywords": "meta_keywords", "meta keyword": "meta_keywords",
    "base image": "image", "image": "image", "additional images": "additional_images",
    "additional attributes": "additional_attributes", "configurable variations": "configurable_variations",
    "product websites": "websites", "visibility": "visibility", "product online": "status",
}  # fmt: skip

# Synonyms for files of no known platform: field → words in our merchants' languages.
GENERIC: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "product id", "post id", "item id", "item group id", "external id", "identifier", "handle", "url handle", "ид", "id proizvoda", "produkt id", "id produit", "id producto", "id prodotto"),
    "sku": ("sku", "article number", "article no", "item number", "item no", "part number", "product code", "code", "artikelnummer", "artikel nr", "art nr", "bestellnummer", "référence", "reference", "réf", "ref", "ugs", "referencia", "código", "codigo", "codice", "codice articolo", "cod", "артикул", "код", "шифра", "šifra", "sifra", "šifra artikla", "шифра артикла", "kataloški broj", "indeks", "kod produktu", "mpn"),
    "name": ("name", "product name", "title", "product title", "post title", "item name", "produktname", "bezeichnung", "titel", "artikelbezeichnung", "produktbezeichnung", "nom", "nom du produit", "titre", "désignation", "nombre", "nombre del producto", "título", "nome", "nome prodotto", "nome do produto", "titolo", "название", "наименование", "имя", "naziv", "назив", "ime", "име", "naziv proizvoda", "назив производа", "naziv artikla", "назив артикла", "naslov", "наслов", "nazwa", "název"),
    "short_description": ("short description", "excerpt", "post excerpt", "summary", "kurzbeschreibung", "kurztext", "description courte", "résumé", "extrait", "descripción corta", "resumen", "descrizione breve", "breve descrizione", "riassunto", "descrição curta", "resumo", "краткое описание", "короткое описание", "анонс", "kratak opis", "кратак опис", "kratki opis", "sažetak"),
    "description": ("description", "long description", "product description", "full description", "content", "post content", "body", "body html", "text", "html", "beschreibung", "langbeschreibung", "langtext", "produktbeschreibung", "inhalt", "description longue", "contenu", "descripción", "descripción larga", "contenido", "descrizione", "descrizione lunga", "contenuto", "descrição", "conteúdo", "описание", "содержание", "opis", "опис", "opis proizvoda", "опис производа", "dug opis", "дуг опис", "sadržaj", "садржај", "popis"),
    "price": ("price", "regular price", "retail price", "preis", "verkaufspreis", "vk", "prix", "precio", "prezzo", "preço", "цена", "cena", "mp cena", "мп цена", "maloprodajna cena", "малопродајна цена", "cijena", "cene", "ár"),
    "categories": ("categories", "category", "product category", "product type", "kategorie", "kategorien", "warengruppe", "catégorie", "catégories", "categoría", "categorías", "categoria", "categorie", "categorias", "категория", "категории", "kategorija", "категорија", "kategorije", "категорије", "grupa", "група", "tax:product cat"),
    "tags": ("tags", "tag", "keywords", "labels", "schlagwörter", "schlagworte", "étiquettes", "mots clés", "etiquetas", "palabras clave", "parole chiave", "метки", "теги", "oznake", "ознаке", "tagovi", "тагови", "tax:product tag"),
    "images": ("images", "image", "image url", "image urls", "image src", "image link", "picture", "pictures", "photo", "photos", "featured image", "bild", "bilder", "bild url", "bildlink", "images produit", "imagen", "imágenes", "immagine", "immagini", "imagem", "imagens", "изображение", "изображения", "фото", "картинка", "slika", "слика", "slike", "слике", "fotografija", "фотографија"),
    "parent_external_id": ("parent", "parent id", "parent sku", "parent product", "post parent", "elternartikel", "vaterartikel", "produit parent", "producto padre", "prodotto padre", "родитель", "nadređeni", "надређени", "matični proizvod"),
    "seo.title": ("seo title", "meta title", "metatitle", "page title", "seo titel", "titre seo", "título seo", "titolo seo", "meta naslov", "seo naslov", "meta: yoast wpseo title"),
    "seo.description": ("seo description", "meta description", "metadescription", "seo beschreibung", "description seo", "méta description", "meta descripción", "meta descrizione", "meta opis", "seo opis", "meta: yoast wpseo metadesc"),
    "seo.slug": ("slug", "url key", "permalink", "post name", "url slug", "seo url"),
}  # fmt: skip

# Columns of a generic file that tell the type of a row.
GENERIC_TYPE = ("type", "post type", "item type", "typ", "tipo", "тип", "tip", "vrsta")


def _lookup(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    result: dict[str, str] = {}
    for key, labels in table.items():
        for label in labels:
            result.setdefault(normalise(label), key)
    return result


WOOCOMMERCE_LABELS = _lookup(WOOCOMMERCE)
WOOCOMMERCE_ATTRIBUTE_LABELS = _lookup(WOOCOMMERCE_ATTRIBUTES)
GENERIC_LABELS = _lookup(GENERIC)
_NUMBER = re.compile(r"\d{1,3}")


def woocommerce_attribute(name: str) -> tuple[int, str] | None:
    """`Attribute 2 value(s)` → (2, "value"), in any bundled language."""
    label = normalise(name)
    number = _NUMBER.search(label)
    if number is None:
        return None
    part = WOOCOMMERCE_ATTRIBUTE_LABELS.get(_NUMBER.sub("#", label, count=1))
    return (int(number.group()), part) if part else None


def woocommerce_meta(name: str) -> str | None:
    """`Meta: _yoast_wpseo_title` → `_yoast_wpseo_title`, as written, in any bundled language."""
    match = WOOCOMMERCE_META.match(name.strip().casefold())
    return name.split(":", 1)[1].strip() if match else None
