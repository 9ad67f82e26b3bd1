"""Stock photos: search with the organization's own key or the deployment's. Results are cached for a day."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction

from accounts.models import Organization, User
from blog.models import StockPhotoKey
from integrations.photos import pexels
from integrations.photos.pexels import Busy, KeyRefused, PhotosError, PhotosTimedOut
from scribe import audit
from scribe.errors import Conflict, NotConfigured, UpstreamFailed, UpstreamTimeout
from scribe.messages import _
from scribe.types import JsonValue

CACHE_SECONDS = 24 * 3600


def key_for(organization: Organization) -> str:
    """The organization's own active key, else the deployment's. Raises NotConfigured when neither exists."""
    own = StockPhotoKey.objects.of(organization).filter(is_active=True, provider=StockPhotoKey.Provider.PEXELS).first()
    key = own.api_key if own else settings.PEXELS_API_KEY
    if not key:
        raise NotConfigured(
            _("Stock photos are not set up. Add your own Pexels key to use them."), code="stock_photos_not_configured"
        )
    return str(key)


def search(
    *, organization: Organization, q: str, page: int = 1, per_page: int = 20, orientation: str = ""
) -> JsonValue:
    """One page of photos as the API shows it. Pexels asks for caching for a day; searches with one key share it."""
    key = key_for(organization)
    query = " ".join(q.lower().split())
    asked = f"{key}|{query}|{page}|{per_page}|{orientation}"
    place = f"pexels:{hashlib.sha256(asked.encode()).hexdigest()}"
    if (found := cache.get(place)) is not None:
        return found
    try:
        found = pexels.search(key=key, query=query, page=page, per_page=per_page, orientation=orientation).as_dict()
    except PhotosTimedOut as error:
        raise UpstreamTimeout(error.message, party="pexels") from None
    except KeyRefused as error:
        raise UpstreamFailed(error.message, party="pexels", reason="key_refused") from None
    except Busy as error:
        raise UpstreamFailed(error.message, party="pexels", retry_after=error.retry_after or 60) from None
    except PhotosError as error:
        raise UpstreamFailed(error.message, party="pexels", retry_after=error.retry_after) from None
    cache.set(place, found, CACHE_SECONDS)
    return found


def add_key(
    *, organization: Organization, by: User, provider: str, api_key: str, is_active: bool = True
) -> StockPhotoKey:
    """Store a key, encrypted. Raises Conflict `stock_photo_key_exists` for a second key of one provider."""
    try:
        with transaction.atomic():
            key = StockPhotoKey.objects.create(
                organization=organization, provider=provider, api_key=api_key, is_active=is_active
            )
            audit.record(
                action="stock_photo_key.created",
                actor=by,
                target=key,
                after={"provider": provider, "is_active": is_active},
            )
    except IntegrityError:
        raise Conflict(
            _("There is already a key for this provider. Replace it instead."), code="stock_photo_key_exists"
        ) from None
    return key


@transaction.atomic
def change_key(*, key: StockPhotoKey, by: User, **changes: object) -> StockPhotoKey:
    before = {"is_active": key.is_active}
    for field, value in changes.items():
        setattr(key, field, value)
    key.save(update_fields=[*changes, "updated_at"])
    audit.record(
        action="stock_photo_key.changed",
        actor=by,
        target=key,
        before=before,
        after={"is_active": key.is_active, "secrets": ["api_key"] if "api_key" in changes else []},
    )
    return key


@transaction.atomic
def delete_key(*, key: StockPhotoKey, by: User) -> None:
    audit.record(action="stock_photo_key.deleted", actor=by, target=key, before={"provider": key.provider})
    key.delete()
