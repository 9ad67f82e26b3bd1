"""The glossary's pages: a table of terms, a form for each, and their CSV in and out."""

from __future__ import annotations

from typing import Any

from projects.models import ContentProfile, GlossaryTerm
from tests.projects.uploads import file
from tests.workbench.visiting import Visitor, plain


def rows(*said: dict[str, str], initial: int = 0) -> dict[str, str]:
    """The languages of a term, as its form sends them."""
    sent = {"said-TOTAL_FORMS": str(len(said) + 2), "said-INITIAL_FORMS": str(initial)}
    return sent | {f"said-{at}-{name}": value for at, row in enumerate(said) for name, value in row.items()}


TERM = {"text": "Bottle", "language": "en", "description": "For drinks"}
GERMAN = {"language": "de", "text": "Flasche", "forms_listed": "Flaschen\r\nFläschchen", "forbidden": "Pulle, groß", "note": "n"}  # fmt: skip


def test_a_term_is_added_edited_and_deleted(cast: Any) -> None:
    visitor = Visitor(cast.owner)
    page = visitor.get("account/glossary")
    assert "No terms yet" in page
    assert "every text is checked" not in page
    assert 'href="/app/">open a project</a>, select its items and choose “Check again”' in page
    visitor.post("account/glossary/new", {**TERM, "case_sensitive": "on", **rows(GERMAN)})
    term = GlossaryTerm.objects.get(organization=cast.organization)
    german = {"text": "Flasche", "forms": ["Flaschen", "Fläschchen"], "forbidden": ["Pulle, groß"], "note": "n"}
    assert (term.text, term.case_sensitive, term.do_not_translate, term.targets) == (
        "Bottle",
        True,
        False,
        {"de": german},
    )
    page = f"account/glossary/{term.pk}"
    assert "Fläschchen" in visitor.get(page)
    table = visitor.get("account/glossary").partition("<table")[2]
    assert "de Flasche not: Pulle, groß" in plain(table)

    french = {"language": "fr", "text": "Gourde"}
    visitor.post(
        page, {**TERM, "version": str(term.version), "do_not_translate": "on", **rows(GERMAN, french, initial=1)}
    )
    seen = GlossaryTerm.objects.get()
    assert (set(seen.targets), seen.targets["de"], seen.do_not_translate) == ({"de", "fr"}, german, True)
    late = visitor.post(page, {**TERM, "text": "Mine", "version": str(term.version), **rows(french)}, 412)
    assert "Someone else saved this term" in late
    assert 'value="Mine"' in late
    assert "Fläschchen" in late  # what stands there now
    visitor.post(page, {**TERM, "version": str(seen.version), **rows({"language": "de"}, french, initial=2)})
    assert set(GlossaryTerm.objects.get().targets) == {"fr"}

    visitor.post(f"{page}/deletion")
    assert "The term was deleted." in visitor.get(visitor.last["Location"])
    assert not GlossaryTerm.objects.exists()


def test_what_the_rules_refuse_stands_beside_its_field(cast: Any) -> None:
    visitor, new = Visitor(cast.owner), "account/glossary/new"
    own = visitor.post(new, {**TERM, **rows(GERMAN, {"language": "fr", "text": "Gourde", "forbidden": "gourde"})}, 422)
    assert 'id="id_said-1-forbidden-error"' in own
    assert 'aria-describedby="id_said-1-forbidden-error"' in own
    assert "This language is listed twice." in visitor.post(new, {**TERM, **rows(GERMAN, GERMAN)}, 422)
    assert "Choose the language." in visitor.post(new, {**TERM, **rows({"text": "Flasche"})}, 422)
    visitor.post(new, TERM, 422)  # without the form's count of languages
    visitor.post(new, {**TERM, "language": "xx", **rows()}, 422)
    assert not GlossaryTerm.objects.exists()
    visitor.post(new, {**TERM, **rows(GERMAN)})
    assert "The term “BOTTLE” already exists" in visitor.post(new, {**TERM, "text": "BOTTLE", **rows()}, 422)
    profile = ContentProfile.objects.create(organization=cast.organization, name="Shop")
    visitor.post(new, {**TERM, "profile": str(profile.pk), **rows()})
    foreign = ContentProfile.objects.create(organization=cast.stranger.organization, name="Theirs")
    visitor.post(new, {**TERM, "text": "Cup", "profile": str(foreign.pk), **rows()}, 422)
    visitor.get(f"account/glossary?profile={foreign.pk}", 404)
    assert set(GlossaryTerm.objects.values_list("profile", flat=True)) == {None, profile.pk}


def test_the_table_is_searched_and_goes_out_and_in_as_a_file(cast: Any) -> None:
    visitor, organization = Visitor(cast.owner), cast.organization
    nothing: dict[str, Any] = {"forms": [], "forbidden": [], "note": ""}
    GlossaryTerm.objects.bulk_create(
        GlossaryTerm(
            organization=organization,
            text=f"Term {n:03}",
            language="en",
            targets={"de": {"text": f"Wort {n}", **nothing}},
        )
        for n in range(130)
    )
    GlossaryTerm.objects.create(organization=cast.stranger.organization, text="Term theirs", language="en")
    first = visitor.get("account/glossary")
    assert "Term 099" in first
    assert "Term 100" not in first
    assert '<option value="fr">' in first  # every language of terms, not only those of the workbench
    assert "Term 129" in visitor.get("account/glossary?page=2&language=de")
    found = visitor.get("account/glossary?q=m+12")
    assert found.count("/deletion") == 10
    assert "No results." in visitor.get("account/glossary?language=fr")
    text = visitor.get("account/glossary/file?q=term")
    assert visitor.last["Content-Disposition"] == 'attachment; filename="glossary.csv"'
    assert text.count("\n") == 131
    assert "theirs" not in text

    data = "term,language,de,fr,colour\nTerm 001,en,Wort 1,Mot,x\nNew,en,Neu,,\n,en,,,\n" + "x" * 300 + ",en,,,\n"
    done = plain(visitor.post("account/glossary/import", {"language": "en", "file": file(data.encode())}, 200))
    assert "Terms: 1 added, 1 updated, 0 unchanged." in done
    assert "Columns that were ignored: colour" in done
    assert "too long" in done
    assert GlossaryTerm.objects.get(text="Term 001").targets["fr"]["text"] == "Mot"
    again = visitor.post("account/glossary/import", {"language": "en", "file": file(text.encode())}, 200)
    assert "Terms: 0 added, 0 updated, 130 unchanged." in again
    visitor.post("account/glossary/import", {"language": "xx"}, 422)
    bad = visitor.post("account/glossary/import", {"language": "en", "file": file(b"colour,size\na,b\n")}, 422)
    assert "no column for the term" in bad
