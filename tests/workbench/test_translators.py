"""Texts that leave for translators and come back by the workbench."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from projects import lifecycle
from projects.models import ContentItem
from projects.translators import intake
from tests.factories import make_item, make_language_text
from tests.helpers import run_jobs
from tests.workbench.conftest import CLEAN


def test_texts_go_out_and_come_back(desk: Any) -> None:
    item = desk.clean[0]
    ContentItem.objects.filter(pk=item.pk).update(status="approved", generated_content=CLEAN)
    root = f"projects/{desk.project.pk}/translators"
    page = desk.owner.get(root)
    assert "XLIFF 1.2" in page
    assert 'languages" aria-current="page"' in page
    assert "XLIFF 1.2 – for most translation tools" in page
    assert "<strong>1 item</strong>" in page
    assert "Store view" not in page  # that is Magento's
    assert "magento_csv" not in page
    for place in ("", "/languages"):
        assert f'href="/app/{root}"' in desk.owner.get(f"projects/{desk.project.pk}{place}")
    file = desk.owner.get(f"{root}/file?language=de&format=po&open_only=1")
    assert file.count("msgctxt") == file.count(f'msgctxt "{item.pk}#') == 10
    file = file.replace('msgid "Trail Bottle"\nmsgstr ""', 'msgid "Trail Bottle"\nmsgstr "Wanderflasche"')
    strange = '\nmsgctxt "x#name"\nmsgid "A"\nmsgstr "B"\n'
    sent = {"language": "de", "format": "po", "file": SimpleUploadedFile("de.po", (file + strange).encode())}
    page = desk.owner.post(root, sent, 200)
    assert "Translations of 1 item were imported" in page
    assert '<td class="number">0 / 1</td>' in page
    waiting = f'href="/app/projects/{desk.project.pk}/review?language=de">'
    assert page.count(waiting) == 2  # of the page, and of the number in the table
    assert f"{waiting}<span>Review 1 text in <bdi>Deutsch</bdi></span></a>" in page
    assert '<button class="quiet">Download</button>' in page
    assert f"{waiting}<span>Review 1 text in" in desk.owner.get(f"projects/{desk.project.pk}/languages")
    assert "Rows without a finished translation: 9." in page
    assert "“Name” of x: this item does not exist in this project." in page
    text = ContentItem.rows.get(main=item, language="de")
    assert (text.generated_content["name"], text.status) == ("Wanderflasche", "generated")
    doubted = file.replace("msgctxt", "#, fuzzy\nmsgctxt").replace(
        'msgstr "Wanderflasche"', 'msgstr "Wanderflasche!"', 1
    )
    doubted = "\n".join(line for line in doubted.splitlines() if "target-hash" not in line)
    page = desk.owner.post(
        root, {"language": "de", "format": "po", "file": SimpleUploadedFile("de.po", doubted.encode())}, 200
    )
    assert "Rows to check: " in page
    assert "it is marked unfinished and the file does not show what was exported." in page
    desk.owner.post(root, {"language": "de", "format": "po"}, 400)
    desk.owner.get(f"{root}/file?language=xx", 400)


def test_without_texts_to_review_the_page_leads_to_the_missing_ones(desk: Any) -> None:
    ContentItem.objects.filter(pk=desk.clean[0].pk).update(status="approved", generated_content=CLEAN)
    lifecycle.update(project=desk.project, changes={"settings": {**desk.project.settings, "languages": ["de"]}})
    page = desk.owner.get(f"projects/{desk.project.pk}/translators")
    languages = f'href="/app/projects/{desk.project.pk}/languages">'
    assert f"{languages}Translate 1 missing text</a>" in page
    assert f'<td class="number"><a {languages}1</a></td>' in page
    assert "Review 1 text" not in page


def test_each_text_counts_in_one_state_of_its_language(desk: Any) -> None:
    """Also where an original is no longer approved, or the store has a translation of its own."""
    lifecycle.update(project=desk.project, changes={"settings": {**desk.project.settings, "languages": ["de"]}})
    originals = [
        make_item(desk.project, status=status, generated_content=CLEAN)
        for status in ("approved", "synced", "generated", "approved", "approved", "approved")
    ]
    statuses = ("approved", "generated", "synced", "rejected", "pending")
    for item, status in zip(originals, statuses, strict=False):
        view = {"name": "Die eigene"} if status == "pending" else None
        make_language_text(item, "de", status=status, generated_content={} if view else CLEAN, view_data=view)
    page = desk.owner.get(f"projects/{desk.project.pk}/translators")
    cells = re.findall(r'<td class="number">(.*?)</td>', page)
    assert [re.sub("<[^>]+>", "", cell) for cell in cells] == ["2 / 5", "1", "2"]
    assert "href" not in cells[0]  # approved ones and those in the store: no list of the review has both


def test_the_page_of_a_large_file_s_job_tells_what_could_not_be_taken(desk: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(intake, "READ_AT_ONCE", 5)
    root = f"projects/{desk.project.pk}/translators"
    file = 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgctxt "x#name"\nmsgid "A"\nmsgstr "B"\n'
    desk.owner.post(root, {"language": "de", "format": "po", "file": SimpleUploadedFile("de.po", file.encode())}, 302)
    [job] = run_jobs(job_type="import")
    page = desk.owner.get(f"projects/{desk.project.pk}/jobs/{job.pk}")
    assert "Rows that could not be imported: 1" in page
    assert "“Name” of x: this item does not exist in this project." in page
