"""Items as the API shows them."""

import orjson
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from projects import languages, readiness
from projects.api.serializers.items import SingleItem
from projects.models import ContentItem
from projects.models.expressions import LanguageTexts
from scribe.api.fields import utc
from scribe.types import DbRow, Json

_COLUMNS = (
    "id",
    "external_id",
    "item_type",
    "confidence_score",
    "status",
    "ai_model_used",
    "created_at",
    "data_source_id",
    "excluded_at",
    "parent_id",
    "store_view",
    "updated_at",
    "has_unsupported_claims",
    "outdated_fields",
    "decisions",
    "reject_reason",
    "assignee_id",
    "version",
    "language",
    "main_id",
)
_JSON = ("source_data", "generated_content", "metadata", "generation_metadata", "view_data")


def as_rows(items: QuerySet[ContentItem]) -> QuerySet[ContentItem, DbRow]:
    """The columns that `render` takes. JSON columns come as the text that the database writes, unparsed."""
    texts = {f"{name}_text": Cast(name, TextField()) for name in _JSON}
    names = [f"{name}_text" for name in _JSON]
    return items.annotate(source_name=F("data_source__name"), languages=LanguageTexts(), **texts).values_list(
        *_COLUMNS, "project__is_test", "source_name", "languages", *names
    )


def render(row: DbRow) -> Json:
    (pk, external_id, item_type, score, status, model, created, source_id, excluded, parent_id, view, updated, unsupported,
     outdated, decisions, reject_reason, assignee_id, version, language, main_id, is_test, source_name, languages, source, content, metadata,
     generation, view_data) = row  # fmt: skip
    return {
        "id": pk,
        "external_id": external_id,
        "item_type": item_type,
        "source_data": orjson.Fragment(source),
        "generated_content": orjson.Fragment(content),
        "confidence_score": score,
        "status": status,
        "ai_model_used": model,
        "created_at": utc(created),
        "data_source_id": source_id,
        "data_source_name": source_name,
        "metadata": orjson.Fragment(metadata),
        "excluded_at": utc(excluded),
        "generation_metadata": orjson.Fragment(generation),
        "parent_id": parent_id,
        "store_view": view,
        "view_data": orjson.Fragment(view_data or "null"),
        "has_unsupported_claims": unsupported,
        "outdated_fields": outdated,
        "decisions": decisions,
        "reject_reason": reject_reason,
        "assignee_id": assignee_id,
        "updated_at": utc(updated),
        "version": version,
        "is_test": is_test,
        "language": language,
        "main_item_id": main_id,
        "languages": orjson.Fragment(languages),
    }


def reply_of(item: ContentItem) -> Json:
    """One item as the API shows it. Its `data_source` should be loaded."""
    texts = {} if item.language else languages.texts_of(item)
    return SingleItem.of(item, languages=texts, readiness=readiness.state_of(item) or None)
