"""The sentences that the workbench has translated: of its templates and of its modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.template import Engine, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from scribe.api.scopes import SCOPES
from tests.scribe.source import ROOT, nodes

CALLS = {"_", "gettext", "gettext_lazy"}
APPS = (
    "accounts",
    "billing",
    "blog",
    "integrations",
    "projects",
    "scribe",
    "studio",
    "webhooks",
    "workbench",
    "writing",
)
PLURALS = {"ngettext", "ngettext_lazy"}
#: A sentence, and its plural where it has one.
Sentence = tuple[str, str]


def all_of() -> list[Sentence]:
    """Each sentence once, in the order of the files. Scopes of keys and what the rules say are shown
    in the reader's language as well."""
    found = [*in_templates(), *in_modules(), *((text, "") for text in (*SCOPES.values(), *templates()))]
    return list(dict.fromkeys(found))


def in_templates() -> Iterator[Sentence]:
    engine = Engine.get_default()
    for path in sorted(path for folder in ("mail", "workbench") for path in (ROOT / "templates" / folder).rglob("*.*")):
        template = Template(path.read_text(encoding="utf-8"), engine=engine)
        for node in template.nodelist.get_nodes_by_type(TranslateNode):
            text = node.filter_expression.var
            yield str(getattr(text, "literal", text)), ""
        for block in template.nodelist.get_nodes_by_type(BlockTranslateNode):
            singular, _ = block.render_token_list(block.singular)
            plural = block.render_token_list(block.plural)[0] if block.plural else ""
            yield singular, plural


def templates() -> Iterator[str]:
    """The templates of all messages (`scribe.messages`), where they stand."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield from messages_in(path)


def messages_in(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            yield from (text.value for text in node.args[:1] if isinstance(text, ast.Constant))


def in_modules() -> Iterator[Sentence]:
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if name in CALLS and texts:
                yield texts[0], ""
            elif name in PLURALS and len(texts) > 1:
                yield texts[0], texts[1]
