"""The admin site: staff only, and only with a second factor (ADMIN_REQUIRE_OTP)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from accounts import second_factor


class StaffSite(UnfoldAdminSite):
    login_template = "admin/backoffice/login.html"
    index_template = "admin/backoffice/dashboard.html"
    index_title = "Dashboard"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        from backoffice.sign_in import StaffSignIn

        super().__init__(name)
        self.login_form = StaffSignIn

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only pages of ours. Those that libraries bring show devices' secrets, and leave no trace in the audit log."""
        from scribe.backoffice.pages import StaffAdmin

        if admin_class is not None and issubclass(admin_class, StaffAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request) and (is_verified(request) or not settings.ADMIN_REQUIRE_OTP)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password and, where there is a device, its code; without a device lead to its set-up."""
        if is_staff(request) and not self.has_permission(request) and second_factor.device_of(request.user) is None:  # type: ignore[arg-type]
            return HttpResponseRedirect(reverse("admin:second_factor"))
        return super().login(request, extra_context)

    def get_urls(self) -> list[URLPattern]:
        from backoffice import board, enrolment

        return [
            path("second-factor/", never_cache(enrolment.second_factor_page(self)), name="second_factor"),
            path("money-at-risk/", self.admin_view(board.page(self)), name="money_at_risk"),
            path("money-at-risk/reconcile/", self.admin_view(board.reconcile_now), name="reconcile_now"),
            *super().get_urls(),
        ]

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from django.contrib.auth.views import PasswordChangeView

        from backoffice.own_password import OwnPasswordForm

        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)  # type: ignore[return-value]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from backoffice import dashboard

        return super().index(request, {**dashboard.context(), **(extra_context or {})})


def is_staff(request: HttpRequest) -> bool:
    """Whether somebody of the staff gave their password in this session."""
    user = request.user
    return bool(user.is_active and user.is_staff)


def is_verified(request: HttpRequest) -> bool:
    """Whether they gave a code of their device as well."""
    check = getattr(request.user, "is_verified", None)
    return bool(check and check())
