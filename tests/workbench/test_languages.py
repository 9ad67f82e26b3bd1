"""The languages of the pages: whole, with the same places for values, and the choice of whoever reads."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import to_locale

from accounts import notifications, tones
from accounts.models import MailMessage
from scribe import jobs, messages
from scribe.errors import Conflict
from scribe.messages import Message, columns, join
from scribe.models import Job
from tests.factories import make_user
from tests.scribe.source import ROOT
from tests.workbench import sentences
from tests.workbench.visiting import Visitor
from workbench.views import failures
from writing.checks import score

CODES = [code for code, _name in settings.LANGUAGES if code != "en"]
#: What a translation has to take over: values, and markup.
PLACES = re.compile(r"%\(\w+\)s|\{\w+(?::[^{}]*)?\}|</?\w+>")
MESSAGE_PLACES = re.compile(r"\{(\w+)(:[^{}]*)?\}")
ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', re.M)


def folder(code: str) -> Any:
    return ROOT / "locale" / to_locale(code) / "LC_MESSAGES"


def compiled(code: str) -> dict[Any, str]:
    with (folder(code) / "django.mo").open("rb") as file:
        return dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_translated(code: str) -> None:
    known = compiled(code)
    forms = {plural for _, plural in (key for key in known if isinstance(key, tuple))}
    missing, different = [], []
    for singular, plural in sentences.all_of():
        texts = [known.get((singular, form), "") for form in forms] if plural else [known.get(singular, "")]
        if not all(text.strip() for text in texts):
            missing.append(singular)
        places = Counter(PLACES.findall(plural or singular))
        different += [f"{singular} → {text}" for text in texts if text and Counter(PLACES.findall(text)) != places]
    assert missing == []
    assert different == []


@pytest.mark.parametrize("code", ["en", *CODES])
def test_the_compiled_catalogue_is_that_of_the_texts(code: str) -> None:
    """The compiled ones are committed, so that nobody needs gettext's tools to run the product."""
    source = (folder(code) / "django.po").read_text(encoding="utf-8")
    written = Counter(text for name, text in ENTRY.findall(source) if name.startswith("msgstr") and text)
    there = Counter(
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        for key, text in compiled(code).items()
        if key
    )
    assert written == there


def test_the_browsers_language_is_taken_until_somebody_chooses(db: Any) -> None:
    page = Client().get("/app/sign-in", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert '<html lang="de"' in page.content.decode()
    assert "Anmelden" in page.content.decode()
    assert page["Content-Language"] == "de"
    assert '<html lang="en"' in Client().get("/app/sign-in", headers={"Accept-Language": "ja"}).content.decode()
    visitor = Visitor(make_user())
    visitor.post("appearance", {"language": "sr-latn", "next": "/app/"})
    page = visitor.get("", **{"Accept-Language": "de"})
    assert '<html lang="sr-latn"' in page
    assert "Odjavi se" in page
    visitor.post("appearance", {"theme": "dark"})
    assert '<html lang="sr-latn"' in visitor.get("")  # one choice leaves the other alone
    visitor.post("appearance", {"language": ""})
    assert '<html lang="de"' in visitor.get("", **{"Accept-Language": "de"})


def test_the_choice_follows_the_person_to_another_device(db: Any) -> None:
    user = make_user()
    Visitor(user).post("appearance", {"language": "sr-latn"})
    other = Visitor(user)  # a browser of its own
    page = other.get("", **{"Accept-Language": "de"})
    assert '<html lang="sr-latn"' in page
    assert other.last["Content-Language"] == "sr-latn"
    assert '<html lang="sr-latn"' in other.get("sign-out", 404)  # and stays when they have signed out
    assert other.client.cookies["workbench-language"].value == "sr-latn"
    other.post("appearance", {"language": ""})
    assert '<html lang="de"' in Visitor(user).get("", **{"Accept-Language": "de"})


def test_the_api_answers_in_english_whatever_was_read_before(db: Any) -> None:
    client = Client()
    client.get("/app/sign-in", headers={"Accept-Language": "de"})
    answer = client.post("/api/v1/auth/login", {}, content_type="application/json", headers={"Accept-Language": "de"})
    assert "required" in answer.content.decode()


def test_what_the_rules_refuse_is_said_in_the_readers_language(cast: Any) -> None:
    member = Visitor(cast.teammate)
    member.post("appearance", {"language": "sr-latn"})
    assert "To mogu samo administratori organizacije." in member.get("account/keys", 403)


@pytest.mark.thorough
@pytest.mark.each_value("code")
@pytest.mark.parametrize("code", CODES)
def test_a_page_of_refusal_says_every_sentence_of_the_rules_in_one_language(code: str) -> None:
    request = RequestFactory().get("/app/")
    request.META["CSRF_COOKIE"] = "x" * 32
    with translation.override(code):
        for template in sentences.templates():
            message = Message(template, **{name: [f"⟨{name}⟩"] for name, _form in MESSAGE_PLACES.findall(template)})
            page = failures.page(request, Conflict(message)).content.decode()
            said = escape(message.render())
            assert f"<p>{said}</p>" in page, template
            if said != escape(str(message)) and not template.startswith("{"):
                assert f"<p>{escape(str(message))}</p>" not in page


def shown(page: str) -> set[str]:
    """What stands between the tags and the ends of lines."""
    return {part.strip() for part in re.split(r"<[^>]*>|\n", page.replace("&nbsp;", " "))}


@pytest.mark.parametrize("code", CODES)
def test_notices_jobs_and_mails_say_every_sentence_in_one_language(code: str, desk: Any) -> None:
    """Each message of the product, stored as it is stored at work, and read by a person with this language."""
    texts = [
        Message(template, **{name: [f"⟨{name}⟩"] for name, _form in MESSAGE_PLACES.findall(template)})
        for template in dict.fromkeys(sentences.templates())
        if "\n" not in template
    ]
    owner = desk.cast.owner
    owner.language, owner.email_verified_at = code, timezone.now()
    owner.save()
    everything = join(texts, by="\n")
    notifications.notify(organization=owner.organization, event="account.changed", body=everything, users=[owner])
    job = jobs.create(job_type="verify", organization=owner.organization, project=desk.project)
    Job.objects.filter(pk=job.pk).update(status="failed", completed_at=timezone.now(), **columns(error=everything))
    mail = MailMessage.objects.latest("created_at")
    visitor = Visitor(owner)
    pages = [visitor.get("account/notices"), visitor.get(f"projects/{desk.project.pk}/jobs/{job.pk}"), mail.html]
    seen = [*map(shown, pages), {line.strip() for line in mail.text.splitlines()}]
    with translation.override(code):
        said = {str(text): str.__str__(text.render()) for text in texts}
    for place, written in zip(("notices", "job", "mail", "text of the mail"), seen, strict=True):
        forms = [(english, own) for english, own in said.items() if english != own]
        if place != "text of the mail":
            forms = [(escape(english), escape(own)) for english, own in forms]
        assert [own for _english, own in forms if own.strip() not in written] == [], place
        foreign = {english.strip() for english, _own in forms} - {own.strip() for _english, own in forms}
        assert foreign & written == set(), place


def test_no_translation_names_a_field_of_the_api() -> None:
    """Those stand in backticks. English pages have sentences of their own for them."""
    named = {template for template in sentences.templates() if "`" in template}
    assert named <= set(compiled("en"))
    assert [text for code in ("en", *CODES) for one in named if "`" in (text := compiled(code)[one])] == []


def test_serbian_days_are_in_the_genitive() -> None:
    with translation.override("sr-latn"):
        assert date_format(date(2027, 1, 3), "DATE_FORMAT") == "3. januara 2027."
        assert date_format(date(2027, 1, 3), "F Y") == "januar 2027"


@pytest.mark.parametrize("language", ["de", "sr-latn"])
def test_what_programs_are_told_in_english_people_read_in_their_language(language: str) -> None:
    told = [
        *(name for name, _ in score.PARTS.values()),
        *(text for tone in tones.BUILT_IN for text in (tone.name, tone.description)),
        "Welcome to XC Scribe",
        "Unused XCT of the ended cycle",
    ]
    with translation.override(language):
        same = [text for text in told if messages.render(text) == str(text)]
    assert not same
