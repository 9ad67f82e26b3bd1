"""The pixel and the click of outreach mails."""

from __future__ import annotations

import pytest

from integrations.models import Prospect

pytestmark = pytest.mark.django_db
BROWSER = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"}


@pytest.fixture
def prospect(settings):
    settings.OUTREACH_ALLOWED_HOSTS = ["shop.example", "beta.example:8443"]
    settings.FRONTEND_URL = "https://app.example"
    return Prospect.objects.create(name="Ana", email="ana@example.com", website="https://ana-shop.example/start")


def open_pixel(client, prospect_id, **headers):
    return client.get(f"/api/v1/outreach/track/open/{prospect_id}.png", headers={**BROWSER, **headers})


def click(client, prospect_id, url, **headers):
    return client.get(f"/api/v1/outreach/track/click/{prospect_id}", {"url": url}, headers={**BROWSER, **headers})


def test_an_open_is_counted_once_in_half_an_hour(client, prospect):
    first = open_pixel(client, prospect.pk)
    assert first.status_code == 200
    assert first["Content-Type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    assert "no-store" in first["Cache-Control"]
    open_pixel(client, prospect.pk)
    prospect.refresh_from_db()
    assert prospect.open_count == 1
    assert prospect.first_opened_at is not None


@pytest.mark.parametrize("unknown", ["0193a5b0-7c1e-7000-8000-000000000001", "nonsense", "..", "a%20b"])
def test_unknown_ids_get_the_pixel_too(client, db, unknown):
    response = open_pixel(client, unknown)
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": "Barracuda Sentinel"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_machines_are_not_counted(client, prospect, headers):
    assert open_pixel(client, prospect.pk, **headers).status_code == 200
    assert click(client, prospect.pk, "https://shop.example/", **headers).status_code == 302
    prospect.refresh_from_db()
    assert (prospect.open_count, prospect.click_count) == (0, 0)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/",
        "https://SHOP.example/path?utm_source=mail&x=1#top",
        "http://shop.example:80/a",
        "https://beta.example:8443/x",
        "https://app.example/register",
        "https://ana-shop.example/product",
    ],
)
def test_a_click_leads_to_allowed_places(client, prospect, url):
    response = click(client, prospect.pk, url)
    assert (response.status_code, response["Location"]) == (302, url)
    prospect.refresh_from_db()
    assert (prospect.click_count, prospect.last_clicked_url) == (1, url)


def test_repeated_clicks_count_once(client, prospect):
    for _ in range(3):
        click(client, prospect.pk, "https://shop.example/")
    click(client, prospect.pk, "https://shop.example/other")
    prospect.refresh_from_db()
    assert prospect.click_count == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "/relative",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https:shop.example",
        "https:///evil.example",
        "https://shop.example@evil.example/",
        "https://evil.example@shop.example/",
        "https://user:pass@shop.example/",
        "https://shop.example.evil.example/",
        "https://evilshop.example/",
        "https://sub.shop.example/",
        "https://shop.example:444/",
        "https://shop.example:/",
        "https://beta.example/",
        "https://shop.example./",
        "https://shop.example\\@evil.example/",
        "https://evil.example\\.shop.example/",
        "https:\\\\evil.example",
        "https://evil.example#@shop.example/",
        "https://evil.example?@shop.example/",
        "https://shоp.example/",  # a Cyrillic o
        "https://xn--shp-fed.example/",
        "https://shop.example/?next=https://evil.example",
        "https://shop.example/?next=https%3A%2F%2Fevil.example",
        "https://shop.example/?next=https%253A%252F%252Fevil.example",
        "https://shop.example/?next=//evil.example",
        "https://shop.example//evil.example/",
        "https://shop.example/%2F/evil.example",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https://shop.example/%0d%0aSet-Cookie:a=b",
        "https://shop.example/\tx",
        " https://shop.example/",
        "https://shop.example /",
        "https://[::1]/",
        "https://127.0.0.1/",
        "https://" + "a" * 3000,
        "",
    ],
)
def test_open_redirects_are_refused(client, prospect, url):
    response = click(client, prospect.pk, url)
    assert response.status_code == 400, url
    assert "Location" not in response
    prospect.refresh_from_db()
    assert prospect.click_count == 0


def test_without_a_url_or_for_another_prospects_site_it_is_400(client, prospect):
    assert client.get(f"/api/v1/outreach/track/click/{prospect.pk}", headers=BROWSER).status_code == 400
    other = Prospect.objects.create(name="Bo", email="bo@example.com", website="https://bo.example")
    assert click(client, other.pk, "https://ana-shop.example/").status_code == 400
    assert click(client, "nonsense", "https://shop.example/").status_code == 302
