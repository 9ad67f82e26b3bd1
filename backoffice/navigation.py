"""The sidebar: the areas of the work, in the order in which they are needed."""

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from scribe.types import Json

AREAS: dict[str, list[tuple[str, str, str]]] = {
    "": [
        ("Dashboard", "monitoring", "admin:index"),
        ("Money at risk", "warning", "admin:money_at_risk"),
        ("Who uses how much", "leaderboard", "admin:usage"),
    ],
    "Customers": [
        ("Organizations", "apartment", "accounts.Organization"),
        ("Users", "group", "accounts.User"),
        ("Sessions", "devices", "accounts.Session"),
        ("API keys", "key", "accounts.ApiKey"),
        ("Requests of keys", "list_alt", "accounts.ApiKeyRequest"),
        ("Invitations", "mail", "accounts.Invitation"),
        ("Mails", "outbox", "accounts.MailMessage"),
    ],
    "Money": [
        ("Invoices", "receipt_long", "billing.Invoice"),
        ("Payments", "payments", "billing.Payment"),
        ("Subscriptions", "autorenew", "billing.Subscription"),
        ("Ledger", "menu_book", "billing.Entry"),
        ("Wallets", "account_balance_wallet", "billing.Wallet"),
        ("Holds", "hourglass_top", "billing.Hold"),
        ("Usage", "data_usage", "billing.UsageRecord"),
        ("Webhooks", "webhook", "billing.ProviderEvent"),
        ("Exchange rates", "currency_exchange", "billing.ExchangeRate"),
    ],
    "Work": [
        ("Jobs", "work_history", "scribe.Job"),
        ("Projects", "inventory_2", "projects.Project"),
        ("Items", "article", "projects.ContentItem"),
        ("Blog posts", "post", "blog.BlogPost"),
        ("Publications", "publish", "blog.Publication"),
        ("Store connections", "storefront", "integrations.StoreConnection"),
        ("Store webhooks", "webhook", "integrations.WebhookDelivery"),
        ("Webhook endpoints", "webhook", "webhooks.WebhookEndpoint"),
        ("Webhook deliveries", "outgoing_mail", "webhooks.EventDelivery"),
        ("Events", "event_note", "scribe.Event"),
    ],
    "Studio and outreach": [
        ("Requests", "support_agent", "studio.StudioRequest"),
        ("Tools", "construction", "studio.Tool"),
        ("Profile templates", "style", "studio.ProfileTemplate"),
        ("Knowledge", "school", "studio.KnowledgeText"),
        ("Conversations", "forum", "studio.ChatConversation"),
        ("Prospects", "campaign", "integrations.Prospect"),
    ],
    "Offer": [
        ("Plans", "sell", "billing.Plan"),
        ("Top-up packs", "add_shopping_cart", "billing.TopupPack"),
        ("AI models", "neurology", "billing.AIModel"),
        ("Model tiers", "stacks", "billing.ModelTier"),
        ("Image prices", "image", "billing.ImagePrice"),
        ("Prompts", "edit_note", "writing.PromptTemplate"),
        ("Rules of law", "gavel", "writing.LawRule"),
        ("Health claims", "nutrition", "writing.ClaimRegister"),
        ("Verifiers", "fact_check", "writing.VerifierRate"),
    ],
    "System": [
        ("Audit log", "policy", "scribe.AuditEntry"),
        ("Rate limits", "speed", "scribe.RateLimit"),
    ],
}


def sidebar(request: HttpRequest) -> list[Json]:
    """Groups of links to the lists that exist."""
    groups = []
    for number, (title, entries) in enumerate(AREAS.items()):
        items = [
            {"title": name, "icon": icon, "link": link}
            for name, icon, target in entries
            if (link := _link(target)) is not None
        ]
        if items:
            groups.append({"title": title, "separator": number > 0, "collapsible": number > 1, "items": items})
    return groups


def _link(target: str) -> str | None:
    if target.startswith("admin:"):
        return reverse(target)
    try:
        meta = apps.get_model(target)._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except (LookupError, NoReverseMatch):
        return None


def stylesheet(request: HttpRequest) -> str:
    return static("backoffice/backoffice.css")


def favicon(request: HttpRequest) -> str:
    return static("backoffice/favicon.svg")


def environment(request: HttpRequest) -> list[str]:
    """The mark on every page that names the environment."""
    return ["Development", "warning"] if settings.DEBUG or not settings.HTTPS else ["Production", "danger"]


def account(request: HttpRequest) -> list[dict[str, str]]:
    return []
