"""The labels of the product's terms on a page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Session, User
from billing.models import Entry, Invoice, Payment
from blog.models import BlogPost
from projects.models import ContentItem, GenerationItem
from scribe.models import Job

Labels = dict[str, Promise]
STATUSES: Labels = {
    ContentItem.Status.PENDING: _("To write"),
    ContentItem.Status.GENERATED: _("Written"),
    ContentItem.Status.FLAGGED: _("Flagged"),
    ContentItem.Status.APPROVED: _("Approved"),
    ContentItem.Status.REJECTED: _("Rejected"),
    ContentItem.Status.SYNCED: _("In the store"),
    "excluded": _("Excluded"),
}
ITEM_TYPES: Labels = {
    ContentItem.Type.PRODUCT: _("Product"),
    ContentItem.Type.VARIANT: _("Variant"),
    ContentItem.Type.CATEGORY: _("Category"),
    ContentItem.Type.PAGE: _("Page"),
    ContentItem.Type.POST: _("Post"),
}
JOB_TYPES: Labels = {
    Job.Type.GENERATION: _("Writing"),
    Job.Type.REGENERATION: _("Writing anew"),
    Job.Type.SYNC: _("Into the store"),
    Job.Type.IMPORT: _("Import"),
    Job.Type.VERIFY: _("Comparison with the store"),
    Job.Type.BLOG_GENERATION: _("Writing a post"),
    Job.Type.BLOG_PUBLISH: _("Publishing a post"),
    Job.Type.STORE_AUDIT: _("Audit of the store"),
    Job.Type.GDPR_EXPORT: _("Export of your data"),
}
JOB_STATUSES: Labels = {
    Job.Status.QUEUED: _("Waiting"),
    Job.Status.RUNNING: _("At work"),
    Job.Status.COMPLETED: _("Done"),
    Job.Status.COMPLETED_WITH_ERRORS: _("Done, with failures"),
    Job.Status.FAILED: _("Failed"),
    Job.Status.CANCELLED: _("Cancelled"),
}
OUTCOMES: Labels = {
    **STATUSES,
    GenerationItem.State.FAILED: _("Failed"),
    GenerationItem.State.PENDING: _("Waiting"),
}
#: Generated fields, and fields that only a source has.
FIELD_NAMES: Labels = {
    "name": _("Name"),
    "short_description": _("Short description"),
    "description": _("Description"),
    "bullet_points": _("Bullet points"),
    "attributes": _("Attributes"),
    "tags": _("Tags"),
    "seo.title": _("SEO title"),
    "seo.description": _("SEO description"),
    "seo.slug": _("Address (slug)"),
    "seo.focus_keyword": _("Focus keyword"),
    "structured_data": _("Structured data"),
    "external_id": _("Id in the shop"),
    "sku": _("SKU"),
    "price": _("Price"),
    "categories": _("Categories"),
    "images": _("Images"),
    "parent_external_id": _("Id of the parent product"),
    "instructions": _("Your instructions"),
}
#: The settings that ask for fields.
FLAGS: Labels = {
    "translate_name": _("Name"),
    "generate_short": _("Short description"),
    "generate_long": _("Description"),
    "generate_bullet_points": _("Bullet points"),
    "generate_attributes": _("Attributes"),
    "generate_tags": _("Tags"),
    "generate_seo": _("SEO title, description and keyword"),
    "structured_data_enabled": _("Structured data"),
}
CHECKS: Labels = {
    "limits": _("Lengths"),
    "language": _("Language"),
    "html": _("Markup"),
    "forbidden": _("Forbidden words"),
    "glossary": _("Glossary"),
    "translation": _("Translation"),
    "coverage": _("Attributes mentioned"),
    "grounding": _("Claims traced to the source"),
    "verification": _("Second reading"),
}
CLAIM_KINDS: Labels = {
    "number": _("Numbers"),
    "material": _("Materials"),
    "certification": _("Certificates"),
    "origin": _("Origin"),
    "colour": _("Colours"),
    "contents": _("What is in the box"),
    "feature": _("Features"),
    "look": _("Looks"),
    "use": _("Use"),
    "audience": _("Who it is for"),
    "compatibility": _("What it fits"),
    "care": _("Care"),
    "ingredient": _("Ingredients"),
    "health": _("Health"),
    "eco": _("Environment"),
    "warranty": _("Warranty"),
    "price": _("Price"),
    "delivery": _("Delivery"),
    "award": _("Awards"),
    "superlative": _("Superlatives"),
    "comparison": _("Comparisons"),
    "promise": _("Promises"),
    "negation": _("Denials"),
    "name": _("Names"),
    "code": _("Codes"),
    "sentence": _("Sentences of the second reading"),
}
RULE_STATES: Labels = {
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "dismissed": _("Dismissed"),
}
REASONS: Labels = {
    "regenerated": _("Written anew"),
    "edited": _("Edited"),
    "restored": _("Restored"),
    "undone": _("Sync undone"),
}
LIMITS: Labels = {
    "stored_bytes": _("Stored files"),
    "items": _("Items"),
    "projects": _("Projects"),
    "open_streams": _("Open live views"),
}
MOVEMENTS: Labels = {
    Entry.Type.GRANT: _("Of the plan"),
    Entry.Type.TOPUP: _("Top-up"),
    Entry.Type.USAGE: _("Used"),
    Entry.Type.EXPIRY: _("Expired"),
    Entry.Type.ADJUSTMENT: _("Corrected"),
    Entry.Type.REFUND: _("Taken back"),
}
INVOICE_STATUSES: Labels = {
    Invoice.Status.PENDING: _("To pay"),
    Invoice.Status.PAID: _("Paid"),
    Invoice.Status.CANCELLED: _("Cancelled"),
    Invoice.Status.EXPIRED: _("Past its date"),
}
PAYMENTS: Labels = {
    Payment.Kind.FIRST: _("First payment of a plan"),
    Payment.Kind.RENEWAL: _("Renewal of a plan"),
    Payment.Kind.TOPUP: _("Top-up"),
    Payment.Kind.PLAN_CHANGE: _("Change of plan"),
    Payment.Kind.OTHER: _("Other"),
}
PAYMENT_STATUSES: Labels = {
    Payment.Status.SUCCEEDED: _("Paid"),
    Payment.Status.FAILED: _("Failed"),
    Payment.Status.REFUNDED: _("Paid back"),
}
POST_STATUSES: Labels = {
    BlogPost.Status.GENERATING: _("Being written"),
    BlogPost.Status.DRAFT: _("Draft"),
    BlogPost.Status.SCHEDULED: _("Scheduled"),
    BlogPost.Status.PUBLISHING: _("Being published"),
    BlogPost.Status.PUBLISHED: _("Published"),
    BlogPost.Status.FAILED: _("Failed"),
}
#: What a post is on its site.
SITE_STATUSES: Labels = {
    "publish": _("published"),
    "draft": _("draft"),
    "pending": _("waiting for review"),
    "private": _("private"),
}
POST_TYPES: Labels = {
    BlogPost.Type.ARTICLE: _("Article"),
    BlogPost.Type.HOW_TO: _("How-to"),
    BlogPost.Type.LISTICLE: _("List"),
    BlogPost.Type.PRODUCT_ROUNDUP: _("Product round-up"),
    BlogPost.Type.COMPARISON: _("Comparison"),
    BlogPost.Type.NEWS: _("News"),
}
#: What is done to a post, as the rules say it.
POST_DEEDS: Labels = {
    "published": _("publish"),
    "unpublished": _("unpublish"),
    "undone": _("put back"),
    "scheduled": _("schedule"),
    "unscheduled": _("take off the schedule"),
}
INVITATION_STATUSES: Labels = {
    "accepted": _("accepted"),
    "revoked": _("taken back"),
    "expired": _("past its date"),
}
#: What of a post a site may leave out, or has changed.
POST_PARTS: Labels = {
    "title": _("Title"),
    "content": _("Text"),
    "excerpt": _("Excerpt"),
    "slug": _("Address (slug)"),
    "featured_image": _("Featured image"),
    "seo_title": _("SEO title"),
    "seo_description": _("SEO description"),
    "focus_keyword": _("Focus keyword"),
    "categories": _("Categories"),
    "tags": _("Tags"),
}
#: The texts of a post that its translations are made from.
POST_TEXTS: Labels = {
    "title": _("Title"),
    "content": _("Text"),
    "excerpt": _("Excerpt"),
    "tags": _("Tags"),
    "seo_meta.title": _("SEO title"),
    "seo_meta.description": _("SEO description"),
    "seo_meta.focus_keyword": _("Focus keyword"),
}
#: Why a translation of a post is not written.
LEFT_OUT: Labels = {
    "up_to_date": _("up to date"),
    "edited": _("edited by somebody, so it is left alone"),
    "post_is_busy": _("being written or published right now"),
}
ROLES: Labels = {
    User.Role.MEMBER: _("Member"),
    User.Role.ADMIN: _("Admin"),
}
#: How a session began.
WAYS_IN: Labels = {
    Session.Via.PASSWORD: _("Password"),
    Session.Via.REGISTRATION: _("Sign-up"),
    Session.Via.INVITATION: _("Invitation"),
    Session.Via.GOOGLE: _("Google"),
    Session.Via.APPLE: _("Apple"),
    Session.Via.SUPPORT: _("Our support, working as you"),
}
#: The filters of an import from a store, by the keys that the platforms use.
IMPORT_FILTERS: Labels = {
    "categories": _("Categories"),
    "collections": _("Collections"),
    "tags": _("Tags"),
    "statuses": _("State in the shop"),
    "types": _("Kinds of product"),
    "stock_statuses": _("Stock"),
    "item_types": _("Kinds of item"),
    "visibility": _("Visibility"),
    "authors": _("Authors"),
}
