"""Routes of the tags auth, users, organization, api-keys, invitations, notifications and gdpr."""

from django.urls import URLPattern, path

from accounts.api.views.api_keys import ApiKeyViewSet
from accounts.api.views.auth import AuthViewSet
from accounts.api.views.gdpr import GdprViewSet
from accounts.api.views.notifications import NotificationViewSet
from accounts.api.views.organization import OrganizationViewSet
from accounts.api.views.people import InvitationViewSet
from accounts.api.views.second_factor import SecondFactorViewSet
from accounts.api.views.users import UserViewSet

auth, second, users, organization = (
    AuthViewSet.as_view,
    SecondFactorViewSet.as_view,
    UserViewSet.as_view,
    OrganizationViewSet.as_view,
)

urlpatterns: list[URLPattern] = [
    path("auth/login", auth({"post": "login"})),
    path("auth/refresh", auth({"post": "refresh"})),
    path("auth/logout", auth({"post": "logout"})),
    path("auth/logout-all", auth({"post": "logout_all"})),
    path("auth/forgot-password", auth({"post": "forgot_password"})),
    path("auth/reset-password", auth({"post": "reset_password"})),
    path("auth/verify-email", auth({"get": "verify_email"})),
    path("auth/resend-verification", auth({"post": "resend_verification"})),
    path("auth/register", auth({"post": "register"})),
    path("auth/google", auth({"post": "google"})),
    path("auth/apple", auth({"post": "apple"})),
    path("auth/nonce", auth({"post": "nonce"})),
    path("auth/2fa/setup", second({"post": "begin"})),
    path("auth/2fa/confirm", second({"post": "confirm"})),
    path("auth/2fa/backup-codes", second({"post": "backup_codes"})),
    path("auth/2fa/send-disable-code", second({"post": "send_disable_code"})),
    path("auth/2fa/disable", second({"post": "disable"})),
    path("auth/verify-2fa", second({"post": "verify"})),
    path("auth/resend-2fa", second({"post": "resend"})),
    path("auth/2fa/setup-with-temp", second({"post": "setup_with_temp"})),
    path("auth/2fa/confirm-with-temp", second({"post": "confirm_with_temp"})),
    path("users", users({"get": "list", "post": "create"})),
    path("users/me", users({"get": "me", "patch": "update_me"})),
    path("users/me/email-preferences", users({"get": "email_preferences", "patch": "update_email_preferences"})),
    path("users/me/chatwoot-identity", users({"get": "chatwoot_identity"})),
    path("users/me/identities", users({"get": "identities"})),
    path("users/me/identities/<str:identity_id>", users({"delete": "unlink_identity"})),
    path("users/<str:user_id>", users({"patch": "partial_update", "delete": "destroy"})),
    path("users/<str:user_id>/2fa/reset", users({"post": "reset_second_factor"})),
    path("users/<str:user_id>/2fa/disable", users({"post": "suspend_second_factor"})),
    path("users/<str:user_id>/2fa/enable", users({"post": "resume_second_factor"})),
    path("users/<str:user_id>/logout-all", users({"post": "logout_all"})),
    path("organization", organization({"get": "retrieve", "patch": "partial_update"})),
    path("organization/api-keys", organization({"patch": "update_api_keys"})),
    path(
        "organization/billing-details",
        organization({"get": "billing_details", "patch": "update_billing_details"}),
    ),
    path("organization/tones", organization({"get": "tones", "post": "create_tone"})),
    path("organization/tones/<str:tone_id>", organization({"delete": "destroy_tone"})),
    path("api-keys", ApiKeyViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "api-keys/<str:key_id>",
        ApiKeyViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("api-keys/<str:key_id>/requests", ApiKeyViewSet.as_view({"get": "requests"})),
    path("api-keys/<str:key_id>/rotate", ApiKeyViewSet.as_view({"post": "rotate"})),
    path("api-keys/<str:key_id>/deactivate", ApiKeyViewSet.as_view({"patch": "deactivate"})),
    path("invitations", InvitationViewSet.as_view({"get": "list", "post": "create"})),
    path("invitations/validate", InvitationViewSet.as_view({"get": "validate"})),
    path("invitations/accept", InvitationViewSet.as_view({"post": "accept"})),
    path("invitations/<str:invitation_id>/resend", InvitationViewSet.as_view({"post": "resend"})),
    path("invitations/<str:invitation_id>/revoke", InvitationViewSet.as_view({"post": "revoke"})),
    path("notifications", NotificationViewSet.as_view({"get": "inbox"})),
    path("notifications/unread-count", NotificationViewSet.as_view({"get": "unread_count"})),
    path("notifications/read-all", NotificationViewSet.as_view({"post": "read_all"})),
    path("notifications/<str:notification_id>/read", NotificationViewSet.as_view({"post": "read"})),
    path("gdpr/export", GdprViewSet.as_view({"post": "export"})),
    path("gdpr/status", GdprViewSet.as_view({"get": "status"})),
    path("gdpr/request-deletion", GdprViewSet.as_view({"post": "request_deletion"})),
    path("gdpr/cancel-deletion", GdprViewSet.as_view({"post": "cancel_deletion"})),
]
