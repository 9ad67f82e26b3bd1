"""Texts in a shop's further languages: what each platform keeps, refuses and gives back, at the socket."""

from __future__ import annotations

import copy
from dataclasses import fields

import pytest

from integrations.stores import platforms
from integrations.stores.errors import ConcurrentEdit, LostAnswer, Rejected, Unsupported
from integrations.stores.types import Credentials, Opening, Placement, Push, Ref, ShopLanguage
from tests.fakes import woocommerce, wordpress
from tests.shop_languages import MAGENTO, SHOPIFY, SHOPS
from writing import language_codes, languages

TEXTS = {
    "de": {"name": "Wollpullover „Nordlicht“", "description": "<p>Warm &amp; weich, <strong>2,4 kg</strong></p>"},
    "sr": {"name": "Вунени џемпер", "description": "<p>Топао и мекан, 2,4 кг</p>"},
    "he": {"name": "סוודר צמר", "description": "<p>חם ורך, 2.4 ק״ג</p>"},
    "pt-BR": {"name": "Suéter de lã", "description": "<p>Quente e macio, 2,4 kg</p>"},
}
MORE = {"short_description": "<p>{}</p>", "seo.title": "{} | SEO", "seo.description": "{}: SEO"}


def opened(shop, fake, **opening):
    client = platforms.get(shop.platform).client
    secrets = Credentials(fake.url, **shop.secrets)
    return client.opened(secrets, Opening(pause=lambda seconds: None, **opening))


@pytest.fixture(params=SHOPS, ids=lambda shop: shop.name)
def shop(request):
    return request.param


@pytest.fixture
def fake(shop, settings):
    with shop.open(settings) as fake:
        yield fake


def wanted(shop, language):
    texts = TEXTS[language]
    return {f: texts.get(f) or MORE[f].format(texts["name"]) for f in shop.fields}


def pushed(target, ref, texts, **more):
    current = target.fetch_texts([ref])[ref]
    (result,) = target.push([Push(ref, texts, current, **more)])
    assert result.error is None, result.error
    return result


def test_every_field_goes_into_every_language_and_out_again(shop, fake):
    """Written into four languages, one Cyrillic and one from right to left, each by its own words; then taken back. The main
    language's texts are not touched, and neither are the other languages'."""
    row = shop.product(fake)
    ref, before = shop.ref(row), copy.deepcopy(shop.main(row))
    store = opened(shop, fake)
    spoken = {language.code: language for language in store.languages()}
    targets = {ours: store.translated([spoken[shop.codes[ours]]]) for ours in TEXTS}
    for ours, target in targets.items():
        assert {f: t for f, t in target.fetch_texts([ref])[ref].texts.items() if t and f in shop.fields} == {}
        texts = wanted(shop, ours)
        result = pushed(target, ref, texts)
        assert (result.texts, result.skipped) == (texts, {})
    for ours in TEXTS:
        shown = {field: shop.shown(fake, row, shop.codes[ours], field) for field in shop.fields}
        assert shown == wanted(shop, ours)
    assert shop.main(row) == before
    for target in targets.values():
        result = pushed(target, ref, dict.fromkeys(shop.fields, ""), is_undo=True)
        assert result.texts == dict.fromkeys(shop.fields, "")
    for ours in TEXTS:
        left = {field: shop.shown(fake, row, shop.codes[ours], field) for field in shop.fields}
        # Magento's own name of a view can't be taken away: it has the default's words instead.
        assert left == dict.fromkeys(shop.fields, "") | ({"name": row["name"]} if shop is MAGENTO else {})
    assert shop.main(row) == before


def test_the_shop_tells_its_languages_and_we_know_each(shop, fake):
    shop.product(fake)
    found = opened(shop, fake).languages()
    systems = platforms.get(shop.platform).language_codes
    ours = {
        language.code: language_codes.languages_for_code(language.code, language.locale, systems) for language in found
    }
    if shop.name != "magento":  # whose views all stand beside the default
        assert [language.code for language in found if language.primary] in ([shop.codes["en"]], [])
    for own, code in shop.codes.items():
        assert own in ours[code], (own, code, ours)


def test_what_somebody_changed_since_the_look_is_seen(shop, fake):
    row, other = shop.product(fake), shop.product(fake)
    store = opened(shop, fake)
    target = store.translated([ShopLanguage(shop.codes["de"])])
    refs = [shop.ref(row), shop.ref(other)]
    current = target.fetch_texts(refs)
    shop.edit(fake, row, shop.codes["de"], "description", "<p>Vom Händler</p>")
    if shop is MAGENTO:
        fake.edit(row)
    batch = [Push(ref, {"description": "<p>Von uns</p>"}, current[ref]) for ref in refs]
    assert target.changed(batch) == [refs[0]]


def test_only_texts_are_written(shop, fake):
    target = opened(shop, fake).translated([ShopLanguage(shop.codes["de"])])
    kind = platforms.get(shop.platform).default_item_type
    assert target.missing_place("attributes.Colour", kind)
    if shop.platform == "shopify":
        assert target.missing_place("seo.focus_keyword", kind)
    assert target.attribute_place("Colour", None, Placement(), key="colour")[1]
    if shop is not MAGENTO:  # whose keywords are a text of each view
        assert target.missing_place("tags", kind)
    if shop.platform in ("woocommerce", "wordpress"):
        assert target.missing_place("seo.slug", kind)
    for field in shop.fields:
        assert not target.missing_place(field, kind)


def test_an_item_that_is_gone_is_left_out(shop, fake):
    shop.product(fake)
    target = opened(shop, fake).translated([ShopLanguage(shop.codes["de"])])
    assert target.fetch_texts([Ref("999999999", platforms.get(shop.platform).default_item_type)]) == {}


def test_a_language_that_the_shop_lacks_is_refused(shop, fake):
    with pytest.raises(Unsupported, match="does not have this language"):
        opened(shop, fake).translated([])


# --- the codes


def test_each_language_has_a_row_and_each_code_leads_back_to_it():
    assert list(language_codes.CODES) == [language.code for language in languages.LANGUAGES]
    shared = {("sr", "shopify"), ("sr-Latn", "shopify")}
    for ours, row in language_codes.CODES.items():
        lists = {field.name: getattr(row, field.name) for field in fields(row)}
        for system, codes in ((name, codes) for name, codes in lists.items() if isinstance(codes, tuple)):
            for code in codes:
                found = language_codes.languages_for_code(code, "", (system,))
                assert found == (("sr", "sr-Latn") if (ours, system) in shared else (ours,)), (ours, code)
                if (ours, system) not in shared:
                    assert languages.find(code).code == ours, code
        assert ours in language_codes.languages_for_code(row.wpml, "", ("wpml",))


@pytest.mark.parametrize(
    ("code", "locale", "systems", "ours"),
    [
        ("zh_Hant_TW", "", ("magento",), ("zh-TW",)),
        ("nb_NO", "", ("magento",), ("no",)),
        ("pt_BR", "", ("magento",), ("pt-BR",)),
        ("sr_Latn_RS", "", ("magento",), ("sr-Latn",)),
        ("de_LU", "", ("magento",), ("de",)),
        ("sr", "", ("shopify",), ("sr", "sr-Latn")),
        ("nb", "", ("shopify",), ("no",)),
        ("pt", "pt_BR", ("wordpress", "slug", "wpml"), ("pt-BR",)),
        ("pt", "", ("wordpress", "slug", "wpml"), ("pt", "pt-BR")),
        ("zh", "zh_HK", ("wordpress", "slug", "wpml"), ("zh-TW",)),
        ("zh-hant", "", ("wordpress", "slug", "wpml"), ("zh-TW",)),
        ("de_DE_formal", "", ("wordpress", "slug", "wpml"), ("de",)),
        ("tlh", "", ("shopify",), ()),
    ],
)
def test_a_shops_code_is_read(code, locale, systems, ours):
    assert language_codes.languages_for_code(code, locale, systems) == ours


# --- Shopify


@pytest.fixture
def german(settings):
    with SHOPIFY.open(settings) as fake:
        yield fake, opened(SHOPIFY, fake).translated([ShopLanguage("de")])


def test_shopify_keeps_no_translation_of_an_empty_text(german):
    fake, target = german
    row = fake.add()  # without SEO texts
    ref = SHOPIFY.ref(row)
    push = Push(ref, {"name": "Hemd", "seo.title": "Hemden"}, target.fetch_texts([ref])[ref])
    assert set(target.unwritable(push)) == {"seo.title"}
    (result,) = target.push([push])
    assert result.texts == {"name": "Hemd"}
    assert set(result.skipped) == {"seo.title"}
    assert fake.translated[(row["id"], "de", "")].keys() == {"title"}


def test_shopify_is_given_the_digest_that_it_told(german):
    """Another one than a hash of the text as it stands, since Shopify puts HTML in order first."""
    fake, target = german
    row = fake.add(descriptionHtml="<p>One</p> <p>Two</p>")
    ref = SHOPIFY.ref(row)
    assert pushed(target, ref, {"description": "<p>Eins</p>"}).texts == {"description": "<p>Eins</p>"}


def test_shopify_refuses_one_text_and_keeps_the_others(german):
    fake, target = german
    row = SHOPIFY.product(fake)
    ref = SHOPIFY.ref(row)
    result = pushed(target, ref, {"name": "refused", "description": "<p>Neu</p>"})
    assert result.texts == {"description": "<p>Neu</p>"}
    assert result.skipped == {"name": "Title is too long"}
    current = target.fetch_texts([ref])[ref]
    (alone,) = target.push([Push(ref, {"name": "refused"}, current)])
    assert isinstance(alone.error, Rejected)


def test_a_source_that_moved_meanwhile_is_read_again(german):
    """Its digest is another: nothing is written for it, and the item is looked at anew."""
    fake, target = german
    row, other = SHOPIFY.product(fake), SHOPIFY.product(fake)
    refs = [SHOPIFY.ref(row), SHOPIFY.ref(other)]
    current = target.fetch_texts(refs)
    fake.before_register = lambda gid: fake.edit(row, title="Moved") if gid == row["id"] else None
    moved, written = target.push([Push(ref, {"name": "Neu"}, current[ref]) for ref in refs])
    assert isinstance(moved.error, ConcurrentEdit)
    assert fake.translation(row, "de", "title") == ""
    assert written.texts == {"name": "Neu"}
    fake.before_register = None
    assert target.changed([Push(refs[0], {"name": "Neu"}, current[refs[0]])]) == [refs[0]]
    assert pushed(target, refs[0], {"name": "Neu"}).texts == {"name": "Neu"}


def test_a_markets_value_is_neither_read_nor_touched(german):
    fake, target = german
    row = SHOPIFY.product(fake)
    fake.translate(row, "de", "title", "Nur für Österreich", market="gid://shopify/Market/7")
    ref = SHOPIFY.ref(row)
    assert target.fetch_texts([ref])[ref].texts["name"] == ""
    pushed(target, ref, {"name": "Für alle"})
    pushed(target, ref, {"name": ""}, is_undo=True)
    assert fake.translation(row, "de", "title", "gid://shopify/Market/7") == "Nur für Österreich"


def test_a_missing_scope_is_said_and_the_main_language_goes_on(settings):
    with SHOPIFY.open(settings) as fake:
        fake.scopes = "read_products,write_products"
        row = SHOPIFY.product(fake)
        ref = SHOPIFY.ref(row)
        store = opened(SHOPIFY, fake)
        for call in (store.languages, lambda: store.translated([ShopLanguage("de")]).fetch_texts([ref])):
            with pytest.raises(Unsupported, match="read_translations, write_translations, read_locales"):
                call()
        current = store.fetch_texts([ref])[ref]
        assert store.push([Push(ref, {"name": "New"}, current)])[0].error is None
        fake.scopes += ",read_translations"
        target = store.translated([ShopLanguage("de")])
        with pytest.raises(Unsupported):
            target.push([Push(ref, {"name": "Neu"}, target.fetch_texts([ref])[ref])])


def test_a_lost_answer_of_shopify_is_told_and_the_text_may_be_there(german):
    fake, target = german
    rows = [SHOPIFY.product(fake) for _ in range(2)]
    refs = [SHOPIFY.ref(row) for row in rows]
    current = target.fetch_texts(refs)
    batch = [Push(ref, {"name": "Neu"}, current[ref]) for ref in refs]
    fake.unanswered.add(rows[0]["legacyResourceId"])
    lost, written = target.push(batch)
    assert isinstance(lost.error, LostAnswer)
    assert written.texts == {"name": "Neu"}
    assert target.fetch_texts(refs)[refs[0]].texts["name"] == "Neu"
    fake.fail(403, b"<html>No</html>", when=lambda request: b"query Translations" in request.body)
    with pytest.raises(LostAnswer):  # written, and not to be read back: it may have arrived
        target.push(batch)


def test_shopify_asks_to_slow_down_and_is_waited_for(german):
    fake, target = german
    rows = [SHOPIFY.product(fake) for _ in range(3)]
    fake.fail(429, {"errors": "Exceeded 2 calls per second"}, Retry_After="0.1")
    refs = [SHOPIFY.ref(row) for row in rows]
    current = target.fetch_texts(refs)
    fake.fail(429, {"errors": "Exceeded 2 calls per second"}, Retry_After="0.1")
    assert all(r.error is None for r in target.push([Push(ref, {"name": "Neu"}, current[ref]) for ref in refs]))
    assert fake.calls["POST Translate"] == 2


def test_a_whole_batch_goes_in_one_call_within_the_cost_of_a_document(german):
    fake, target = german
    rows = [SHOPIFY.product(fake) for _ in range(target.batch_size)]
    refs = [SHOPIFY.ref(row) for row in rows]
    current = target.fetch_texts(refs)
    texts = {"name": "Neu", "description": ""}  # one registration and one removal each
    done = target.push([Push(ref, texts, current[ref]) for ref in refs])
    assert [r.error for r in done] == [None] * len(refs)
    assert fake.calls["POST Translate"] == 1


def test_chosen_metafields_are_translated_under_their_own_ids(settings):
    placement = Placement({"short_description": "meta.custom.short", "attributes": "meta.custom"})
    with SHOPIFY.open(settings) as fake:
        row = fake.add(
            metafields={
                "custom.short": {"type": "multi_line_text_field", "value": "Short"},
                "custom.size": {"type": "number_integer", "value": "5"},
            }
        )
        ref = SHOPIFY.ref(row)
        target = opened(SHOPIFY, fake, placement=placement).translated([ShopLanguage("de")])
        push = Push(ref, {"meta.custom.short": "Kurz", "meta.custom.none": "x"}, target.fetch_texts([ref])[ref])
        (result,) = target.push([push])
        assert result.texts == {"meta.custom.short": "Kurz"}
        assert set(result.skipped) == {"meta.custom.none"}
        held = row["metafield_rows"]["custom.short"]
        assert fake.translation(held, "de", "value") == "Kurz"
        assert fake.metafield(row, "custom.short") == "Short"


def test_a_translated_product_with_a_number_for_a_handle_is_found(settings):
    with SHOPIFY.open(settings) as fake:
        row = fake.add()
        row["handle"] = "1984"
        refs = [Ref("1984", sku="P-1"), SHOPIFY.ref(fake.add())]
        target = opened(SHOPIFY, fake).translated([ShopLanguage("de")])
        assert target.fetch_texts(refs).keys() == set(refs)
        pushed(target, refs[0], {"name": "Neu"})
        assert fake.translation(row, "de", "title") == "Neu"


# --- Magento


@pytest.fixture
def views(settings):
    with MAGENTO.open(settings) as fake:
        yield fake, opened(MAGENTO, fake)


def test_a_view_that_shows_the_default_has_no_translation(views):
    """Also after the main language changed; taken back, the view follows the default again."""
    fake, store = views
    row = fake.add()
    ref = MAGENTO.ref(row)
    target = store.translated([ShopLanguage("de")])
    assert target.fetch_texts([ref])[ref].texts["description"] == ""
    pushed(target, ref, {"description": "<p>Deutsch</p>", "seo.title": "SEO"})
    assert fake.views["de"][row["sku"]] == {"description": "<p>Deutsch</p>", "meta_title": "SEO"}
    pushed(target, ref, {"description": "", "seo.title": ""}, is_undo=True)
    assert fake.views["de"][row["sku"]] == {}
    default = {"description": dict(MAGENTO.main(row))["description"]}
    push = Push(ref, default, target.fetch_texts([ref])[ref])
    assert set(target.unwritable(push)) == {"description"}  # the default's own words would stop following it


def test_a_version_that_keeps_an_empty_value_gets_the_defaults_words(views):
    fake, store = views
    fake.null_is_default = False
    row = fake.add()
    ref = MAGENTO.ref(row)
    target = store.translated([ShopLanguage("de")])
    pushed(target, ref, {"description": "<p>Deutsch</p>"})
    assert pushed(target, ref, {"description": ""}, is_undo=True).texts == {"description": ""}
    assert fake.views["de"][row["sku"]] == {"description": MAGENTO.main(row)["description"]}


def test_views_of_one_language_are_written_together_but_for_a_text_of_the_merchants(views):
    fake, store = views
    fake.view_names["at"], fake.locales["at"] = "Österreich", "de_AT"
    row = fake.add()
    ref = MAGENTO.ref(row)
    MAGENTO.edit(fake, row, "at", "name", "Aus Österreich")
    target = store.translated([ShopLanguage("de"), ShopLanguage("at")])
    result = pushed(target, ref, {"name": "Neu", "description": "<p>Neu</p>"})
    assert result.texts == {"name": "Neu", "description": "<p>Neu</p>"}
    assert set(result.skipped) == {"name (at)"}
    assert fake.views["de"][row["sku"]] == {"name": "Neu", "description": "<p>Neu</p>"}
    assert fake.views["at"][row["sku"]] == {"name": "Aus Österreich", "description": "<p>Neu</p>"}
    pushed(target, ref, {"description": ""}, is_undo=True)
    assert fake.views["at"][row["sku"]] == {"name": "Aus Österreich"}


def test_an_attribute_that_all_views_share_is_never_written(views):
    fake, store = views
    fake.global_codes = {"short_description"}
    row = fake.add()
    ref = MAGENTO.ref(row)
    target = store.translated([ShopLanguage("de")])
    result = pushed(target, ref, {"short_description": "Kurz", "name": "Neu"})
    assert (result.texts, set(result.skipped)) == ({"name": "Neu"}, {"short_description"})
    assert MAGENTO.main(row)["short_description"] == ""


def test_categories_have_a_text_per_view_too(views):
    fake, store = views
    target = store.translated([ShopLanguage("de")])
    ref = Ref("2", "category")
    assert target.fetch_texts([ref])[ref].texts["name"] == ""
    assert pushed(target, ref, {"name": "Alles"}).texts == {"name": "Alles"}
    assert fake.categories[2]["name"] == "Default"
    assert pushed(target, ref, {"name": ""}, is_undo=True).texts == {"name": ""}
    assert fake.category_views["de"][2] == {"name": "Default"}


# --- Polylang and WPML


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        ("polylang_free", "The free version of Polylang"),
        ("wpml_alone", "WooCommerce Multilingual"),
        ("", "Polylang Pro or WPML"),
    ],
)
def test_a_shop_that_tells_no_links_is_not_guessed_at(plugin, reason, settings):
    shop = SHOPS[2]
    with woocommerce.FakeWooCommerce(plugin=plugin) as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        row = fake.add()
        store = opened(shop, fake)
        with pytest.raises(Unsupported, match=reason):
            store.languages()
        current = store.translated([ShopLanguage("de")]).fetch_texts([Ref(str(row["id"]))])
        assert current[Ref(str(row["id"]))].refused


def test_posts_under_wpml_are_refused(settings):
    with wordpress.FakeWordPress(plugin="wpml_alone") as fake:
        settings.OUTBOUND_ALLOWED_HOSTS = [fake.hostport]
        fake.add()
        store = opened(SHOPS[4], fake)
        with pytest.raises(Unsupported, match="WPML does not support this"):
            store.languages()


@pytest.mark.parametrize("shop", [SHOPS[2], SHOPS[3]], ids=lambda shop: shop.name)
def test_a_product_without_a_version_in_that_language_is_refused_and_none_is_made(shop, settings):
    with shop.open(settings) as fake:
        row = fake.add()
        german = fake.translate(row, "de")
        count = len(fake.products)
        store = opened(shop, fake)
        ref, itself = Ref(str(row["id"])), Ref(str(german["id"]))
        french = store.translated([ShopLanguage("fr")]).fetch_texts([ref])[ref]
        assert "no fr version" in french.refused
        target = store.translated([ShopLanguage("de")])
        assert "already the de version" in target.fetch_texts([itself])[itself].refused
        german["status"] = "trash"
        assert "trash" in target.fetch_texts([ref])[ref].refused
        assert len(fake.products) == count


@pytest.mark.parametrize("shop", [SHOPS[2], SHOPS[3]], ids=lambda shop: shop.name)
def test_the_guard_holds_for_a_translated_product(shop, settings):
    with shop.open(settings) as fake:
        fake.guarded = True
        row = shop.product(fake)
        target = opened(shop, fake).translated([ShopLanguage("de")])
        ref = shop.ref(row)
        push = Push(ref, {"name": "Neu"}, target.fetch_texts([ref])[ref])
        assert target.writes_are_conditional([push])
        assert target.guarded is True
        shop.edit(fake, row, "de", "name", "Vom Händler")
        assert isinstance(target.push([push])[0].error, ConcurrentEdit)
        assert shop.shown(fake, row, "de", "name") == "Vom Händler"


def test_wpml_copies_price_and_stock_and_we_send_neither(settings):
    shop = SHOPS[3]
    with shop.open(settings) as fake:
        row = shop.product(fake)
        row |= {"price": "25.00", "stock_status": "outofstock"}
        target = opened(shop, fake).translated([ShopLanguage("de")])
        pushed(target, shop.ref(row), {"name": "Neu"})
        sent = next(r.json for r in fake.requests if r.path.endswith("/products/batch"))
        assert {key for entry in sent["update"] for key in entry} == {"id", "name"}


def test_categories_go_by_their_linked_terms(settings):
    shop = SHOPS[2]
    with shop.open(settings) as fake:
        english = fake.term(fake.categories, "Shirts", lang="en")
        german = fake.term(fake.categories, "Hemden-alt", lang="de")
        english["translations"] = german["translations"] = {"en": english["id"], "de": german["id"]}
        target = opened(shop, fake).translated([ShopLanguage("de")])
        ref = Ref(str(english["id"]), "category")
        assert pushed(target, ref, {"name": "Hemden"}).texts == {"name": "Hemden"}
        assert (english["name"], german["name"]) == ("Shirts", "Hemden")
