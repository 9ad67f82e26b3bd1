"""Staff change their own password by the rules of every account: sessions end, and they are told."""

from __future__ import annotations

from unfold.forms import AdminOwnPasswordChangeForm

from accounts import passwords
from accounts.models import User


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        passwords.change(user=self.user, password=self.cleaned_data["new_password1"])
        self.user.refresh_from_db()
        return self.user
