"""The base of billing's views: it finds the organization whose money is asked about."""

from accounts.models import Organization
from billing.api.serializers import OrganizationQuery
from billing.models import Wallet
from scribe.api.views import ScribeViewSet
from scribe.errors import Forbidden, NotFound
from scribe.ids import parse
from scribe.messages import _


class BillingViewSet(ScribeViewSet):
    """A view that loads the caller's wallet in the same statement as the sign-in."""

    principal_related = ("user__organization__wallet",)

    def wallet(self) -> Wallet:
        return self.principal.organization.wallet

    def organization(self) -> Organization:
        """The caller's own organization, or, for platform staff, the one that `?organization_id=` names."""
        user = self.principal
        asked = self.query(OrganizationQuery).get("organization_id")
        if not asked:
            return user.organization
        if not user.is_super_admin:
            raise Forbidden(_("Only platform staff can choose an organization."), code="staff_required")
        found = Organization.objects.filter(pk=parse(asked)).first() if parse(asked) else None  # type: ignore[misc]
        if found is None:
            raise NotFound(_("This organization does not exist."))
        return found
