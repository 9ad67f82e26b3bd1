"""The base of every view: sign-in, roles, rate limits, idempotency, and the one access to an organization's rows."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from scribe import caller_key, spending_limit, test_mode
from scribe.api import idempotency, rate_limits, scopes, unknown_names
from scribe.api.access import PUBLIC, Access, access_of, check_role
from scribe.api.addresses import client_address, network_of
from scribe.api.job_reply import JobReply
from scribe.api.pagination import as_is, sparse
from scribe.api.problems import handle
from scribe.api.schema import Operation
from scribe.api.serializers import StartRequest, sentence_of, validate
from scribe.api.streams import JobStream
from scribe.api.unknown_names import Unknown, rule_of
from scribe.errors import Forbidden, InvalidInput, NotAuthenticated, VersionConflict
from scribe.fairness import callers
from scribe.fairness.refusals import refused
from scribe.messages import _
from scribe.rows import Model, Restricted, Versioned, claim_version, principal_id, visible_row, visible_rows
from scribe.types import Json, User


class SignedInRequest(Request):
    """A request whose caller is known: what every operation gets, unless it is public or for keys alone."""

    if TYPE_CHECKING:
        user: User
        method: str


class ScribeViewSet(ViewSetMixin, APIView):
    """A thin view: parse, check, call one domain function, render. A row that the caller may not see is NotFound."""

    tag = ""  # what its operations are grouped under in the OpenAPI document
    rate_scope: ClassVar[dict[str, str]] = {}
    # Further relations that the authentication statement fetches, e.g. "user__organization__wallet".
    principal_related: ClassVar[tuple[str, ...]] = ()
    idempotent = True
    # POST actions that are one transaction and call no third party. Their idempotent answer is kept in that transaction.
    whole_actions: ClassVar[frozenset[str]] = frozenset()
    format_kwarg = None
    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.args, self.kwargs = args, kwargs
        self.request = cast(SignedInRequest, self.initialize_request(request, *args, **kwargs))
        self.headers = {**self.default_response_headers, **self.deprecation_headers}
        with (
            caller_key.within(),
            spending_limit.within(),
            test_mode.within(False),
        ):  # a key names itself, and a test key switches this on
            return self._answer(self.request, *args, **kwargs)

    def _answer(self, request: SignedInRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            self.initial(request, *args, **kwargs)
            # Only the routes decide: a caller may invent a method with the name of one of the view's attributes.
            known = request.method == "OPTIONS" or request.method.lower() in self.action_map
            handler = getattr(self, request.method.lower()) if known else self.http_method_not_allowed
            if known and (faults := self._query_faults(request)):
                if request.method in ("GET", "HEAD"):  # what is not there comes before what is not valid
                    handler(request, *args, **kwargs)
                raise InvalidInput(sentence_of(faults), errors=faults)
            if request.method == "POST" and self.idempotent and self.access.who is not PUBLIC:
                response = idempotency.once(
                    request, lambda: handler(request, *args, **kwargs), whole=self.action in self.whole_actions
                )
            else:
                response = handler(request, *args, **kwargs)
            if isinstance(response, Response) and isinstance(response.data, dict) and self.about and self.about.row:
                response.data = sparse(request, as_is)(response.data)  # one row; lists have been cut already
        except Exception as error:
            response = self.handle_exception(error)
        return self.finalize_response(request, response, *args, **kwargs)

    def initial(self, request: SignedInRequest, *args: object, **kwargs: object) -> None:  # type: ignore[override]  # of ours
        if request.method.lower() not in self.action_map and request.method != "OPTIONS":
            self.action = ""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        if self.access.who is PUBLIC:
            self._limit("public", network_of(client_address(request)))
            return
        if not self.action and any(access_of(self, action).who is PUBLIC for action in self.action_map.values()):
            self._limit("public", network_of(client_address(request)))
            raise MethodNotAllowed(request.method)
        try:
            self.perform_authentication(request)
        except (NotAuthenticated, Forbidden, InvalidInput):  # calls that guess tokens are counted by address
            self._limit("public", network_of(client_address(request)))
            raise
        user = request.user
        if user is None:
            self._limit("public", network_of(client_address(request)))
            raise NotAuthenticated(_("Sign in to use this operation."))
        caller_id = str(principal_id(user))
        callers.identify(user, caller_id)
        self._limit("principal", caller_id)
        if not self.action:
            raise MethodNotAllowed(request.method)
        self.check_scope(self.access.scope)
        if user.api_key is not None:
            caller_key.use(user.api_key)
            if user.api_key.is_test:
                test_mode.enter()
        check_role(user, self.access.who)
        self.check_impersonation(request, user)

    @property
    def access(self) -> Access:
        return access_of(self, self.action)

    def check_scope(self, scope: str) -> None:
        """Raises Forbidden for an API key that lacks `scope`. People need none."""
        if (key := self.principal.api_key) is not None:
            scopes.check(key.scopes, scope, test=key.is_test, live=self.access.live)

    def check_impersonation(self, request: Request, user: object) -> None:
        """Let staff who work as a customer work on content only, not on money, keys, people or deletions."""
        if not getattr(user, "impersonated", False):
            return
        reads = request.method in ("GET", "HEAD", "OPTIONS") and not self.access.lasting
        if not reads and not self.access.support:
            raise Forbidden(
                _("This is not possible while support is signed in as this user."), code="blocked_for_support"
            )

    def caller(self, request: Request) -> User | None:
        """The signed-in user on a public operation that also takes a Bearer token. None without a token.

        The checks are those of all other operations: a dead token is 401, and support may not change anything.
        """
        if "Authorization" not in request.headers:
            return None
        found = next((found for each in self.get_authenticators() if (found := each.authenticate(request))), None)
        if found is None:
            return None
        user: User = found[0]
        if user.api_key is not None:
            scopes.check((), "")
        callers.identify(user, str(user.pk))
        self._limit("principal", str(user.pk))
        self.check_impersonation(request, user)
        return user

    @property
    def unknown_names(self) -> Unknown:
        """The rule for names in the body and in the query that the operation does not know."""
        route = getattr(self.request.resolver_match, "route", "")
        return rule_of(self.tag, self.request.method, route) if self.about else Unknown.IGNORED

    @property
    def deprecation_headers(self) -> dict[str, str]:
        deprecated = getattr(self.about, "deprecated", None)
        return deprecated.headers() if deprecated else {}

    @property
    def about(self) -> Operation | None:
        return getattr(getattr(self, self.action or "", None), "about", None)

    def _query_faults(self, request: Request) -> list[dict[str, str]]:
        if self.about is None or not request.query_params:
            return []
        found = unknown_names.faults(request.query_params, self.about.query_names, self.unknown_names)
        return [{"pointer": f"?{name}", "detail": text, "code": unknown_names.CODE} for name, text in found.items()]

    def _limit(self, default: str, who: str) -> None:
        standing = rate_limits.count(self.rate_scope.get(self.action or "", default), who)
        if standing is not None:
            self.headers.update(standing.headers())  # set before a refusal, which needs them, too
            if standing.exceeded:
                refused.set((who, standing))
            rate_limits.refuse(standing)

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]  # a problem needs no renderer
        response = handle(exc)
        response.exception = True  # type: ignore[attr-defined]
        return response

    def finalize_response(  # type: ignore[override]  # also replies without a renderer
        self, request: SignedInRequest, response: HttpResponse, *args: object, **kwargs: object
    ) -> HttpResponse:
        if isinstance(response, Response):
            return super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if isinstance(response, JobReply):
            response.prefer(request.headers.get("Prefer", ""))
        if isinstance(response, JobStream):
            response.sign_in = request.user.api_key or request.user.session
        return response

    # --- access to rows, by organization

    @property
    def principal(self) -> User:
        """The caller: a user; on the operations of plugins an API key."""
        return self.request.user

    def row(self, queryset: Restricted[Model], pk: object, **filters: object) -> Model:
        """The visible row with this id. NotFound if it is foreign or missing, or if `pk` is not an id."""
        return visible_row(queryset, self.principal, pk, **filters)

    def rows(self, queryset: Restricted[Model], ids: Iterable[object], pointer: str = "#") -> list[Model]:
        """The visible rows with these ids, in their order. Raises NotFound that names the missing ids."""
        return visible_rows(queryset, self.principal, ids, pointer)

    # --- several writers

    def if_match(self) -> frozenset[int] | None:
        """The versions that `If-Match` names. None without the header or with `*`, which accept any version. The mark of a
        weak tag (`W/`) is ignored: compressing proxies add it, and the tag names the row's state, not its bytes."""
        given = self.request.headers.get("If-Match", "").strip()
        if given in ("", "*"):
            return None
        tags = [tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")]
        return frozenset(int(tag) for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 19)

    @contextmanager
    def changing(self, row: Versioned, standing: Callable[[], Json], *, claim: bool = True) -> Iterator[None]:
        """A transaction for a change of `row`. Raises VersionConflict when `If-Match` names other versions of it, with the
        present row as `standing` returns it. Without `claim`, the change must claim the version itself, after the locks
        that precede the row's in the order of locks."""
        try:
            with transaction.atomic():
                if claim:
                    claim_version(row, self.if_match())
                yield
        except VersionConflict as conflict:
            conflict.extra["current"] = standing()
            raise

    # --- input

    def body(self, serializer: type[serializers.Serializer[object]]) -> Json:
        """The validated body, with only the fields that were sent."""
        data = self.request.data
        if not hasattr(data, "keys"):
            raise InvalidInput(_("The request body must be a JSON object."), code="malformed_json")
        context = {"request": self.request, "unknown_names": self.unknown_names}
        found = validate(serializer(data=data, context=context), "#")
        if issubclass(serializer, StartRequest):
            spending_limit.limit(found.pop("max_xct", None))
        return found

    def query(self, serializer: type[serializers.Serializer[object]]) -> Json:
        """The validated query string."""
        return validate(serializer(data=self.request.query_params, context={"request": self.request}), "?")


def versioned_reply(shown: Json, status: int = 200) -> Response:
    """A reply that shows one row. Its `version` is also the ETag."""
    return Response(shown, status=status, headers={"ETag": f'"{shown["version"]}"'})
