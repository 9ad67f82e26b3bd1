from django.http import HttpResponse

from billing import plans
from billing.api.serializers import PlanReply
from scribe.api.access import PUBLIC
from scribe.api.pagination import short_array
from scribe.api.schema import ListOf, operation
from scribe.api.views import ScribeViewSet, SignedInRequest


class PlanViewSet(ScribeViewSet):
    tag = "billing"

    @operation(
        who=PUBLIC,
        summary="List plans",
        description="The Free plan and the plans on sale, from lowest to highest.",
        responses={200: ListOf(PlanReply)},
    )
    def list(self, request: SignedInRequest) -> HttpResponse:
        return short_array(request, [PlanReply(row).data for row in plans.plans_on_offer()])
