"""Pictures of posts over the API: uploaded, from stock, generated, and gone without a trace."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings as settings_of_django
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from billing.models import ImagePrice, UsageRecord, Wallet
from blog import post_images
from blog.models import BlogImage, BlogPost
from scribe import storage
from tests.blog import pictures
from tests.fakes.models import Behaviour
from tests.fakes.openai import OpenAI
from tests.fakes.pexels import Pexels
from tests.fakes.server import Reply
from tests.helpers import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def path(post: BlogPost, tail: str = "") -> str:
    return f"projects/{post.project_id}/blog-posts/{post.pk}/images{tail}"


@pytest.fixture
def owner(api: Any, cast: Any) -> Any:
    return api.as_(cast.owner)


def file(data: bytes, name: str = "photo.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data, kind)}


def stored_files(organization: Any) -> list[str]:
    return list(storage.below(f"organizations/{organization.pk}/images"))


def test_an_upload_is_re_encoded_and_public(owner: Any, api: Any, cast: Any, make_post: Any) -> None:
    post = make_post()
    made = owner.upload(path(post, "/upload?alt_text=A green bottle"), file(pictures.turned(6, 1800, 1200)))
    assert (made["width"], made["height"], made["source"], made["alt_text"]) == (1200, 1800, "upload", "A green bottle")
    assert set(made["variants"]["webp"]) == set(made["variants"]["jpeg"]) == {"320", "640", "1024"}
    key = made["variants"]["jpeg"]["320"].split("/api/v1/files/")[1]
    data = api.get(f"files/{key}")
    image = Image.open(io.BytesIO(data))
    assert image.size == (320, 480)
    assert not image.getexif()
    assert "max-age" in api.last["Cache-Control"]
    assert owner.get(path(post))[0]["id"] == made["id"]
    assert made["file_size"] == storage.size(made["s3_key"])


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (pictures.SVG, 415, "image_type_not_supported"),
        (b"", 400, "image_broken"),
        (pictures.picture()[:3000], 400, "image_broken"),
        (pictures.png_bomb(20_000, 20_000), 413, "image_has_too_many_pixels"),
        (pictures.picture() + b"PK\x05\x06" + b"\x00" * 18, 400, "image_has_foreign_data"),
        (b"\xff\xd8\xff" + b"\x00" * (15 * 1024 * 1024), 413, "image_too_large"),
    ],
)
def test_a_bad_upload_leaves_nothing(
    owner: Any, cast: Any, make_post: Any, data: bytes, status: int, code: str
) -> None:
    post = make_post()
    assert owner.upload(path(post, "/upload"), file(data), status=status)["code"] == code
    assert not BlogImage.objects.exists()
    assert stored_files(cast.organization) == []


def test_an_upload_without_a_file_is_400(owner: Any, make_post: Any) -> None:
    owner.upload(path(make_post(), "/upload"), {}, status=400)


def test_deleting_removes_every_file(owner: Any, cast: Any, make_post: Any) -> None:
    post = make_post()
    first = owner.upload(path(post, "/upload"), file(pictures.picture()))
    second = owner.upload(path(post, "/upload"), file(pictures.picture(500, 400)))
    owner.patch(f"projects/{post.project_id}/blog-posts/{post.pk}", {"featured_image_url": first["url"]})
    owner.delete(path(post, f"/{first['id']}"))
    post.refresh_from_db()
    assert post.featured_image_url == ""
    assert len(stored_files(cast.organization)) == 1 + len(second["variants"]["webp"]) * 2
    owner.delete(f"projects/{post.project_id}/blog-posts/{post.pk}")
    assert stored_files(cast.organization) == []


def test_a_deleted_image_is_no_featured_one_in_any_width_and_does_not_come_back(owner: Any, make_post: Any) -> None:
    post = make_post(
        status="published",
        wp_post_id=7,
        selected_images=[{"url": "https://a.example/1"}, {"url": "https://a.example/2"}],
    )
    image = post_images.add(post=post, data=pictures.picture(), source="upload", original_url="https://a.example/1")
    address = f"projects/{post.project_id}/blog-posts/{post.pk}"
    owner.patch(address, {"featured_image_url": image.variants["jpeg"]["640"]})
    BlogPost.objects.update(unpublished_changes=False)
    owner.delete(path(post, f"/{image.pk}"))
    post.refresh_from_db()
    assert (post.featured_image_url, post.unpublished_changes) == ("", True)
    assert [one["url"] for one in post.selected_images] == ["https://a.example/2"]


def test_alternative_texts_can_be_changed_and_strangers_find_nothing(
    owner: Any, api: Any, cast: Any, make_post: Any
) -> None:
    post = make_post()
    made = owner.upload(path(post, "/upload"), file(pictures.picture(400, 300)))
    assert owner.patch(path(post, f"/{made['id']}"), {"alt_text": "New"})["alt_text"] == "New"
    api.as_(cast.stranger).delete(path(post, f"/{made['id']}"), status=404)
    other = make_post()
    owner.delete(path(other, f"/{made['id']}"), status=404)


@pytest.fixture
def pexels(settings: Any) -> Any:
    with Pexels(picture=pictures.picture(1700, 1100)) as fake:
        settings.PEXELS_API_URL = fake.url
        settings.PEXELS_API_KEY = fake.key
        yield fake


def test_a_stock_photo_is_taken_over_with_its_credit(owner: Any, make_post: Any, pexels: Any) -> None:
    post = make_post()
    body = {
        "photo_url": pexels.address(7),
        "alt_text": "A lake",
        "photographer": "Ana",
        "original_url": "https://www.pexels.com/photo/7/",
    }
    owner.post(path(post, "/from-stock"), body, status=504)  # no worker in this process: the wait ends at once
    assert not BlogImage.objects.exists()
    from blog import image_jobs

    job = image_jobs.from_stock(post=post, by=None, **body)
    run_jobs()
    job.refresh_from_db()
    from blog.api.views.images import render

    reply = render(job)
    assert reply.status_code == 201
    assert reply.data["source"] == "pexels"
    assert reply.data["original_url"] == "https://www.pexels.com/photo/7/"
    assert reply.data["photographer"] == "Ana"
    assert "pexels.com/license" in reply.data["license"]
    assert reply.data["variants"]["webp"]["1600"]


@pytest.mark.parametrize(
    "url",
    [
        "https://images.pexels.com.evil.example/a.jpg",
        "http://images.pexels.com/a.jpg",
        "https://images.pexels.com@evil.example/a.jpg",
        "https://evil.example/images.pexels.com",
        "https://images.pexels.com:8443/a.jpg",
        "https://api.pexels.com/a.jpg",
        "file:///etc/passwd",
    ],
)
def test_stock_photos_come_from_their_host_only(owner: Any, make_post: Any, url: str) -> None:
    problem = owner.post(path(make_post(), "/from-stock"), {"photo_url": url}, status=400)
    assert problem["code"] == "host_not_allowed"


def test_a_dead_stock_photo_stores_nothing(owner: Any, cast: Any, make_post: Any, pexels: Any) -> None:
    from blog import image_jobs
    from blog.api.views.images import render
    from scribe.errors import UnsupportedMedia

    pexels.picture = b"<html>not a picture</html>"
    job = image_jobs.from_stock(post=make_post(), by=None, photo_url=pexels.address(1))
    run_jobs()
    job.refresh_from_db()
    with pytest.raises(UnsupportedMedia):
        render(job)
    assert stored_files(cast.organization) == []


def test_a_generated_image_is_charged_once_and_kept(owner: Any, cast: Any, make_post: Any, settings: Any) -> None:
    from blog import image_jobs

    post = make_post()
    before = Wallet.objects.get(organization=cast.organization).available
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"{fake.url}/v1", "key"
        job = image_jobs.by_model(
            post=post, by=cast.owner, prompt="A bottle on a rock", size="1792x1024", quality="standard"
        )
        run_jobs()
    job.refresh_from_db()
    assert job.status == "completed", job.error
    image = BlogImage.objects.get(post=post)
    assert (image.source, image.alt_text) == ("ai", "A bottle on a rock")
    record = UsageRecord.objects.get(job_id=job.pk)
    wallet = Wallet.objects.get(organization=cast.organization)
    assert before - wallet.available == record.xct > 0
    assert wallet.held == 0
    post.refresh_from_db()
    assert post.xct_used == record.xct


@pytest.mark.parametrize("quality", ["auto", " HIGH "])
def test_the_quality_that_is_made_is_the_one_that_is_priced(
    owner: Any, cast: Any, make_post: Any, settings: Any, quality: str
) -> None:
    from blog import image_jobs

    post = make_post()
    ImagePrice.objects.create(quality="medium", xct=Decimal(21))
    ImagePrice.objects.create(quality="high", xct=Decimal(31))
    with OpenAI() as fake:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"{fake.url}/v1", "key"
        job = image_jobs.by_model(post=post, by=cast.owner, prompt="A bottle", quality=quality)
        run_jobs()
        [made] = fake.pictures
    charged = UsageRecord.objects.get(job_id=job.pk).xct
    assert (made["quality"], charged) == {"auto": ("medium", 21), " HIGH ": ("high", 31)}[quality]


def test_a_failing_image_model_stores_and_charges_nothing(cast: Any, make_post: Any, settings: Any) -> None:
    from blog import image_jobs

    before = Wallet.objects.get(organization=cast.organization).available
    with OpenAI() as fake:
        fake.default = "401"
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"{fake.url}/v1", "key"
        job = image_jobs.by_model(post=make_post(), by=cast.owner, prompt="A bottle")
        run_jobs()
    job.refresh_from_db()
    assert job.status == "failed"
    assert Wallet.objects.get(organization=cast.organization).available == before
    assert not BlogImage.objects.exists()
    assert stored_files(cast.organization) == []


@pytest.mark.parametrize("what", ["image", "alt text"])
@pytest.mark.parametrize(
    ("behaviour", "status", "wait"),
    [("401", 502, None), (Behaviour("429", retry_after=90), 502, 90), (Behaviour("503", retry_after=120), 502, 120)],
)
def test_a_failing_provider_is_an_upstream_error_with_its_name_and_its_wait(
    cast: Any, make_post: Any, settings: Any, what: str, behaviour: Any, status: int, wait: float | None
) -> None:
    from blog import alt_texts, image_jobs
    from blog.api.views import images
    from blog.post_images import add
    from scribe.errors import DomainError

    settings.DEFAULT_AI_PROVIDER = "openai"
    with OpenAI() as fake:
        fake.default = behaviour
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = f"{fake.url}/v1", "key"
        post = make_post()
        if what == "image":
            job = image_jobs.by_model(post=post, by=cast.owner, prompt="A bottle")
            render = images.render
        else:
            image = add(post=post, data=pictures.picture(), source="upload", product_name="Bottle")
            job = alt_texts.suggest(image=image, post=post, by=cast.owner)
            render = images.render_alt_text
        run_jobs()
    job.refresh_from_db()
    with pytest.raises(DomainError) as problem:
        render(job)
    error = problem.value
    assert (error.status, error.code, error.extra["party"]) == (status, "upstream_error", "openai")
    assert error.extra["reason"] == job.error_code
    assert error.retry_after == wait
    assert Wallet.objects.get(organization=cast.organization).held == 0


def test_image_generation_without_a_key_is_503_and_odd_sizes_are_400(owner: Any, make_post: Any, settings: Any) -> None:
    post = make_post()
    settings.OPENAI_API_KEY = ""
    assert (
        owner.post(path(post, "/ai-generate"), {"prompt": "x"}, status=503)["code"] == "image_generation_not_configured"
    )
    assert owner.post(path(post, "/ai-generate"), {"prompt": "x", "size": "7x7"}, status=400)["code"] == "unknown_size"
    owner.post(path(post, "/ai-generate"), {}, status=400)


def test_stock_search_uses_the_own_key_first_and_caches(
    owner: Any, api: Any, cast: Any, pexels: Any, settings: Any
) -> None:
    found = owner._send(
        "get", "stock-photos/search", 200, data={"q": "Lake", "per_page": 3, "orientation": "landscape"}
    )
    assert (found["total_results"], found["page"], found["per_page"], len(found["photos"])) == (45, 1, 3, 3)
    assert found["photos"][1]["alt"] == ""
    asked = len(pexels.requests)
    owner._send("get", "stock-photos/search", 200, data={"q": " lake ", "per_page": 3, "orientation": "landscape"})
    assert len(pexels.requests) == asked

    settings.PEXELS_API_KEY = "not-the-key"
    assert owner._send("get", "stock-photos/search", 502, data={"q": "sea"})["code"] == "upstream_error"
    key = owner.post("stock-photo-keys", {"provider": "pexels", "api_key": pexels.key}, status=201)
    assert pexels.key not in str(key)
    owner._send("get", "stock-photos/search", 200, data={"q": "sea"})
    owner.patch(f"stock-photo-keys/{key['id']}", {"is_active": False})
    owner._send("get", "stock-photos/search", 502, data={"q": "hill"})
    owner.post("stock-photo-keys", {"api_key": "x"}, status=409)
    api.as_(cast.stranger).patch(f"stock-photo-keys/{key['id']}", {"is_active": True}, status=404)
    api.as_(cast.teammate).delete(f"stock-photo-keys/{key['id']}", status=403)
    owner.delete(f"stock-photo-keys/{key['id']}")


def test_stock_search_says_when_it_is_not_there(owner: Any, settings: Any, pexels: Any) -> None:
    pexels.next_replies = [Reply(429, b"", {"Retry-After": "120"})]
    owner._send("get", "stock-photos/search", 502, data={"q": "sea"})
    assert owner.last["Retry-After"] == "120"
    for bad in ({"q": ""}, {}, {"q": "x", "per_page": 81}, {"q": "x", "page": 0}, {"q": "x", "orientation": "round"}):
        owner._send("get", "stock-photos/search", 400, data=bad)
    settings.PEXELS_API_KEY = ""
    assert owner._send("get", "stock-photos/search", 503, data={"q": "x"})["code"] == "stock_photos_not_configured"


def test_prices_of_images_are_rows(cast: Any) -> None:
    from billing import prices

    assert prices.image(cast.organization, size="1024x1024", quality="medium") > Decimal(0)


def test_a_deleted_project_takes_its_pictures_along(owner: Any, cast: Any, make_post: Any) -> None:
    post = make_post()
    owner.upload(path(post, "/upload"), file(pictures.picture()))
    assert stored_files(cast.organization)
    owner.delete(f"projects/{post.project_id}")
    assert stored_files(cast.organization), "the trash keeps everything"
    owner.delete(f"projects/{post.project_id}/permanent")
    assert stored_files(cast.organization) == []


@pytest.mark.thorough
def test_a_model_that_sees_suggests_an_alternative_text(cast: Any, make_post: Any, settings: Any) -> None:
    from blog import alt_texts
    from blog.api.views.images import render_alt_text
    from blog.post_images import add
    from tests.fakes.anthropic import Anthropic

    post = make_post()
    image = add(post=post, data=pictures.picture(), source="upload", product_name="Trail Bottle")
    with Anthropic() as fake:
        settings.ANTHROPIC_BASE_URL, settings.ANTHROPIC_API_KEY = fake.url, "key"
        settings.DEFAULT_AI_PROVIDER = "anthropic"
        job = alt_texts.suggest(image=image, post=post, by=cast.owner)
        run_jobs()
        assert fake.seen[0].images == 1, "the model looked at the picture"
    job.refresh_from_db()
    reply = render_alt_text(job)
    assert "Trail Bottle" in reply.data["alt_text"]
    image.refresh_from_db()
    assert image.alt_text == "", "a suggestion stores nothing"
    record = UsageRecord.objects.get(job_id=job.pk)
    assert Decimal(reply.data["xct_used"]) == record.xct > 0
    assert Wallet.objects.get(organization=cast.organization).held == 0


def test_the_built_in_writer_suggests_from_what_is_known(owner: Any, cast: Any, make_post: Any) -> None:
    from blog import alt_texts
    from blog.post_images import add

    post = make_post()
    image = add(post=post, data=pictures.picture(), source="upload", product_name="Trail Bottle")
    job = alt_texts.suggest(image=image, post=post, by=cast.owner)
    run_jobs()
    job.refresh_from_db()
    assert "Trail Bottle" in job.result["alt_text"]
    owner.post(path(post, "/nonsense/alt-text"), status=404)


def test_a_deleted_image_is_taken_out_of_the_texts(owner: Any, make_post: Any) -> None:
    post = make_post(status="published", wp_post_id=7)
    image = post_images.add(post=post, data=pictures.picture(), source="upload")
    other = post_images.add(post=post, data=pictures.picture(500, 400), source="upload")
    narrow, path_alone = image.variants["webp"]["640"], image.url.removeprefix(settings_of_django.PUBLIC_URL)
    kept = f'<figure><img src="{other.url}" alt="&lt;b&gt;"><figcaption>Stays</figcaption></figure>'
    text = (
        f'<p>One <img src="{path_alone}" alt="a"> two.</p>{kept}'
        f'<figure><img alt="b" src="{narrow}"><figcaption>Goes</figcaption></figure><p>End.</p>'
    )
    owner.patch(f"projects/{post.project_id}/blog-posts/{post.pk}", {"content": text})
    post.refresh_from_db()
    translation = make_post(project=post.project, original=post, language="de", content=post.content)
    BlogPost.objects.update(unpublished_changes=False)
    owner.delete(path(post, f"/{image.pk}"))
    for one in (post, translation):
        one.refresh_from_db()
        assert one.content == f"<p>One  two.</p>{kept}<p>End.</p>"
    assert (post.unpublished_changes, translation.unpublished_changes) == (True, False)
