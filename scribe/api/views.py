"""The base of every view: sign-in, roles, rate limits, idempotency, and the one access to an organization's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from scribe import caller_key, spending_limit, test_mode
from scribe.api import idempotency, rate_limits, scopes
from scribe.api.access import ADMINS, PUBLIC, STAFF, Access, access_of
from scribe.api.addresses import client_address, network_of
from scribe.api.problems import handle, pointers
from scribe.api.serializers import StartRequest
from scribe.errors import Forbidden, InvalidInput, NotAuthenticated, VersionConflict
from scribe.fairness import callers
from scribe.rows import Versioned, claim_version, principal_id, visible_row, visible_rows

Model = TypeVar("Model", bound=models.Model)


class ScribeViewSet(ViewSetMixin, APIView):
    """A thin view: parse, check, call one domain function, render. A row that the caller may not see is NotFound."""

    rate_scope: ClassVar[dict[str, str]] = {}
    # Further relations that the authentication statement fetches, e.g. "user__organization__wallet".
    principal_related: ClassVar[tuple[str, ...]] = ()
    idempotent = True
    # POST actions that are one transaction and call no third party. Their idempotent answer is kept in that transaction.
    whole_actions: ClassVar[frozenset[str]] = frozenset()
    format_kwarg = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        request = self.initialize_request(request, *args, **kwargs)
        self.request = request
        self.headers = self.default_response_headers
        with (
            caller_key.within(),
            spending_limit.within(),
            test_mode.within(False),
        ):  # a key names itself, and a test key switches this on
            return self._answer(request, *args, **kwargs)

    def _answer(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            self.initial(request, *args, **kwargs)
            # Only the routes decide: a caller may invent a method with the name of one of the view's attributes.
            known = request.method == "OPTIONS" or request.method.lower() in self.action_map
            handler = getattr(self, request.method.lower()) if known else self.http_method_not_allowed
            if request.method == "POST" and self.idempotent and self.access.who is not PUBLIC:
                response = idempotency.once(
                    request, lambda: handler(request, *args, **kwargs), whole=self.action in self.whole_actions
                )
            else:
                response = handler(request, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
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
            raise NotAuthenticated("Sign in to use this operation.")
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
        self.check_role(user)
        self.check_impersonation(request, user)

    @property
    def access(self) -> Access:
        return access_of(self, self.action)

    def check_role(self, user: Any) -> None:
        if self.access.who is STAFF and not getattr(user, "is_super_admin", False):
            raise Forbidden("This operation is for platform staff.", code="staff_required")
        if self.access.who is ADMINS and not getattr(user, "is_admin", False):
            raise Forbidden("This operation is for the organization's admins.", code="admin_required")

    def check_scope(self, scope: str) -> None:
        """Raises Forbidden for an API key that lacks `scope`. People need none."""
        caller: Any = self.request.user
        if (key := caller.api_key) is not None:
            scopes.check(key.scopes, scope, test=key.is_test, live=self.access.live)

    def check_impersonation(self, request: Any, user: Any) -> None:
        """Let staff who work as a customer work on content only, not on money, keys, people or deletions."""
        if not getattr(user, "impersonated", False):
            return
        reads = request.method in ("GET", "HEAD", "OPTIONS") and not self.access.lasting
        if not reads and not self.access.support:
            raise Forbidden("This is not possible while support works as this user.", code="blocked_for_support")

    def caller(self, request: Any) -> Any:
        """The signed-in user on a public operation that also takes a Bearer token. None without a token.

        The checks are those of all other operations: a dead token is 401, and support may not change anything.
        """
        if "Authorization" not in request.headers:
            return None
        found = next((found for each in self.get_authenticators() if (found := each.authenticate(request))), None)
        if found is None:
            return None
        user = found[0]
        if user.api_key is not None:
            scopes.check((), "")
        callers.identify(user, str(user.pk))
        self._limit("principal", str(user.pk))
        self.check_impersonation(request, user)
        return user

    def _limit(self, default: str, who: str) -> None:
        standing = rate_limits.count(self.rate_scope.get(self.action or "", default), who)
        if standing is not None:
            self.headers.update(standing.headers())  # set before a refusal, which needs them, too
            rate_limits.refuse(standing)

    def handle_exception(self, exc: Exception) -> HttpResponse:
        response = handle(exc)
        response.exception = True  # type: ignore[attr-defined]
        return response

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(response, "data"):
            return super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if getattr(response, "is_stream", False):
            response.sign_in = request.user.api_key or request.user.session
        return response

    # --- access to rows, by organization

    @property
    def principal(self) -> Any:
        """The caller: a user or an API key."""
        return self.request.user

    def row(self, queryset: models.QuerySet[Model], pk: object, **filters: Any) -> Model:
        """The visible row with this id. NotFound if it is foreign or missing, or if `pk` is not an id."""
        return visible_row(queryset, self.principal, pk, **filters)

    def rows(self, queryset: models.QuerySet[Model], ids: list[Any], pointer: str = "#") -> list[Model]:
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
    def changing(self, row: Versioned, standing: Callable[[], dict[str, Any]], *, claim: bool = True) -> Iterator[None]:
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

    def body(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated body, with only the fields that were sent."""
        data = self.request.data
        if not hasattr(data, "keys"):
            raise InvalidInput("The body must be a JSON object.", code="malformed_json")
        found = _validated(serializer(data=data, context={"request": self.request}), "#")
        if issubclass(serializer, StartRequest):
            spending_limit.limit(found.pop("max_xct", None))
        return found

    def query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The validated query string."""
        return _validated(serializer(data=self.request.query_params, context={"request": self.request}), "?")


def versioned(shown: dict[str, Any], status: int = 200) -> Response:
    """A reply that shows one row. Its `version` is also the ETag."""
    return Response(shown, status=status, headers={"ETag": f'"{shown["version"]}"'})


def _validated(serializer: serializers.Serializer[Any], base: str) -> dict[str, Any]:
    if not serializer.is_valid():
        found = pointers(serializer.errors, base)
        if base == "?":
            found = [{**fault, "pointer": fault["pointer"].replace("?/", "?", 1)} for fault in found]
        raise InvalidInput(_sentence(found), errors=found)
    return dict(serializer.validated_data)


def _sentence(faults: list[dict[str, str]]) -> str:
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{first['pointer']}: {first['detail']}{more}"
