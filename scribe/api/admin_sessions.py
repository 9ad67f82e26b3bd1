"""The admin's browser sessions: database rows under a digest of the key in the cookie.

So the table, or a backup of it, holds no key that works as a cookie. The settings name this module as `SESSION_ENGINE`,
and Django looks for `SessionStore` in it.
"""

from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.utils import timezone

from scribe import crypto
from scribe.types import Json

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession

LENGTH = 40  # of the column that Django made for keys


def kept_key(session_key: str) -> str:
    """The table's key for a cookie's key: 160 bits of a keyed digest, in hexadecimal."""
    return crypto.digest(f"admin-session|{session_key}")[:LENGTH]


class SessionStore(db.SessionStore):
    """Django's database sessions. Only the store in memory has the cookie's key; the rows have its digest."""

    def _get_session_from_db(self) -> "AbstractBaseSession | None":
        found = self.model.objects.filter(session_key=kept_key(self.session_key or ""), expire_date__gt=timezone.now())
        row = found.first()
        if row is None:
            self._session_key = None
        return row

    async def _aget_session_from_db(self) -> "AbstractBaseSession | None":
        return await sync_to_async(self._get_session_from_db)()

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_key(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(kept_key(session_key))

    def create_model_instance(self, data: Json) -> "AbstractBaseSession":
        row = super().create_model_instance(data)
        row.session_key = kept_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: Json) -> "AbstractBaseSession":
        row = await super().acreate_model_instance(data)
        row.session_key = kept_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(kept_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            await super().adelete(kept_key(key))
