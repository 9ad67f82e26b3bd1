"""The glossary from the outside: terms by the API, their CSV, and what they change in a text."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from projects import glossary, glossary_csv
from projects.models import ContentItem, ContentProfile, GlossaryTerm
from scribe.errors import Conflict, InvalidInput, NotFound, VersionConflict
from tests import factories
from tests.helpers import run_jobs
from tests.proof.ordering import in_order

pytestmark = pytest.mark.django_db
BACKPACK = {
    "text": "backpack",
    "language": "en",
    "targets": {"de": {"text": "Rucksack", "forms": ["Rucksäcke"], "forbidden": ["Tornister"], "note": "der"}},
}
TOLGEE = """term,description,translatable,casesensitive,abbreviation,forbidden,en,de,sr-Latn
backpack,A bag for the back,true,false,false,false,backpack,Rucksack,ranac
HydroGuard,Our coating,false,true,false,false,HydroGuard,,
cheap,,true,false,false,true,cheap,billig,jeftino
"""
CROWDIN = """Term [en],Description [en],Status [en],Term [de],Status [de],Term: Serbian (Latin),Part of Speech [en]
bottle,For drinks,preferred,Flasche,preferred,flaša,noun
flask,,preferred,Pulle,not recommended,,noun
"""


@pytest.fixture
def me(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def csv_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("terms.csv", text.encode(), "text/csv")


class TestTerms:
    def test_a_term_is_made_changed_and_deleted(self, me: Any) -> None:
        made = me.post("glossary", BACKPACK, 201)
        assert made["targets"]["de"]["forms"] == ["Rucksäcke"]
        assert me.get(f"glossary/{made['id']}") == made
        patch = {"targets": {"fr_FR": {"text": " sac  à dos "}}, "description": "for the back"}
        changed = me.patch(f"glossary/{made['id']}", patch)
        assert sorted(changed["targets"]) == ["de", "fr"]
        assert changed["targets"]["fr"] == {"text": "sac à dos", "forms": [], "forbidden": [], "note": ""}
        assert changed["version"] > made["version"]
        assert sorted(me.patch(f"glossary/{made['id']}", {"targets": {"de": None}})["targets"]) == ["fr"]
        me.delete(f"glossary/{made['id']}")
        me.get(f"glossary/{made['id']}", 404)

    def test_a_change_of_a_version_that_is_gone_is_refused(self, me: Any) -> None:
        made = me.post("glossary", BACKPACK, 201)
        me.patch(f"glossary/{made['id']}", {"description": "one"})
        late = me.with_(If_Match=f'"{made["version"]}"')
        late.patch(f"glossary/{made['id']}", {"description": "two"}, 412)
        assert me.get(f"glossary/{made['id']}")["description"] == "one"

    def test_a_term_is_there_once_whatever_its_case(self, me: Any, cast: Any) -> None:
        me.post("glossary", BACKPACK, 201)
        assert me.post("glossary", {**BACKPACK, "text": "Backpack"}, 409)["code"] == "term_exists"
        me.post("glossary", {**BACKPACK, "language": "fr"}, 201)
        profile = me.post("content-profiles", {"name": "Own"}, 201)
        me.post("glossary", {**BACKPACK, "profile_id": profile["id"]}, 201)
        with pytest.raises(IntegrityError):
            GlossaryTerm.objects.create(organization=cast.organization, text="BACKPACK", language="en")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({**BACKPACK, "language": "xx-no"}, "unknown_language"),
            ({**BACKPACK, "text": "  "}, ""),
            ({**BACKPACK, "targets": {"klingon": {"text": "x"}}}, "unknown_language"),
            ({**BACKPACK, "targets": {"de": {"text": "x"}, "de-DE": {"text": "y"}}}, "repeated_language"),
            ({**BACKPACK, "targets": {"de": {"text": "Sack", "forbidden": ["sack"]}}}, "forbids_itself"),
            ({**BACKPACK, "targets": {"de": "Rucksack"}}, ""),
            ({**BACKPACK, "targets": {"de": {"text": "x" * 201}}}, ""),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, me: Any, body: dict[str, Any], code: str) -> None:
        errors = me.post("glossary", body, 400)["errors"]
        assert errors
        assert not code or errors[0]["code"] == code

    def test_a_language_without_a_word_is_left_out(self, me: Any) -> None:
        """`null` in a new term was a 500."""
        assert me.post("glossary", {**BACKPACK, "targets": {"de": None}}, 201)["targets"] == {}

    def test_a_language_is_the_same_however_its_code_is_written(self, me: Any) -> None:
        """`de-DE` beside the `de` that was there was “named twice”, and `de_DE: null` removed nothing."""
        path = f"glossary/{me.post('glossary', BACKPACK, 201)['id']}"
        assert me.patch(path, {"targets": {"de-DE": {"text": "Sack"}}})["targets"]["de"]["text"] == "Sack"
        assert me.patch(path, {"targets": {"de_DE": None}})["targets"] == {}

    def test_what_the_database_holds_for_the_same_is_a_conflict(self, me: Any, cast: Any) -> None:
        """It was a 500: of one letter in two cases, `lower` and `upper` do not always think the same."""
        kelvin = "\N{KELVIN SIGN}elvin"
        me.post("glossary", {"text": "kelvin", "language": "en"}, 201)
        other = me.post("glossary", {"text": "celsius", "language": "en"}, 201)
        assert me.post("glossary", {"text": kelvin, "language": "en"}, 409)["code"] == "term_exists"
        assert me.patch(f"glossary/{other['id']}", {"text": kelvin}, 409)["code"] == "term_exists"
        with pytest.raises(Conflict, match="already"), glossary.writing_terms(cast.organization.pk):
            GlossaryTerm.objects.create(organization=cast.organization, text="KELVIN", language="en")

    def test_a_deleted_term_is_not_changed(self, cast: Any) -> None:
        term = GlossaryTerm.objects.create(organization=cast.organization, text="bag", language="en")
        GlossaryTerm.objects.all().delete()
        with pytest.raises(NotFound):
            glossary.update(term=term, values={"description": "late"})

    def test_a_glossary_has_an_end(self, me: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(glossary, "MOST_TERMS", 1)
        me.post("glossary", BACKPACK, 201)
        assert me.post("glossary", {**BACKPACK, "text": "bag"}, 409)["code"] == "too_many_terms"

    def test_a_language_has_an_end_of_words(self, me: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(glossary, "MOST_WORDS", 3)
        term = me.post(
            "glossary",
            {"text": "bag", "language": "en", "targets": {"de": {"text": "Tasche", "forbidden": ["Beutel"]}}},
            201,
        )
        more = {"de": {"text": "Tasche", "forbidden": ["Beutel", "Sack"], "forms": ["Taschen", "Täschchen"]}}
        refused = me.patch(f"glossary/{term['id']}", {"targets": more}, 409)
        assert (refused["code"], "4 forms and forbidden words in de" in refused["detail"]) == ("too_many_words", True)
        assert me.get(f"glossary/{term['id']}")["targets"]["de"]["forbidden"] == ["Beutel"]
        me.patch(f"glossary/{term['id']}", {"targets": {"fr": {"text": "sac", "forbidden": ["cabas", "pochette"]}}})

    def test_a_change_is_seen_at_once(self, cast: Any) -> None:
        def targets() -> list[str]:
            return [term.target for term in glossary.for_language(cast.organization.pk, None, "de").terms]

        term = glossary.create(
            organization=cast.organization,
            profile=None,
            values={"text": "bag", "language": "en", "targets": {"de": {"text": "Tasche"}}},
        )
        assert targets() == targets() == ["Tasche"]
        glossary.update(term=term, values={"targets": {"de": {"text": "Beutel"}}})
        assert targets() == ["Beutel"]
        glossary.delete(term=term)
        assert targets() == []

    def test_a_process_keeps_few_glossaries(self, cast: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(glossary, "MOST_KEPT", 2)
        for code in ("de", "fr", "es"):
            GlossaryTerm.objects.create(
                organization=cast.organization, text=f"bag {code}", language="en", targets={code: {"text": "x" * 9}}
            )
            glossary.for_language(cast.organization.pk, None, code)
        assert sum(found.size for _, found in glossary._kept.values()) <= 2
        assert len(glossary.for_language(cast.organization.pk, None, "de").terms) == 1

    def test_a_list_is_filtered(self, me: Any) -> None:
        profile = me.post("content-profiles", {"name": "Own"}, 201)
        me.post("glossary", BACKPACK, 201)
        me.post("glossary", {"text": "bottle", "language": "en", "profile_id": profile["id"]}, 201)
        assert [term["text"] for term in me.get("glossary")] == ["backpack", "bottle"]
        assert [term["text"] for term in me.get("glossary", language="de_DE")] == ["backpack"]
        assert [term["text"] for term in me.get("glossary", search="BOTT")] == ["bottle"]
        assert [term["text"] for term in me.get("glossary", profile_id=profile["id"])] == ["bottle"]

    def test_others_see_none_of_it(self, api: Any, cast: Any, me: Any) -> None:
        made = me.post("glossary", BACKPACK, 201)
        stranger = api.as_(cast.stranger)
        assert stranger.get("glossary") == []
        stranger.get(f"glossary/{made['id']}", 404)
        stranger.patch(f"glossary/{made['id']}", {"description": "x"}, 404)
        profile = me.post("content-profiles", {"name": "Own"}, 201)
        stranger.post("glossary", {**BACKPACK, "profile_id": profile["id"]}, 404)


class TestFiles:
    def test_what_goes_out_comes_in_unchanged(self, me: Any) -> None:
        me.post("glossary", BACKPACK, 201)
        me.post("glossary", {"text": 'HydroGuard, "pro"', "language": "en", "do_not_translate": True}, 201)
        out = me.get("glossary/export").decode()
        again = me.upload("glossary/import", {"file": csv_file(out)}, 200)
        assert again == {"created": 0, "updated": 0, "unchanged": 2, "refused": [], "unread": []}
        for term in me.get("glossary"):
            me.delete(f"glossary/{term['id']}")
        assert me.upload("glossary/import", {"file": csv_file(out)}, 200)["created"] == 2
        assert me.get("glossary/export").decode() == out

    def test_tolgees_form(self, me: Any) -> None:
        done = me.upload("glossary/import", {"file": csv_file(TOLGEE), "language": "en"}, 200)
        assert (done["created"], done["refused"], done["unread"]) == (3, [], ["abbreviation"])
        terms = {term["text"]: term for term in me.get("glossary")}
        assert terms["backpack"]["targets"]["sr-Latn"]["text"] == "ranac"
        assert terms["HydroGuard"]["do_not_translate"]
        assert terms["HydroGuard"]["case_sensitive"]
        assert terms["cheap"]["targets"]["de"]["text"] == ""
        assert terms["cheap"]["targets"]["de"]["forbidden"] == ["billig"]
        assert terms["cheap"]["targets"]["en"]["forbidden"] == ["cheap"]

    def test_crowdins_form(self, me: Any) -> None:
        done = me.upload("glossary/import", {"file": csv_file(CROWDIN), "language": "en"}, 200)
        assert (done["created"], done["refused"]) == (2, [])
        terms = {term["text"]: term for term in me.get("glossary")}
        assert terms["bottle"]["targets"]["sr-Latn"]["text"] == "flaša"
        assert terms["bottle"]["description"] == "For drinks"
        assert terms["flask"]["targets"]["de"]["forbidden"] == ["Pulle"]

    @pytest.mark.parametrize(
        ("file", "language", "targets"),
        [
            ("term,forbidden,en,de\ncheap,true,,billig\n", "en", {"en": ["cheap"], "de": ["billig"]}),
            ("term,language,forbidden,de\ncheap,en_US,x,\n", "de", {"en": ["cheap"]}),
            ("Term [en],Status [en],Term [de]\ncheap,obsolete,billig\n", "en", {"en": ["cheap"], "de": []}),
            ("en,en forbidden,de\ncheap,bargain,billig\n", "en", {"en": ["bargain"], "de": []}),
            (",en,de\n1,cheap,billig\n", "en", {"de": []}),
        ],
    )
    def test_the_terms_own_language(self, me: Any, file: str, language: str, targets: dict[str, list[str]]) -> None:
        """What is said of a term in its own language was lost where its cell was blank, or was the term itself."""
        done = me.upload("glossary/import", {"file": csv_file(file), "language": language}, 200)
        assert (done["created"], done["refused"]) == (1, [])
        (term,) = me.get("glossary")
        assert (term["text"], term["language"]) == ("cheap", "en")
        assert {code: said["forbidden"] for code, said in term["targets"].items()} == targets

    def test_another_word_for_a_term_of_the_file_is_refused_by_its_line(self, me: Any) -> None:
        """The last one counted, and the others were told nowhere."""
        rows = "hat,Hut,\nhat,Kappe,\nHAT,,chapeau\nhat,Hut,\n"
        done = me.upload("glossary/import", {"file": csv_file(f"term,de,fr\n{rows}")}, 200)
        assert (done["created"], [row["line"] for row in done["refused"]]) == (1, [3])
        assert "another word for this term in de" in done["refused"][0]["reason"]
        (term,) = me.get("glossary")
        assert {code: said["text"] for code, said in term["targets"].items()} == {"de": "Hut", "fr": "chapeau"}

    def test_cells_that_no_column_takes_are_refused_by_their_line(self, me: Any) -> None:
        """They were a 500, and nothing of the file was read."""
        rows = f"{'x' * 201},ok\nlong,{'y' * 201}\nfine,gut\n"
        done = me.upload("glossary/import", {"file": csv_file(f"term,de\n{rows}")}, 200)
        assert done["created"] == 1
        assert [row["line"] for row in done["refused"]] == [2, 3]
        assert "at most 200 characters" in done["refused"][0]["reason"]
        term = GlossaryTerm()
        for value in ("a\0b", "x" * 201):
            for values in ({"text": value}, {"text": "a", "targets": {"de": {"forms": [value]}}}):
                with pytest.raises(InvalidInput):
                    glossary.fill(term, values)

    def test_a_description_is_kept_whole_or_refused(self, me: Any) -> None:
        """It was cut at 500 characters in silence."""
        rows = f"cup,{'c' * 500}\npan,{'p' * 501}\n"
        done = me.upload("glossary/import", {"file": csv_file(f"term,description\n{rows}"), "language": "en"}, 200)
        assert [row["line"] for row in done["refused"]] == [3]
        assert "is too long: at most 500 characters" in done["refused"][0]["reason"]
        assert [term["description"] for term in me.get("glossary")] == ["c" * 500]

    def test_a_row_fills_languages_and_leaves_the_others(self, me: Any) -> None:
        me.post("glossary", BACKPACK, 201)
        done = me.upload("glossary/import", {"file": csv_file("term;fr\nBackpack;sac à dos\n;leer\n")}, 200)
        assert (done["updated"], done["created"]) == (1, 0)
        assert done["refused"] == [{"line": 3, "reason": "Enter the term."}]
        (term,) = me.get("glossary")
        assert sorted(term["targets"]) == ["de", "fr"]
        assert term["targets"]["de"]["text"] == "Rucksack"

    def test_a_file_changes_only_what_it_has_columns_for(self, me: Any) -> None:
        told = {"description": "Our coating", "do_not_translate": True, "case_sensitive": True}
        made = me.post("glossary", {**BACKPACK, **told}, 201)
        done = me.upload("glossary/import", {"file": csv_file("term,de\nbackpack,Ranzen\n")}, 200)
        assert (done["updated"], done["refused"]) == (1, [])
        term = me.get(f"glossary/{made['id']}")
        assert {name: term[name] for name in told} == told
        assert term["targets"]["de"] == {**BACKPACK["targets"]["de"], "text": "Ranzen"}
        me.upload("glossary/import", {"file": csv_file("term,description,de forms\nbackpack,,Ranzens\n")}, 200)
        term = me.get(f"glossary/{made['id']}")
        assert (term["description"], term["do_not_translate"], term["case_sensitive"]) == ("", True, True)
        assert term["targets"]["de"] == {**BACKPACK["targets"]["de"], "text": "Ranzen", "forms": ["Ranzens"]}

    def test_a_row_that_contradicts_what_its_term_has_is_refused_by_its_line(self, me: Any) -> None:
        made = me.post("glossary", BACKPACK, 201)
        done = me.upload("glossary/import", {"file": csv_file("term,de\nbag,Tasche\nbackpack,Tornister\n")}, 200)
        assert (done["created"], done["updated"], [row["line"] for row in done["refused"]]) == (1, 0, [3])
        assert me.get(f"glossary/{made['id']}") == made

    def test_cells_that_a_spreadsheet_would_run_are_marked_and_read_back(self, me: Any) -> None:
        for text in ("=1+1", "-5 °C", "'=quoted", "+plus"):
            me.post("glossary", {"text": text, "language": "en", "targets": {"de": {"note": f"@{text}"}}}, 201)
        out = me.get("glossary/export").decode()
        assert "\r\n=1+1" not in out
        assert ",@" not in out
        again = me.upload("glossary/import", {"file": csv_file(out)}, 200)
        assert (again["created"], again["updated"]) == (0, 0)

    def test_a_file_that_cannot_fit_is_refused_before_anything_is_locked_or_written(
        self, me: Any, monkeypatch: Any
    ) -> None:
        """100,000 rows kept the organization locked for minutes, and were thrown away."""
        monkeypatch.setattr(glossary, "MOST_TERMS", 20)
        with CaptureQueriesContext(connection) as asked:
            rows = "".join(f"term{n},Wort{n}\n" for n in range(1000))
            assert me.upload("glossary/import", {"file": csv_file(f"term,de\n{rows}")}, 409)["code"] == "too_many_terms"
        assert not [q for q in asked if "projects_glossaryterm" in (q["sql"] or "")]
        same = "term,de\n" + "same,gleich\n" * 30_000
        monkeypatch.setattr("projects.glossary_csv.MOST_ROWS", 100)
        assert me.upload("glossary/import", {"file": csv_file(same)}, 409)["code"] == "too_many_terms"

    def test_an_import_is_a_few_statements_however_many_rows(self, me: Any) -> None:
        def statements(count: int, word: str) -> int:
            rows = "".join(f"{word}{n},Wort{n}\n" for n in range(count))
            with CaptureQueriesContext(connection) as asked:
                assert me.upload("glossary/import", {"file": csv_file(f"term,de\n{rows}")}, 200)["created"] == count
            return len(asked)

        assert statements(5, "a") == statements(300, "b")

    def test_a_repeated_row_of_a_file_is_one_term(self, me: Any) -> None:
        done = me.upload("glossary/import", {"file": csv_file("term,de,fr\nbag,Tasche,\nBag,,sac\n")}, 200)
        assert done["created"] == 1
        assert sorted(me.get("glossary")[0]["targets"]) == ["de", "fr"]

    def test_a_file_without_terms_is_refused(self, me: Any) -> None:
        refused = me.upload("glossary/import", {"file": csv_file("price,stock\n1,2\n")}, 400)
        assert refused["code"] == "no_term_column"


class TestTexts:
    """What a term does to what is written."""

    @pytest.fixture(autouse=True)
    def committing(self, committed: Any) -> None:
        """The engine has threads with connections of their own."""

    @pytest.fixture
    def project(self, cast: Any, settings: Any) -> Any:
        from tests.fakes.openai import OpenAI

        with OpenAI() as fake:
            settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = fake.url + "/v1", "sk-test"
            settings.DEFAULT_AI_PROVIDER = "openai"
            made = factories.make_project(cast.organization)
            made.fake = fake
            yield made

    def write(self, me: Any, project: Any, **asked: Any) -> ContentItem:
        item = factories.make_item(
            project, source_data={"name": "Steel bottle", "description": "A steel bottle of 750 ml."}
        )
        me.post(f"projects/{project.pk}/generate", {"language": "en", **asked}, 202)
        run_jobs()
        item.refresh_from_db()
        return item

    def test_the_model_is_told_and_the_text_is_checked(self, me: Any, project: Any) -> None:
        me.post("glossary", {"text": "bottle", "language": "en", "targets": {"en": {"forbidden": ["bottle of"]}}}, 201)
        me.post("glossary", {"text": "teapot", "language": "en", "targets": {"en": {"text": "samovar"}}}, 201)
        item = self.write(me, project)
        sent = str(project.fake.requests[0].json)
        assert "glossary, as a JSON list" in sent
        assert "samovar" not in sent
        (check,) = [row for row in item.generation_metadata["checks"] if row["id"] == "glossary"]
        assert check["counts"]["named"] == 1
        assert "glossary" not in item.generation_metadata["settings"]

    def test_without_terms_nothing_changes(self, me: Any, project: Any) -> None:
        item = self.write(me, project)
        assert "glossary" not in [row["id"] for row in item.generation_metadata["checks"]]
        assert "JSON list" not in str(project.fake.requests[0].json)

    def test_an_edit_is_checked_against_the_terms_of_now(self, me: Any, project: Any) -> None:
        item = self.write(me, project)
        me.post("glossary", {"text": "bottle", "language": "en", "targets": {"en": {"forbidden": ["flask"]}}}, 201)
        path = f"projects/{project.pk}/items/{item.pk}"
        edited = me.patch(path, {"generated_content": {"name": "A steel flask"}})
        failed = [row for row in edited["generation_metadata"]["checks"] if row["passed"] is False]
        assert "glossary" in [row["id"] for row in failed]

    @pytest.mark.parametrize("kept", [False, True])
    def test_a_term_that_is_forbidden_itself_has_no_word(self, cast: Any, kept: bool) -> None:
        """The writer was told to use the word and never to use it."""
        glossary.create(
            organization=cast.organization,
            profile=None,
            values={
                "text": "Cheap",
                "language": "en",
                "do_not_translate": kept,
                "targets": {"en": {"forbidden": ["cheap"]}},
            },
        )
        (term,) = glossary.for_language(cast.organization.pk, None, "en").terms
        assert (term.target, term.forbidden) == ("", ("cheap",))

    def test_a_profiles_term_takes_the_place_of_the_organizations(self, me: Any, cast: Any) -> None:
        profile = ContentProfile.objects.create(organization=cast.organization, name="Own")
        for owner, word in ((None, "Flasche"), (profile, "Trinkflasche")):
            GlossaryTerm.objects.create(
                organization=cast.organization,
                profile=owner,
                text="bottle",
                language="en",
                targets={"de": {"text": word}},
            )
        words = [
            glossary.for_language(cast.organization.pk, chosen, "de").terms[0].target for chosen in (None, profile.pk)
        ]
        assert words == ["Flasche", "Trinkflasche"]
        assert not glossary.for_language(cast.organization.pk, None, "fr")


def test_a_change_and_an_import_take_turns(committed: None) -> None:
    """The change held the term and waited for the organization, and the import the other way round: a deadlock."""
    organization = factories.make_organization()
    term = glossary.create(organization=organization, profile=None, values={"text": "bag", "language": "en"})

    def load() -> None:
        file = io.BytesIO(b"term,de\nbag,Tasche\n")
        glossary_csv.import_csv(organization=organization, profile=None, file=file, language="en")

    def change() -> None:
        with transaction.atomic():
            glossary.update(term=term, values={"description": "new"}, accepted=frozenset({term.version}))

    def lock() -> None:
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)

    _, late = in_order(lock, change, rest=load)
    assert isinstance(late, VersionConflict)  # the import was first
    assert GlossaryTerm.objects.get().targets["de"]["text"] == "Tasche"
