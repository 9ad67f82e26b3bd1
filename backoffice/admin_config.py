from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    """Django's admin with our site as the default."""

    default = False
    default_site = "backoffice.site.StaffSite"
