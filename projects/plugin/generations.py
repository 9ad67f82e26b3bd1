"""Generations for a shop's plugin: one text at a time, with the same engine, holds and checks as all others.

One project per source holds the items. The jobs themselves carry no project, so that a shop can have many products written
at once.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import ApiKey
from billing.access import check_can_spend
from billing.models import Wallet
from integrations.stores import platforms
from projects.generation import job as items_job
from projects.models import ContentItem, ContentProfile, GenerationItem, PluginGeneration, Project
from projects.plugin import items
from projects.staleness import NATIVE
from projects.writing_settings import resolve
from scribe import chosen_projects
from scribe.api.fields import decimal
from scribe.ids import parse
from scribe.types import Json
from writing.checks.report import VERIFICATION
from writing.disclosure import Disclosure
from writing.settings import further as further_languages

ACTIVE_DAYS = 30
NOTHING = Decimal("0.0000")  # XCT


def status(key: ApiKey) -> Json:
    """The status that a plugin shows once it is connected."""
    wallet = Wallet.objects.select_related("plan").get(organization_id=key.organization_id)
    since = timezone.now() - timedelta(days=ACTIVE_DAYS)
    used = PluginGeneration.objects.visible_to(key).filter(created_at__gte=since)
    return {
        "plan_tier": wallet.plan_id,
        "total_balance": decimal(wallet.for_caller().total_balance),
        "active_integrations": sorted(set(used.values_list("source", flat=True))),
        "is_test": key.is_test,
    }


def project_of(*, key: ApiKey, source: str) -> Project:
    """The project of the plugin at `source`, made on first use. Test keys have one of their own. Raises Forbidden
    `limited_to_projects`."""
    organization = key.organization
    known = Project.objects.visible_to(key).kept().filter(plugin_source=source)
    if (found := known.select_related("organization", "content_profile", "store_connection").first()) is not None:
        return found
    chosen_projects.check_may_add(key)
    try:
        with transaction.atomic():
            return Project.objects.create(
                organization=organization,
                name=f"{platforms.get(source).name} plugin" + (" (test)" if key.is_test else ""),
                is_test=key.is_test,
                platform=source,
                plugin_source=source,
                content_profile=ContentProfile.objects.of(organization).filter(is_default=True).first(),
            )
    except IntegrityError:  # of two first calls at once, the unique constraint refused this one
        return known.get()


@transaction.atomic
def start_description(*, key: ApiKey, source: str, request: Json) -> PluginGeneration:
    """An item in the plugin's project, and the job that writes it, with its quoted maximum set aside.

    `request`: `product_title`, and optionally `external_id product_category product_attributes product_images
    current_description language languages tone custom_instructions`. Raises InvalidInput for invalid settings,
    InsufficientXCT, and Conflict as `items.take`.
    """
    return start_batch(key=key, source=source, request=request, products=[request])[0]


@transaction.atomic
def start_batch(*, key: ApiKey, source: str, request: Json, products: list[Json]) -> list[PluginGeneration]:
    """Items for `products`, and one job that writes them all, with one quoted maximum set aside. All or nothing.

    `request` has the settings that count for all of them. Texts in its further `languages` are written from the same facts,
    since nobody has approved a text yet that could be translated. Raises as `start_description`.
    """
    check_can_spend(key.organization)
    project = project_of(key=key, source=source)
    asked = {name: request[name] for name in ("language", "tone", "custom_instructions") if request.get(name)}
    asked |= {"generate_short": True, "generate_long": True}
    settings = resolve(project, asked)
    codes = [code for code in further_languages(request) if code != settings.language]
    further = {code: resolve(project, {**asked, "language": code, "language_way": NATIVE}) for code in codes}
    taken = items.take(project, products)
    job = items_job.start_for_plugin(
        organization=key.organization,
        items=[*taken, *items.take_languages(taken, codes)],
        settings=settings,
        further=further,
    )
    return PluginGeneration.objects.bulk_create(
        PluginGeneration(
            organization_id=key.organization_id,
            kind=PluginGeneration.Kind.DESCRIPTION,
            source=source,
            api_key=key,
            project=project,
            job=job,
            item=item,
        )
        for item in taken
    )


#: The further texts of a reply, as they are before anything is written.
EMPTY: Json = {
    "external_id": "",
    "name": "",
    "bullet_points": [],
    "attributes": {},
    "tags": [],
    "seo": {},
    "structured_data": None,
    "images": [],
    "checks": [],
}


@dataclass(frozen=True)
class Written:
    """The texts of a generation, and the result of their checks. `html` and `short_html` tell which of the two texts is
    HTML. `disclosure` tells that a model wrote them. `confidence_score` is 0 to 1, or None without checks. `approved`: a person has approved the text meanwhile.
    `more` holds the further texts, by the names of `EMPTY`; `spoken` the texts in further languages, by language, where they
    are not rows of the generation's item."""

    content: str = ""
    short_description: str = ""
    html: bool = True
    short_html: bool = False
    flagged: bool = False
    reasons: tuple[str, ...] = ()
    confidence_score: float | None = None
    unsupported_claims: tuple[str, ...] = ()
    approved: bool = False
    disclosure: Disclosure | None = None
    more: Json = field(default_factory=dict)
    spoken: "dict[str, TextInLanguage]" = field(default_factory=dict)

    @property
    def needs_review(self) -> bool:
        """Whether a person should read the text before customers do."""
        return (self.flagged or bool(self.unsupported_claims)) and not self.approved


@dataclass(frozen=True)
class TextInLanguage:
    """A text in a further language, with its own state and cost: what wrote it is named by `item_id`."""

    item_id: str
    state: str
    texts: Written
    error: str | None
    tokens: int
    xct: Decimal


def check_results(metadata: Json) -> Json:
    """`flagged`, `reasons`, `confidence_score`, `unsupported_claims` and `disclosure` from the metadata of a checked text."""
    traced = [check for check in metadata.get("checks") or [] if check.get("id") in ("grounding", VERIFICATION)]
    findings = [finding for check in traced for finding in check.get("findings") or []]
    return {
        "flagged": bool(metadata.get("flagged")),
        "reasons": tuple(str(reason) for reason in metadata.get("reasons") or []),
        "confidence_score": metadata.get("score"),
        "disclosure": Disclosure.of(metadata, reviewed=False, edited="edited_at" in metadata),
        "unsupported_claims": tuple(str(f.get("text") or "") for f in findings if f.get("supported") is False),
    }


def texts_of(generation: PluginGeneration) -> Written:
    """The description and the short description of a product."""
    return Written() if generation.item is None else written_of(generation.item)


def written_of(item: ContentItem) -> Written:
    """The description and the short description of an item, or of its text in a further language."""
    settings = item.generation_metadata.get("settings") or {}
    found = check_results(item.generation_metadata)
    return Written(
        html=bool(settings.get("use_html", True)),
        short_html=bool(settings.get("use_html_short", False)),
        content=str(item.generated_content.get("description") or ""),
        short_description=str(item.generated_content.get("short_description") or ""),
        approved=item.status in (ContentItem.Status.APPROVED, ContentItem.Status.SYNCED),
        more=_more(item),
        **{**found, "flagged": found["flagged"] or item.has_unsupported_claims},
    )


def _more(item: ContentItem) -> Json:
    content = item.generated_content
    name = str(content.get("name") or item.source_data.get("name") or "")
    return {
        **{key: content[key] for key in EMPTY if content.get(key)},
        "external_id": item.external_id,
        "images": alt_texts(name, item.source_data.get("images") or []),
        "checks": item.generation_metadata.get("checks") or [],
    }


def alt_texts(name: str, images: list[object]) -> list[dict[str, str]]:
    """The pictures of the request, each with the product's written name, numbered from the second on."""
    urls = [
        str(image.get("src") or image.get("url") or "") if isinstance(image, dict) else str(image) for image in images
    ]
    return [
        {"url": url, "alt_text": f"{name} ({at})" if at > 1 else name} for at, url in enumerate(urls, start=1) if url
    ]


def quoted_max(job_id: UUID | None) -> Decimal:
    """XCT that were set aside for the items of a job."""
    return GenerationItem.objects.filter(job=job_id).aggregate(most=Sum("quoted_max"))["most"] or Decimal(0)


def batch(key: ApiKey, batch_id: str) -> list[PluginGeneration]:
    """The generations of a batch, in the order of its items; none for an unknown or foreign one."""
    pk = parse(batch_id)
    rows = PluginGeneration.objects.visible_to(key).filter(job=pk, kind=PluginGeneration.Kind.DESCRIPTION)
    return list(rows.select_related("job", "item", "project").order_by("pk")) if pk else []
