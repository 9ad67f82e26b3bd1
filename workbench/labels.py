"""The labels of the product's terms on a page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Session, User
from billing.models import Entry, Invoice, Payment
from blog.models import BlogPost
from projects.models import ContentItem, DataSource, GenerationItem
from projects.readiness import Readiness
from scribe.models import Job
from studio.models import StudioRequest
from writing.fields import FIELDS
from writing.languages import BY_CODE

Labels = dict[str, Promise]
STATUSES: Labels = {
    ContentItem.Status.PENDING: _("To generate"),
    ContentItem.Status.GENERATED: _("Generated"),
    ContentItem.Status.FLAGGED: _("Flagged"),
    ContentItem.Status.APPROVED: _("Approved"),
    ContentItem.Status.REJECTED: _("Rejected"),
    ContentItem.Status.SYNCED: _("In store"),
    "excluded": _("Excluded"),
}
READINESS: Labels = {
    Readiness.CONFLICT: _("Conflict"),
    Readiness.NOT_IN_STORE: _("Not in the store"),
    Readiness.NEEDS_FACTS: _("Needs facts"),
    Readiness.NEEDS_DECISION: _("Needs a decision"),
    Readiness.READY: _("Ready"),
    Readiness.NEEDS_TEXT: _("To generate"),
    Readiness.IN_STORE: _("In store"),
}
#: Why texts are in a state.
READINESS_REASONS: Labels = {
    Readiness.CONFLICT: _("The text was changed in your store. Choose which one stays."),
    Readiness.NOT_IN_STORE: _("Your store does not have it. Exclude it, or import again once it is back."),
    Readiness.NEEDS_FACTS: _("The text makes claims that your product data doesn't support."),
    Readiness.NEEDS_DECISION: _("The text is generated. Approve or reject it."),
    Readiness.READY: _("The text is approved and can go to your store."),
    Readiness.NEEDS_TEXT: _("There is no text yet, it was rejected, or the product data has changed since."),
    Readiness.IN_STORE: _("The text is in your store. There is nothing to do."),
}
#: Why one text has to be generated, by its status; "" stands for all others.
REASONS_TO_GENERATE: Labels = {
    ContentItem.Status.PENDING: _("There is no text yet."),
    ContentItem.Status.REJECTED: _("The text was rejected."),
    "": _("The product data has changed since the text was generated."),
}
#: What is done with texts in a state.
NEXT_STEPS: Labels = {
    Readiness.CONFLICT: _("Resolve"),
    Readiness.NOT_IN_STORE: _("Exclude"),
    Readiness.NEEDS_FACTS: _("Check claims"),
    Readiness.NEEDS_DECISION: _("Review"),
    Readiness.READY: _("Send to store"),
    Readiness.NEEDS_TEXT: _("Generate"),
}
ITEM_TYPES: Labels = {
    ContentItem.Type.PRODUCT: _("Product"),
    ContentItem.Type.VARIANT: _("Variant"),
    ContentItem.Type.CATEGORY: _("Category"),
    ContentItem.Type.PAGE: _("Page"),
    ContentItem.Type.POST: _("Post"),
}
JOB_TYPES: Labels = {
    Job.Type.GENERATION: _("Generation"),
    Job.Type.REGENERATION: _("Regeneration"),
    Job.Type.SYNC: _("Sync to store"),
    Job.Type.IMPORT: _("Import"),
    Job.Type.MEMORY_IMPORT: _("Import of a translation memory"),
    Job.Type.VERIFY: _("Comparison with the store"),
    Job.Type.BULK_CHANGE: _("Edit many"),
    Job.Type.LAW_RECHECK: _("Check of texts whose evidence has ended"),
    Job.Type.REMOVAL: _("Deletion"),
    Job.Type.BLOG_GENERATION: _("Post generation"),
    Job.Type.BLOG_PUBLISH: _("Post publishing"),
    Job.Type.STORE_AUDIT: _("Store audit"),
    Job.Type.FIX_PROJECT: _("Copies for a fix project"),
    Job.Type.GDPR_EXPORT: _("Data export"),
}
JOB_STATUSES: Labels = {
    Job.Status.QUEUED: _("Waiting"),
    Job.Status.RUNNING: _("Running"),
    Job.Status.COMPLETED: _("Done"),
    Job.Status.COMPLETED_WITH_ERRORS: _("Done with errors"),
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
    "seo.slug": _("URL slug"),
    "seo.focus_keyword": _("Focus keyphrase"),
    "structured_data": _("Structured data"),
    "external_id": _("ID in store"),
    "sku": _("SKU"),
    "price": _("Price"),
    "attribute_sets": _("Attribute sets"),
    "categories": _("Categories"),
    "images": _("Images"),
    "parent_external_id": _("Parent product ID"),
    "instructions": _("Your instructions"),
    "glossary": _("Glossary"),
}
#: The settings that ask for fields: each is called by its field, and one of several fields by what they have in common.
FLAGS: Labels = {
    **{row.setting: FIELD_NAMES[row.name] for row in FIELDS if row.setting},
    "generate_seo": _("SEO title, description and keyphrase"),
}
CHECKS: Labels = {
    "limits": _("Length limits"),
    "language": _("Language"),
    "html": _("HTML"),
    "forbidden": _("Forbidden words"),
    "glossary": _("Glossary"),
    "formality": _("Form of address"),
    "translation": _("Translation"),
    "law": _("Law"),
    "coverage": _("Attribute coverage"),
    "grounding": _("Claims found in the product data"),
    "verification": _("Check by a second AI model"),
}
#: What the files for translators are for, by their format.
FILE_PURPOSES: Labels = {
    "xliff": _("for most translation tools"),
    "xliff2": _("for newer translation tools"),
    "po": _("for Poedit and similar tools"),
    "shopify_csv": _("for Shopify's own import"),
    "magento_csv": _("for Magento's own import"),
    "wpml_csv": _("for the WPML plugin"),
    "polylang_csv": _("for the Polylang plugin"),
}
INDUSTRIES: Labels = {
    "food": _("Food and dietary supplements"),
    "cosmetics": _("Cosmetics"),
    "electronics": _("Electronics"),
    "textiles": _("Textiles"),
    "toys": _("Toys"),
    "household": _("Household goods"),
    "other": _("Other"),
}
CLAIM_KINDS: Labels = {
    "number": _("Numbers"),
    "material": _("Materials"),
    "certification": _("Certifications"),
    "origin": _("Origin"),
    "colour": _("Colours"),
    "contents": _("What is in the box"),
    "feature": _("Features"),
    "look": _("Visual appearance"),
    "use": _("Intended use"),
    "audience": _("Who it is for"),
    "compatibility": _("Compatibility"),
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
    "negation": _("Negative statements (“free from …”)"),
    "name": _("Names"),
    "code": _("Codes"),
    "sentence": _("Sentences checked by the second AI model"),
}
RULE_STATES: Labels = {
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "dismissed": _("Dismissed"),
}
REASONS: Labels = {
    "regenerated": _("Regenerated"),
    "edited": _("Edited"),
    "restored": _("Restored"),
    "undone": _("Sync undone"),
    "generated": _("Generated by AI"),
    "approved": _("Approved"),
}
#: What a connection keeps and shows of where texts come from.
PROVENANCE: Labels = {
    "off": _("Don't keep a record"),
    "record": _("Keep a record in XC Scribe"),
    "mark": _("Keep a record, and add a machine-readable mark in the store"),
}
#: Why a generation leaves items out, after their number.
#: How the texts of one language are made, beside their number.
WAYS: Labels = {
    "translation": _("translated from the approved texts"),
    "native": _("written from the product data"),
    "letters": _("rewritten in Latin letters from the approved Serbian texts"),
}
NOT_WRITTEN: Labels = {
    "main_not_approved": _("skipped: the main-language text is not approved"),
    "serbian_not_approved": _("skipped: the Serbian (Cyrillic) text is not approved"),
    "main_language": _("skipped: the item's original text is in this language"),
    "translated_in_shop": _("skipped: the store already has a translation"),
    "already_generated": _("skipped: we have already generated a text"),
    "edited": _("skipped: outdated, but someone edited it"),
}
LIMITS: Labels = {
    "stored_bytes": _("Stored files"),
    "items": _("Items"),
    "projects": _("Projects"),
    "open_streams": _("Pages with live updates"),
}
LEDGER_ENTRY_TYPES: Labels = {
    Entry.Type.GRANT: _("From your plan"),
    Entry.Type.TOPUP: _("Top-up"),
    Entry.Type.USAGE: _("Usage"),
    Entry.Type.EXPIRY: _("Expired"),
    Entry.Type.ADJUSTMENT: _("Adjustment"),
    Entry.Type.REFUND: _("Reversed"),
}
INVOICE_STATUSES: Labels = {
    Invoice.Status.PENDING: _("To pay"),
    Invoice.Status.PAID: _("Paid"),
    Invoice.Status.CANCELLED: _("Cancelled"),
    Invoice.Status.EXPIRED: _("Overdue"),
}
#: What programs are told of.
EVENTS: Labels = {
    "job.finished": _("Work has ended"),
    "item.texts_ready": _("Texts are ready to review"),
    "item.approved": _("An item was approved"),
    "item.rejected": _("An item was rejected"),
    "sync.conflict": _("A text was changed in the store"),
    "post.published": _("A post was published"),
    "wallet.low": _("The balance is low"),
    "invoice.issued": _("An invoice was issued"),
    "api_key.expiring": _("An API key is about to expire"),
    "endpoint.disabled": _("An address is no longer called"),
    "ping": _("Test"),
}
PAYMENTS: Labels = {
    Payment.Kind.FIRST: _("First plan payment"),
    Payment.Kind.RENEWAL: _("Plan renewal"),
    Payment.Kind.TOPUP: _("Top-up"),
    Payment.Kind.PLAN_CHANGE: _("Plan change"),
    Payment.Kind.OTHER: _("Other"),
}
PAYMENT_STATUSES: Labels = {
    Payment.Status.SUCCEEDED: _("Paid"),
    Payment.Status.FAILED: _("Failed"),
    Payment.Status.REFUNDED: _("Refunded"),
}
POST_STATUSES: Labels = {
    BlogPost.Status.GENERATING: _("Generating"),
    BlogPost.Status.DRAFT: _("Draft"),
    BlogPost.Status.SCHEDULED: _("Scheduled"),
    BlogPost.Status.PUBLISHING: _("Publishing"),
    BlogPost.Status.PUBLISHED: _("Published"),
    BlogPost.Status.FAILED: _("Failed"),
}
#: What a post is on its site.
SITE_STATUSES: Labels = {
    "publish": _("published"),
    "draft": _("draft"),
    "pending": _("pending review"),
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
POST_ACTIONS: Labels = {
    "published": _("publish"),
    "unpublished": _("unpublish"),
    "undone": _("restore"),
    "scheduled": _("schedule"),
    "unscheduled": _("unschedule"),
}
INVITATION_STATUSES: Labels = {
    "accepted": _("accepted"),
    "revoked": _("revoked"),
    "expired": _("expired"),
}
#: What of a post a site may leave out, or has changed.
POST_PARTS: Labels = {
    "title": _("Title"),
    "content": _("Text"),
    "excerpt": _("Excerpt"),
    "slug": _("URL slug"),
    "featured_image": _("Featured image"),
    "seo_title": _("SEO title"),
    "seo_description": _("SEO description"),
    "focus_keyword": _("Focus keyphrase"),
    "attribute_sets": _("Attribute sets"),
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
    "seo_meta.focus_keyword": _("Focus keyphrase"),
}
#: Why a translation of a post is not written.
LEFT_OUT: Labels = {
    "up_to_date": _("up to date"),
    "edited": _("skipped: someone edited it"),
    "post_is_busy": _("skipped: currently being generated or published"),
}
SOURCE_STATUSES: Labels = {
    DataSource.Status.PROCESSING: _("Importing"),
    DataSource.Status.READY: _("Ready"),
    DataSource.Status.ERROR: _("Error"),
}
REQUEST_STATUSES: Labels = {
    StudioRequest.Status.NEW.label: _("New"),
    StudioRequest.Status.IN_REVIEW.label: _("In review"),
    StudioRequest.Status.QUOTED.label: _("Quoted"),
    StudioRequest.Status.ACCEPTED.label: _("Accepted"),
    StudioRequest.Status.DECLINED.label: _("Declined"),
    StudioRequest.Status.DONE.label: _("Done"),
}
ROLES: Labels = {
    User.Role.MEMBER: _("Member"),
    User.Role.REVIEWER: _("Reviewer"),
    User.Role.TRANSLATOR: _("Translator"),
    User.Role.VIEWER: _("Viewer"),
    User.Role.ADMIN: _("Admin"),
}
#: How a session began.
SIGN_IN_METHODS: Labels = {
    Session.Via.PASSWORD: _("Password"),
    Session.Via.REGISTRATION: _("Sign-up"),
    Session.Via.INVITATION: _("Invitation"),
    Session.Via.GOOGLE: _("Google"),
    Session.Via.APPLE: _("Apple"),
    Session.Via.SUPPORT: _("Our support, on your behalf"),
}
#: The filters of an import from a store, by the keys that the platforms use.
IMPORT_FILTERS: Labels = {
    "attribute_sets": _("Attribute sets"),
    "categories": _("Categories"),
    "collections": _("Collections"),
    "tags": _("Tags"),
    "statuses": _("Status in store"),
    "types": _("Product types"),
    "product_types": _("Product types"),
    "vendors": _("Vendors"),
    "stock_statuses": _("Stock"),
    "item_types": _("Item types"),
    "visibility": _("Visibility"),
    "authors": _("Authors"),
    "custom_fields": _("Custom fields"),
}
_NATIVE = {name: one.native_name for one in BY_CODE.values() for name in (one.name, one.code)}
_PARTS = {**POST_PARTS, **{name.replace("_", " "): label for name, label in POST_PARTS.items()}}
#: What stands in the places of sentences (`scribe.messages`), by the name of the place.
TERMS: dict[str, Mapping[str, Promise | str]] = {
    "status": STATUSES,
    "other": STATUSES,
    "job": JOB_TYPES,
    "job_status": JOB_STATUSES,
    "post": POST_STATUSES,
    "wish": POST_STATUSES,
    "verb": POST_ACTIONS,
    "state": INVITATION_STATUSES,
    "invoice": INVOICE_STATUSES,
    "source_status": SOURCE_STATUSES,
    "request_status": REQUEST_STATUSES,
    "field": FIELD_NAMES,
    "fields": FIELD_NAMES,
    "part": _PARTS,
    "parts": _PARTS,
    "language": _NATIVE,
    "first": _NATIVE,
    "seen": _NATIVE,
    "best": _NATIVE,
    "asked": _NATIVE,
}
