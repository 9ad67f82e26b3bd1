"""Small files of our own, messy in the ways that exports are."""

from __future__ import annotations

import io
import zipfile

import openpyxl

WOO = (
    "ID;Type;SKU;Name;Published;Is featured?;Short description;Description;Regular price;Categories;Tags;Images;Parent;"
    "Attribute 1 name;Attribute 1 value(s);Attribute 1 visible;Attribute 1 global\r\n"
    "11;variation;J-M;Jakna - M;1;0;;;4990;;;;J;Veličina;M;1;1\r\n"
    '10;variable;J;"Jakna za kišu";1;0;"<b>Lagana</b>";"<p>Štiti od kiše; i vetra.</p>\\n<p>""Žabljak""</p>";4990;Odeća > Jakne, Odeća;'
    "kiša;https://shop.example/j.jpg, https://shop.example/j2.jpg;;Veličina;S, M;1;1\r\n"
    "12;simple;Š-1;Šolja;1;0;;;590;Dom;čaj\\, kafa, poklon;;;;;;\r\n"
    "13;simple;T;Termos;1;0;;Drži toplo;1990;Dom\r\n"
    ";;;;;;;;;;;;;;;;\r\n"
    ";simple;;;1;0;;;;;;;;;;;\r\n"
    "12;simple;Š-2;Šolja druga;1;0;;;590;Dom;;;;;;;\r\n"
)
WOO_CP1250 = WOO.encode("cp1250")

SHOPIFY = (
    b"Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Alt Text,"
    b"SEO Title,SEO Description\n"
    b'mug,Mug,"<p>A mug,\nfor tea</p>",Us,Kitchen,"tea, gift",TRUE,Title,Default Title,M-1,9.90,https://cdn.example/m.jpg,A mug,,\n'
    b"mug,,,,,,,,,,,https://cdn.example/m2.jpg,From above,,\n"
    b"tee,Tee,<p>Cotton</p>,Us,Shirts,,TRUE,Size,S,T-S,19,https://cdn.example/t.jpg,,Old title,\n"
    b"tee,,,,,,,,M,T-M,19,,,,\n"
)

MAGENTO = (
    b"sku,store_view_code,attribute_set_code,product_type,categories,name,description,short_description,price,visibility,meta_title,"
    b"additional_attributes,configurable_variations\n"
    b'bag-s,,Default,simple,"Default Category/Bags",Bag S,,,10,Not Visible Individually,,"size=S,color=Red|Blue",\n'
    b"bag,de,,,,Tasche,,,,,,,\n"
    b'bag,,Default,configurable,"Default Category/Bags,Default Category/Sale",Bag,<p>A bag</p>,,10,"Catalog, Search",,"care=wash, cold,size=",'
    b'"sku=bag-s,size=S"\n'
)

WXR = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- generator="WordPress/6.5" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Šop</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Zdravo &amp; svete</title><content:encoded><![CDATA[<p>Prvi]]]]><![CDATA[> tekst</p>]]></content:encoded>
<excerpt:encoded/><wp:post_id>1</wp:post_id><wp:post_name>zdravo</wp:post_name><wp:post_type>post</wp:post_type>
<category domain="category" nicename="vesti"><![CDATA[Vesti]]></category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta></item>
<item><title>O nama</title><content:encoded><![CDATA[]]></content:encoded><wp:post_id>2</wp:post_id><wp:post_type>page</wp:post_type>
<wp:postmeta><wp:meta_key>_yoast_wpseo_title</wp:meta_key><wp:meta_value><![CDATA[Staro]]></wp:meta_value></wp:postmeta></item>
<item><title>slika</title><wp:post_id>9</wp:post_id><wp:post_type>attachment</wp:post_type>
<wp:attachment_url>https://shop.example/a.jpg</wp:attachment_url></item>
</channel></rss>
""".encode()


def empty_rows(rows: int, cells: int, *, header: bool = True) -> io.BytesIO:
    """A workbook whose sheet has rows of cells that hold nothing. It is small, and takes long to read."""
    book = openpyxl.Workbook()
    file, result = io.BytesIO(), io.BytesIO()
    book.save(file)
    names = b'<row r="1"><c t="inlineStr"><is><t>SKU</t></is></c><c t="inlineStr"><is><t>Name</t></is></c></row>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += names * header + (b"<row>" + b"<c/>" * cells + b"</row>") * rows + b"</sheetData></worksheet>"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, sheet if info.filename.endswith("/sheet1.xml") else old.read(info))
    return result
