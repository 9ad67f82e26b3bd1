"""The admin site: staff only, and only with a second factor (ADMIN_REQUIRE_OTP)."""

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.sites import UnfoldAdminSite

from accounts import passwords, second_factor
from accounts.models import User
from backoffice import board, dashboard, enrolment, usage
from backoffice.sign_in import StaffSignIn, is_staff, is_verified
from scribe.backoffice.pages import StaffAdmin
from scribe.types import Json


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]  # it has no types
    login_template = "admin/backoffice/login.html"
    index_template = "admin/backoffice/dashboard.html"
    index_title = "Dashboard"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.login_form = StaffSignIn

    def register(
        self, model_or_iterable: type[Model], admin_class: "type[ModelAdmin[Model]] | None" = None, **options: object
    ) -> None:
        """Register only our own pages. Pages from libraries show devices' secrets and do not write to the audit log."""
        if admin_class is not None and issubclass(admin_class, StaffAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request) and (is_verified(request) or not settings.ADMIN_REQUIRE_OTP)

    def login(self, request: HttpRequest, extra_context: Json | None = None) -> HttpResponse:
        """Ask for the password and, where there is a device, its code; without a device lead to its set-up."""
        if is_staff(request) and not self.has_permission(request) and second_factor.device_of(request.user) is None:  # type: ignore[arg-type]
            return HttpResponseRedirect(reverse("admin:second_factor"))
        return super().login(request, extra_context)  # type: ignore[no-any-return]  # it has no types

    def logout(self, request: HttpRequest, extra_context: Json | None = None) -> HttpResponse:
        """Sign out. An address elsewhere in `next` leads to the first page; Django's page would redirect to itself, and
        refuse that."""
        if "next" in request.GET or "next" in request.POST:
            return LogoutView.as_view(next_page="admin:index")(request)
        return super().logout(request, extra_context)  # type: ignore[no-any-return]  # it has no types

    def get_urls(self) -> list[URLPattern]:
        return [
            path("second-factor/", never_cache(enrolment.second_factor_page(self)), name="second_factor"),
            path("money-at-risk/", self.admin_view(board.page(self)), name="money_at_risk"),
            path("usage/", self.admin_view(usage.page(self)), name="usage"),
            path("money-at-risk/reconcile/", self.admin_view(board.reconcile_now), name="reconcile_now"),
            *super().get_urls(),
        ]

    def password_change(self, request: HttpRequest, extra_context: Json | None = None) -> HttpResponse:
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)  # type: ignore[return-value]

    def index(self, request: HttpRequest, extra_context: Json | None = None) -> HttpResponse:
        return super().index(request, {**dashboard.context(), **(extra_context or {})})  # type: ignore[no-any-return]  # it has no types


class OwnPasswordForm(AdminOwnPasswordChangeForm):  # type: ignore[misc]  # it has no types
    def save(self, commit: bool = True) -> User:
        passwords.change(user=self.user, password=self.cleaned_data["new_password1"])
        self.user.refresh_from_db()
        return self.user  # type: ignore[no-any-return]  # it has no types
