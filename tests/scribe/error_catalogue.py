"""The catalogue of error codes, read from the source. test_error_codes.py beside it writes it with WRITE_CATALOGUE=1.

A code is listed where an error with a code is made: a `DomainError`, a store's or a model's error, the failure of a job
or of one item, a `problem`, a plan's limit, a fault of one field, and whatever a field of a request refuses by itself.
`unread` lists what is none of these and hands on no other error's code either: the catalogue would lack its code.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.module_loading import import_string
from rest_framework import serializers

from blog.api.views.images import KINDS
from integrations.ai.errors import AIError
from integrations.ai.types import EndReason
from integrations.stores.errors import StoreError
from scribe.api.problems import OF_DRF, problem
from scribe.api.serializers import Request
from scribe.errors import DomainError, InvalidInput
from scribe.http.errors import BlockedAddress
from scribe.jobs import Failed, TryAgain
from scribe.messages import Message
from tests.scribe.source import ROOT, source_files, syntax
from writing.output import Unusable

CODES = ROOT / "scribe" / "api" / "error_codes.tsv"
PAGE = ROOT / "docs" / "reference" / "errors.md"
HEAD = """# Error codes

Every error is `application/problem+json` (RFC 9457). Decide by `code`; `type` leads to its row here. `detail` is for
people: it changes, and `…` stands for what differs. That is in `values`, by name, for programs that say it in words
of their own. Treat a code that you don't know by its status.

What is wrong with one field is in `errors`, with the field's pointer and a code of its own: such codes have `field`
among their statuses. What failed in a job has its code in the job's `result` and events; a store or provider that
failed has it as `reason` or `store_code` of a 502, 503 or 504. These have `job`.

This page is made from the source (tests/scribe/error_catalogue.py).

| code | status | detail |
|---|---|---|
"""
FIELD, JOB = "field", "job"
#: Where a code of this kind of error is read.
KINDS_OF_ERRORS: dict[type[BaseException], tuple[str, ...]] = {
    StoreError: ("409", JOB),
    AIError: (JOB,),
    BlockedAddress: ("400", FIELD, JOB),
    Failed: (JOB,),
    TryAgain: (JOB,),
    serializers.ValidationError: (FIELD,),
    DjangoValidationError: (FIELD,),
}
#: What notes the code of one item's or one page's failure, and the place of the code among its arguments.
NOTES = {"fail": 2, "_fail": 2, "ItemPage": 4, "report_wait": 9, "give_up_rest": 9, "finish": 9, "replace": 9}
#: Functions whose `code` is none of an error.
NO_ERRORS = {"_", "LanguageRules", "create", "exclude", "filter", "payload"}
#: Codes that are put together.
COMPOSED = {
    "f'unknown_{key}'": {"unknown_language_way", "unknown_benefits"},
    "f'{provider}_sign_in_not_configured'": {"apple_sign_in_not_configured", "google_sign_in_not_configured"},
    "answer.end.value": {end.value for end in EndReason if end is not EndReason.OK},
}
#: What one code means that is answered in many sentences.
MEANINGS = {
    "broken_xml": "The XML is damaged, or in an encoding that can't be read.",
    "cell_too_long": "A cell of the file is longer than a field may be.",
    "connection_inactive": "The connection is inactive. Connect the store again.",
    "empty": "An empty list, object or file where something is needed.",
    "error": "The AI's answer could not be read.",
    "failed": "The work failed for a reason that has no code of its own.",
    "file_too_large": "The file, or what it unpacks to, is too large. Split it.",
    "filtered": "The provider's content filter stopped the answer.",
    "image_broken": "The image file is empty, damaged or incomplete. Choose another file.",
    "in_doubt": "The store's answer to a write was lost. The next sync reads what is there.",
    "invalid": "The value is not of the kind that the field takes.",
    "invalid_choice": "This is not one of the choices.",
    "invalid_credentials": "The email address or password is wrong, or the sign-in has ended.",
    "invalid_input": "The request is not valid. `errors` says what is wrong with each field.",
    "invalid_languages": "The list of languages is too long, or names one that does not exist.",
    "invalid_parameters": "A line of a rule of law has a wrong value.",
    "invalid_shop": "Enter the store's address in the form your-store.myshopify.com.",
    "invalid_signature": "The delivery is not signed by its sender.",
    "invalid_text": "A text that can't be saved: it is not valid UTF-8, or has a NUL character.",
    "invalid_type": "A value has another type than its field.",
    "invalid_url": "The address is not a web address that can be used here.",
    "invalid_words": "A line of a rule of law has a list of words that can't be read.",
    "item_not_writable": "Excluded items and variants have no text of their own: a variant uses its product's.",
    "items_full": "Your plan allows no more items. Delete what you no longer need, or choose a higher plan.",
    "job_active": "A job is running. Wait until it has finished, or cancel it.",
    "malformed_json": "What should be JSON is not, or is not the object or list that it should be.",
    "max_length": "The value is longer than the field allows.",
    "max_value": "The number is greater than the field allows.",
    "min_length": "The value is shorter than the field allows.",
    "min_value": "The number is smaller than the field allows.",
    "not_approved": "Only approved texts can be synced.",
    "not_authenticated": "Sign in, or send a valid API key.",
    "not_found": "It does not exist: it was deleted, or belongs to another organization.",
    "not_restored": "An undo put nothing back: the reasons are in the sentence.",
    "not_writable": "The store does not let this item be written.",
    "password_entirely_numeric": "The password has only digits.",
    "password_too_common": "The password is a common one.",
    "password_too_short": "The password is too short.",
    "password_too_similar": "The password is too much like the person's name or address.",
    "post_changed": "The post was changed on the site since it was last published. Choose which version to keep.",
    "post_is_busy": "The post is being generated or published right now.",
    "projects_full": "Your plan allows no more projects. Delete what you no longer need, or choose a higher plan.",
    "protected_user": "Accounts of platform staff can't be changed or used this way.",
    "provider_credit_exhausted": "The account with the AI provider has no credit left. Top it up there.",
    "provider_key_rejected": "The AI provider rejected the API key. Check the key.",
    "provider_model_unknown": "The AI provider does not offer this model to this key. Choose another one.",
    "provider_not_configured": "The AI provider is not set up: it has no key, or the key was removed.",
    "provider_timeout": "The AI provider took too long to answer.",
    "provider_unavailable": "The AI provider could not be reached, or failed.",
    "refused": "The AI declined to write this text.",
    "required": "A value is missing.",
    "schema": "The AI's answer lacks a part, or has one of another type.",
    "shop_language_other": "The store shows this text in another language than the project's.",
    "shop_language_primary": "This is the store's main language, so texts are not translated into it.",
    "shop_language_shared": "The store has one version for several languages. Choose in the connection which it is.",
    "slug_taken": "Another row has this name in its address. Please try again.",
    "staff_required": "Only platform staff can do this.",
    "storage_full": "Your plan allows no more storage. Delete what you no longer need, or choose a higher plan.",
    "store_answer_lost": "The store's answer to a write was lost. Read the store before you write again.",
    "store_bulk_unusable": "The store's bulk export can't be used, so its items are read by pages.",
    "store_changed": "The store's text was changed since, so it was not overwritten.",
    "store_credentials_refused": "The store rejected the credentials. Connect it again.",
    "store_maintenance": "The site is being updated.",
    "store_not_found": "The store no longer has this product, article or page.",
    "store_not_recognized": "No store answers at this address. Check the address.",
    "store_prepares": "The store is preparing its export.",
    "store_rejected": "The store understood the request and refused it.",
    "store_repeats_pages": "The store keeps sending the same page. Please report it to support.",
    "store_throttled": "The store is limiting our requests. We will try again shortly.",
    "store_unavailable": "The store is busy, overloaded or down.",
    "store_unsupported": "The platform, its plugins or our permissions there don't offer this.",
    "sync_conflict": "The store's text was changed since ours was last synced. Choose which version to keep.",
    "tier_required": "This is not part of your plan. Choose a higher one.",
    "too_deep": "The body, file or text is nested too deeply.",
    "too_large": "The body or a part of it is too large.",
    "too_long": "The text is too long.",
    "too_many": "The list has too many entries.",
    "too_many_rows": "The file has too many rows.",
    "tool": "The AI did not return a text.",
    "translation_changed": "The translation was changed meanwhile, here or in the store, so it was not overwritten.",
    "translation_exists": "The store already has a translation of its own, so it was not overwritten.",
    "translations_unsupported": "Translations can't be published to this store.",
    "truncated": "The AI's answer was cut off because it was too long.",
    "wrong_mode": "Test keys and test projects belong together, and live keys and live projects.",
    "unchangeable": "This does not change any more.",
    "undecodable_file": "The file's encoding can't be read. Save it as UTF-8.",
    "unknown_event_type": "There is no such event type.",
    "unknown_name": "This name is not known here. The nearest known one is in the sentence.",
    "unknown_provider": "This AI provider does not exist, or can't do this.",
    "unsupported_file": "The file is of no kind that can be read here.",
    "upstream_error": "A third party failed or took too long. `party` names it, `reason` has its code.",
    "verifier_incomplete": "The second model did not judge all sentences.",
    "verifier_unreliable": "The second model misjudged a control sentence, so nothing of its reading counts.",
    "weak_password": "The password breaks a rule. `errors` says which.",
}
HANDED_ON = {"code", "error_code", "store_code", "detail", "message", "reason", "error", "error_message"}


@dataclass
class Found:
    """Where a code is read, by status, `field` or `job`, and the sentences that it comes with."""

    places: set[str] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module
    names: dict[str, Any]

    def function_of(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        return _functions(self.name).get(id(node))

    @property
    def annotations(self) -> dict[str, ast.expr]:
        return _annotations(self.name)


@cache
def modules() -> dict[str, Module]:
    return {
        name: Module(name, syntax(path), dict(vars(importlib.import_module(name))))
        for name, path in source_files().items()
        if not name.startswith(("workbench", "backoffice"))  # pages: nothing of theirs is an answer of the API
    }


@cache
def _annotations(name: str) -> dict[str, ast.expr]:
    """What the arguments in a module are declared as, by their names; the first of a name counts."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(modules()[name].tree):
        if isinstance(node, ast.arg) and node.annotation:
            found.setdefault(node.arg, node.annotation)
    return found


@cache
def _functions(name: str) -> dict[int, ast.FunctionDef | ast.AsyncFunctionDef]:
    """The innermost function around each node, by the node's id."""
    found = {}
    for function in ast.walk(modules()[name].tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            found |= {id(node): function for node in ast.walk(function) if node is not function}
    return found


@cache
def _calls() -> dict[str, list[tuple[Module, ast.Call]]]:
    """All calls of the product by the last part of the name of what is called."""
    found: dict[str, list[tuple[Module, ast.Call]]] = {}
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and (name := _last(node.func)):
                found.setdefault(name, []).append((module, node))
    return found


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def resolve(node: ast.expr, names: dict[str, Any]) -> Any:
    try:
        return eval(ast.unparse(node), names)  # our own source
    except Exception:
        return None


def texts(node: ast.expr | None, module: Module, depth: int = 4) -> set[str | None]:
    """The texts that an expression may be, with `…` for what differs. None among them: one can't be read. What is
    handed on from another error is none of them."""
    if node is None or _is_handed_on(node):
        return set()
    if composed := COMPOSED.get(ast.unparse(node)):
        return {*composed}
    if isinstance(node, ast.IfExp):
        return texts(node.body, module, depth) | texts(node.orelse, module, depth)
    if isinstance(node, ast.BoolOp):
        return set().union(*(texts(value, module, depth) for value in node.values))
    if isinstance(node, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)}
    if isinstance(node, ast.Call) and _last(node.func) in ("_", "ngettext", "format"):
        template = node.func.value if isinstance(node.func, ast.Attribute) else node.args[0]
        return {one and _bare(one) for one in texts(template, module, depth)}
    if isinstance(value := resolve(node, module.names), str):
        return {_bare(value)}
    if isinstance(node, ast.Name):
        return _named(node, module, depth)
    if isinstance(node, ast.Subscript) and isinstance(table := resolve(node.value, module.names), dict):
        return {_bare(each) for each in table.values() if isinstance(each, str)}
    return {None}


def _is_handed_on(node: ast.expr) -> bool:
    """Whether it takes a code or a sentence from another error."""
    if isinstance(node, ast.Attribute):
        return node.attr in HANDED_ON
    part = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(node, ast.Call) and _last(node.func) == "getattr":
        part = node.args[1]
    return isinstance(part, ast.Constant) and part.value in HANDED_ON


def _bare(text: str) -> str:
    return re.sub(r"{[^{}]*}", "…", text.template if isinstance(text, Message) else text)


def _named(node: ast.Name, module: Module, depth: int) -> set[str | None]:
    """What a variable or an argument of the function around it may be."""
    function = module.function_of(node)
    if function is None or not depth:
        return {None}
    assigned = [each for each in ast.walk(function) if isinstance(each, ast.Assign | ast.AnnAssign | ast.NamedExpr)]
    found = [texts(value, module, depth - 1) for each in assigned for value in _assigned(each, node.id, module)]
    arguments = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if node.id in arguments or any(one.arg == node.id for one in function.args.kwonlyargs):
        place = arguments.index(node.id) - (arguments[0] in ("self", "cls")) if node.id in arguments else None
        for caller, call in _calls().get(function.name, []):
            words = [word.value for word in call.keywords if word.arg == node.id]
            given = words or ([] if place is None else call.args[place : place + 1])
            found += [texts(each, caller, depth - 1) for each in given]
    return set().union(*found) if found else {None}


def _assigned(node: ast.Assign | ast.AnnAssign | ast.NamedExpr, name: str, module: Module) -> Iterator[ast.expr]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name) and target.id == name and node.value is not None:
            yield node.value
        if isinstance(target, ast.Tuple) and node.value is not None:
            at = next((at for at, one in enumerate(target.elts) if isinstance(one, ast.Name) and one.id == name), None)
            if at is not None:
                yield from _part(node.value, at, module)


def _part(node: ast.expr, at: int, module: Module) -> Iterator[ast.expr]:
    """The value at a place of what is taken apart."""
    if isinstance(node, ast.Tuple):
        yield node.elts[at]
    elif isinstance(node, ast.IfExp):
        yield from (*_part(node.body, at, module), *_part(node.orelse, at, module))
    elif isinstance(node, ast.Subscript) and isinstance(table := resolve(node.value, module.names), dict):
        yield from (ast.Constant(each[at]) for each in table.values())
    else:
        yield node


Made = tuple[ast.expr | None, str, tuple[str, ...], ast.expr | None]  # the code, else its default, places, the sentence


def made_by(node: ast.AST, module: Module) -> Made | None:
    """The error that a node makes, if it makes one."""
    if isinstance(node, ast.Dict):
        keys = {
            one.value: two for one, two in zip(node.keys, node.values, strict=True) if isinstance(one, ast.Constant)
        }
        is_fault = {"pointer", "detail", "code"} <= keys.keys()
        return (keys["code"], "", (FIELD,), keys["detail"]) if is_fault else None
    if isinstance(node, ast.Assign) and module.name.startswith("projects.sync"):
        is_noted = any(isinstance(one, ast.Attribute) and one.attr == "code" for one in node.targets)
        return (node.value, "", ("409", JOB), None) if is_noted else None
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name | ast.Attribute):
        node = ast.Call(node.exc, [], [])
    if not isinstance(node, ast.Call):
        return None
    known = {word.arg: word.value for word in node.keywords if word.arg}
    kind = resolve(node.func, module.names) or _declared(node.func, module)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind is not Unusable:
        return _raised(kind, known, node)
    return _told(kind, known, node, module)


def _told(kind: Any, known: dict[str, ast.expr], node: ast.Call, module: Module) -> Made | None:
    """What a call other than an exception's makes, or one with its code first."""
    name, code = _last(node.func), known.get("code")
    first, second, third = [*node.args, None, None, None][:3]
    if name == "at" and resolve(node.func.value, module.names) is InvalidInput:  # type: ignore[attr-defined]
        return code or third, "invalid", ("400", FIELD), second
    if ast.unparse(node.func).endswith("limits.Limit"):  # mostly imported where it is made
        return second, "", ("409",), None
    if kind is problem and isinstance(first, ast.Constant) and isinstance(first.value, int):
        phrase = HTTPStatus(first.value).phrase.lower().replace(" ", "_").replace("-", "_")
        return code, phrase, (str(first.value),), second or known.get("detail")
    noted = [code, *node.args[NOTES[name] :][:1]] if name in NOTES else []
    if any(noted):
        return next(filter(None, noted)), "", (JOB,), known.get("reason") or second
    return (first, "", (JOB,), second) if kind is Unusable else None


def _raised(kind: type[Exception], known: dict[str, ast.expr], node: ast.Call) -> Made | None:
    if issubclass(kind, DomainError):
        default, places = kind.code, (str(kind.status),)
    elif base := next((base for base in KINDS_OF_ERRORS if issubclass(kind, base)), None):
        default = getattr(kind, "default_code", None) or getattr(kind, "code", None) or _default_code(kind)
        places = KINDS_OF_ERRORS[base]
    else:
        return None
    return known.get("code"), default, places, [*node.args, None][0] or known.get("detail") or _default_of(kind)


def _declared(name: ast.expr, module: Module) -> Any:
    """The class that an argument is declared as: `kind: type[StoreError]`."""
    annotation = module.annotations.get(name.id) if isinstance(name, ast.Name) else None
    declared = re.fullmatch(r"type\[(\w+)\]", ast.unparse(annotation)) if annotation else None
    return module.names.get(declared[1]) if declared else None


def _default_code(kind: type[BaseException]) -> str:
    given = inspect.signature(kind).parameters.get("code")
    return str(given.default or "invalid") if given is not None and given.default is not inspect.Parameter.empty else ""


def _default_of(kind: type[BaseException]) -> ast.expr | None:
    """The sentence of an error that is made without one."""
    default = inspect.signature(kind).parameters.get("detail")
    if default is not None and isinstance(default.default, str) and default.default:
        return ast.Constant(_bare(default.default))
    module = modules().get(kind.__module__)
    body = (
        [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef) and node.name == kind.__name__]
        if module
        else []
    )
    for node in ast.walk(body[0]) if module and body else ():
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__" and node.args:
            found = texts(node.args[0], module, 1) - {None}
            return ast.Constant(min(found)) if found else None
    return None


def errors_of_the_source() -> Iterator[tuple[str, Made, Module]]:
    for module in modules().values():
        for node in ast.walk(module.tree):
            function = module.function_of(node)
            if function is not None and function.name == InvalidInput.at.__name__ and module.name == "scribe.errors":
                continue  # read where it is called
            if made := made_by(node, module):
                yield f"{module.name}:{node.lineno}", made, module  # type: ignore[attr-defined]


def refusals_of_fields() -> Iterator[tuple[str, str]]:
    """What each field of a request's body or query may refuse: code and sentence."""

    def walk(one: Any) -> Iterator[tuple[str, str]]:
        yield from ((code, str(sentence)) for code, sentence in one.error_messages.items())
        yield from ((each.code, str(each.message)) for each in one.validators if hasattr(each, "code"))
        for inner in [*getattr(one, "fields", {}).values(), *([one.child] if hasattr(one, "child") else [])]:
            yield from walk(inner)

    def below(kind: type[Request]) -> Iterator[type[Request]]:
        for each in kind.__subclasses__():
            yield from (each, *below(each))

    for kind in below(Request):
        yield from ((code, _bare(text)) for code, text in walk(kind()))


def refusals_of_passwords() -> Iterator[tuple[str, str]]:
    for row in settings.AUTH_PASSWORD_VALIDATORS:
        source = inspect.getsource(import_string(row["NAME"]))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                yield node.value.value, ""


@cache
def collected() -> tuple[dict[str, Found], list[str]]:
    """What is known of each code, and the places whose code can't be read."""
    codes: dict[str, Found] = {}
    unread = []

    def note(code: str, places: tuple[str, ...], sentences: set[str | None]) -> None:
        found = codes.setdefault(code, Found())
        found.places.update(places)
        told = {" ".join(one.split()) for one in sentences if one and not one.startswith("#/")}
        found.sentences |= told - {"…", "…: …"}

    for where, (node, default, places, sentence), module in errors_of_the_source():
        names = texts(node, module) if node is not None else {default}
        if None in names or any("…" in name for name in names if name):
            unread.append(f"{where}: {ast.unparse(node) if node else default}")
        for code in names - {"", None}:
            note(code, places, texts(sentence, module))
    for code, text in (*refusals_of_fields(), *refusals_of_passwords()):
        note(code, (FIELD,), {text})
    for code, kind in KINDS.items():
        note(code, (str(kind.status),), set())
    for code, status, text in OF_DRF.values():
        note(code, (str(status),), {_bare(text)})
    return codes, unread + list(strays(codes))


def strays(known: dict[str, Found]) -> Iterator[str]:
    """Calls that name a code which no error has: of a kind of error that only its caller knows."""
    for module in modules().values():
        for node in ast.walk(module.tree):
            word = next((one for one in getattr(node, "keywords", ()) if one.arg == "code"), None)
            if word is not None and not made_by(node, module) and _last(node.func) not in NO_ERRORS:  # type: ignore[attr-defined]
                found = texts(word.value, module, 1) - {"", None}
                yield from (f"{module.name}:{word.value.lineno}: {code}" for code in sorted(found - known.keys()))


def catalogue() -> dict[str, tuple[list[str], str]]:
    """Each code with its places and its meaning, or its shortest sentence."""
    return {
        code: (
            sorted(found.places),
            MEANINGS.get(code) or min(found.sentences, key=lambda text: (text.count("…"), len(text), text), default=""),
        )
        for code, found in sorted(collected()[0].items())
    }


def lines() -> str:
    """The catalogue as the product reads it: code, places and sentence of one code in a line."""
    return "".join(f"{code}\t{' '.join(places)}\t{words}\n" for code, (places, words) in catalogue().items())


def page() -> str:
    def row(code: str, places: list[str], words: str) -> str:
        escaped = words.replace("|", "\\|").replace("<", "&lt;")
        return f'| <a id="{code}"></a>`{code}` | {", ".join(places)} | {escaped} |\n'

    return HEAD + "".join(row(code, *rest) for code, rest in catalogue().items())
