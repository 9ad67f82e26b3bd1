"""A process that dies between a deed's commit and its answer: the repeat does no deed twice, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import api_keys
from accounts.models import MailMessage
from billing import exchange_rates
from billing.models import Checkout, Entry, ExchangeRate, Invoice, InvoiceCounter, Wallet
from blog.models import BlogImage, BlogPost, StockPhotoKey
from integrations.models import BlogConnection, StoreConnection
from projects.models import ContentItem, DataSource, PluginGeneration, Project
from scribe.models import AuditEntry, Job
from studio.models import AuditedProduct, StoreAudit, StudioComment, StudioRequest
from tests.billing.sellers import PROVIDERS
from tests.billing.shop import open_shop
from tests.blog.pictures import picture
from tests.catalog.files import samples
from tests.factories import BILLING_DETAILS, make_item, make_project
from tests.scribe import killed

pytestmark = pytest.mark.django_db
SITE = "https://shop.example.com"


@pytest.fixture(autouse=True)
def deployment(settings: Any) -> Any:
    settings.OPENAI_API_KEY, settings.DEFAULT_AI_PROVIDER = "sk-test", "openai"
    settings.SELLER_NAME, settings.SELLER_ADDRESS, settings.SELLER_CITY = "Primer d.o.o.", "Kneza Miloša 10", "Beograd"
    settings.SELLER_PIB, settings.SELLER_MB = "101134702", "17335600"
    settings.SELLER_ACCOUNT = "310-1234567891211-86"
    ExchangeRate.objects.create(
        date=exchange_rates.today(), rate=Decimal("117.1837"), list_number="226", source=ExchangeRate.Source.NBS
    )


@dataclass
class Scene:
    """An organization that may do everything, and what the deeds need."""

    cast: Any
    project: Project
    item: ContentItem
    source: DataSource
    post: BlogPost

    @property
    def below(self) -> str:
        return f"projects/{self.project.pk}"


@pytest.fixture
def scene(cast: Any) -> Scene:
    for name, value in BILLING_DETAILS.items():
        setattr(cast.organization, name, value)
    cast.organization.save()
    Wallet.objects.filter(organization=cast.organization).update(plan_id="business")
    project = make_project(cast.organization)
    source = DataSource.objects.create(
        organization=cast.organization, project=project, type=DataSource.Type.MANUAL, name="By hand"
    )
    post = BlogPost.objects.create(
        organization=cast.organization, project=project, title="A bottle", topic="Bottles", content="<p>Cold.</p>"
    )
    return Scene(cast, project, make_item(project, data_source=source), source, post)


@dataclass
class Deed:
    """`path` and `body` of a POST, of which `count` rows tell how often it was done; `by` whom. An `upload` is a form."""

    path: Callable[[Scene], str]
    count: Callable[[], int]
    body: Callable[[Scene], Any] = lambda scene: {}
    by: str = "owner"
    upload: bool = False


def rows(model: Any, **which: Any) -> Callable[[], int]:
    return lambda: int(model.objects.filter(**which).count())


def request_of(scene: Scene) -> str:
    row = StudioRequest.objects.create(
        organization=scene.cast.organization, user=scene.cast.owner, description="Write our catalogue"
    )
    return f"studio-requests/{row.pk}/comments"


def audit_of(scene: Scene) -> str:
    audit = StoreAudit.objects.create(
        organization=scene.cast.organization, project=scene.project, status="completed", completed_at=timezone.now()
    )
    AuditedProduct.objects.create(
        organization=scene.cast.organization,
        audit=audit,
        content_item=scene.item,
        position=0,
        issues=["missing_description"],
    )
    return f"studio/store-audit/{audit.pk}/create-fix-project"


def invitation_of(api: Any, scene: Scene) -> str:
    made = api.as_(scene.cast.owner).post("invitations", {"email": "ana@example.com", "role": "member"}, status=201)
    MailMessage.objects.all().delete()
    return str(made["id"])


WHOLE = {
    "user": Deed(
        lambda s: "users",
        rows(MailMessage, template="welcome"),
        lambda s: {"email": "new@example.com", "password": "correct horse 9 battery"},
    ),
    "top-up by staff": Deed(
        lambda s: f"billing/topup?organization_id={s.cast.organization.pk}",
        rows(Entry, transaction_type=Entry.Type.TOPUP),
        lambda s: {"amount": "10"},
        by="staff",
    ),
    "adjustment": Deed(
        lambda s: f"billing/adjustment?organization_id={s.cast.organization.pk}",
        rows(Entry, transaction_type=Entry.Type.ADJUSTMENT),
        lambda s: {"amount": "10", "balance_type": "topup"},
        by="staff",
    ),
    "cycle reset": Deed(
        lambda s: f"billing/reset-cycle?organization_id={s.cast.organization.pk}",
        rows(AuditEntry, action="cycle.reset"),
        by="staff",
    ),
    "invoice for packs": Deed(lambda s: "billing/invoices/topup", rows(Invoice), lambda s: {"xct_packs": 1}),
    "invoice for a plan": Deed(
        lambda s: "billing/invoices/upgrade", rows(Invoice), lambda s: {"tier": "starter", "billing_period": "monthly"}
    ),
    "stock photo key": Deed(lambda s: "stock-photo-keys", rows(StockPhotoKey), lambda s: {"api_key": "k"}),
    "manual source": Deed(lambda s: f"{s.below}/sources/manual", rows(DataSource), lambda s: {"name": "More"}),
    "items": Deed(
        lambda s: f"{s.below}/sources/{s.source.pk}/items",
        rows(ContentItem),
        lambda s: {"items": [{"source_data": {"name": "Mug"}}]},
    ),
    "post": Deed(
        lambda s: f"{s.below}/blog-posts",
        lambda: BlogPost.objects.count() + Job.objects.count(),
        lambda s: {"topic": "Keeping drinks cold"},
    ),
    "post anew": Deed(lambda s: f"{s.below}/blog-posts/{s.post.pk}/regenerate", rows(Job)),
    "plugin's text": Deed(
        lambda s: "plugin/generate-description-async",
        rows(PluginGeneration),
        lambda s: {"source": "woocommerce", "product_title": "Wool Socks"},
        by="plugin",
    ),
    "plugin's post": Deed(
        lambda s: "plugin/generate-blog-async",
        rows(PluginGeneration),
        lambda s: {"source": "woocommerce", "topic": "Wool"},
        by="plugin",
    ),
    "studio request": Deed(lambda s: "studio-requests", rows(StudioRequest), lambda s: {"description": "Write it"}),
    "studio comment": Deed(request_of, rows(StudioComment), lambda s: {"content": "When?"}),
    "audit": Deed(lambda s: "studio/store-audit/run", rows(StoreAudit), lambda s: {"project_id": str(s.project.pk)}),
    "fix project": Deed(audit_of, rows(Project), lambda s: {"issue_type": "missing_description"}),
}


# Deeds that look up names of hosts first. No transaction is open meanwhile; the answer is kept in the last one.
KEPT = {
    "store connection": Deed(
        lambda s: "store-connections",
        rows(StoreConnection),
        lambda s: {
            "name": "Shop",
            "platform": "woocommerce",
            "base_url": SITE,
            "consumer_key": "ck_1",
            "consumer_secret": "cs_1",
        },
    ),
    "blog connection": Deed(
        lambda s: "blog-connections",
        rows(BlogConnection),
        lambda s: {"name": "Site", "site_url": SITE, "username": "ana", "app_password": "x x x"},
    ),
}


def caller_of(api: Any, scene: Scene, deed: Deed) -> Any:
    keyed = {"Idempotency_Key": "k1"}
    if deed.by == "plugin":
        _, raw = api_keys.create(organization=scene.cast.organization, by=scene.cast.owner, name="Shop")
        return api.with_(X_API_Key=raw, **keyed)
    return api.as_(getattr(scene.cast, deed.by)).with_(**keyed)


def send(caller: Any, path: str, body: Any, upload: bool = False) -> Any:
    """The status of a POST, and what it says."""
    more = {"data": body} if upload else {"data": body, "content_type": "application/json"}
    reply = caller.client.post(f"/api/v1/{path}", headers=caller.headers, **more)
    return reply.status_code, reply.json()


@pytest.mark.parametrize("name", WHOLE)
def test_a_deed_of_one_transaction_and_its_answer_are_one(api: Any, scene: Scene, name: str) -> None:
    deed = WHOLE[name]
    caller, path, body = caller_of(api, scene, deed), deed.path(scene), deed.body(scene)
    before = deed.count()
    killed.before_the_answer(lambda: send(caller, path, body))
    assert deed.count() == before  # the deed went with its answer
    status, first = send(caller, path, body)
    assert status in (200, 201, 202), first
    done = deed.count()
    assert done > before
    assert send(caller, path, body) == (status, first)
    assert deed.count() == done


@pytest.mark.parametrize("name", KEPT)
def test_a_connection_is_kept_with_its_answer(api: Any, scene: Scene, name: str) -> None:
    deed = KEPT[name]
    caller, path, body = caller_of(api, scene, deed), deed.path(scene), deed.body(scene)
    before = deed.count()
    killed.before_the_answer(lambda: send(caller, path, body))
    assert deed.count() == before + 1
    assert send(caller, path, body)[0] == 201
    assert deed.count() == before + 1


def test_an_invitation_is_mailed_again_once(api: Any, scene: Scene) -> None:
    caller = api.as_(scene.cast.owner).with_(Idempotency_Key="k1")
    path = f"invitations/{invitation_of(api, scene)}/resend"
    killed.before_the_answer(lambda: send(caller, path, {}))
    assert not MailMessage.objects.exists()
    assert send(caller, path, {})[0] == 200
    assert MailMessage.objects.count() == 1


def test_a_number_is_given_back_with_its_invoice(api: Any, scene: Scene) -> None:
    caller = api.as_(scene.cast.owner).with_(Idempotency_Key="k1")
    killed.before_the_answer(lambda: send(caller, "billing/invoices/topup", {"xct_packs": 1}))
    assert not InvoiceCounter.objects.filter(last__gt=0).exists()


@pytest.mark.parametrize(
    ("tail", "body"),
    [
        ("generate", {}),
        ("regenerate", {}),
        ("jobs", {"job_type": "generation"}),
        ("blog-posts/{post}/images/ai-generate", {"prompt": "A bottle"}),
    ],
)
def test_the_job_that_was_begun_is_named(api: Any, scene: Scene, tail: str, body: Any) -> None:
    caller = api.as_(scene.cast.owner).with_(Idempotency_Key="k1")
    path = f"{scene.below}/{tail.format(post=scene.post.pk)}"
    killed.before_the_answer(lambda: send(caller, path, body))
    job = Job.objects.get()
    Job.objects.update(status="completed", completed_at=timezone.now())  # else another rule would hold the repeat
    status, told = send(caller, path, body)
    assert (status, told["code"], told["job_id"]) == (409, "idempotency_answer_lost", str(job.pk))
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("tail", "name", "data", "model"),
    [
        ("sources/file", "export.csv", samples.WOO_CP1250, DataSource),
        ("blog-posts/{post}/images/upload", "photo.jpg", picture(800, 600), BlogImage),
    ],
    ids=["source", "picture"],
)
def test_a_file_is_kept_with_its_answer(api: Any, scene: Scene, tail: str, name: str, data: bytes, model: Any) -> None:
    caller = api.as_(scene.cast.owner).with_(Idempotency_Key="k1")
    path = f"{scene.below}/{tail.format(post=scene.post.pk)}"
    before = model.objects.count()

    def post() -> Any:
        return send(caller, path, {"file": SimpleUploadedFile(name, data)}, upload=True)

    killed.before_the_answer(post)
    assert model.objects.count() == before + 1
    status, again = post()
    assert status == 201
    assert again["id"] == str(model.objects.order_by("-created_at")[0].pk)
    assert model.objects.count() == before + 1


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("path", "body"),
    [("checkout", {"tier": "starter", "billing_period": "monthly"}), ("topup-checkout", {"packs": 2})],
)
def test_a_checkout_is_kept_with_its_answer(
    api: Any, scene: Scene, settings: Any, provider: str, path: str, body: Any
) -> None:
    settings.PAYMENT_PROVIDER = provider
    caller = api.as_(scene.cast.owner).with_(Idempotency_Key="k1")
    with open_shop():
        killed.before_the_answer(lambda: send(caller, f"billing/{path}", body))
        made = Checkout.objects.get()
        status, again = send(caller, f"billing/{path}", body)
    assert status == 200
    assert again["transaction_id"] in (None, made.external_id)
    assert again["checkout_url"]
    assert Checkout.objects.count() == 1
