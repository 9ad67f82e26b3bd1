"""What makes a page hard to use: what axe-core finds, and a page that has to be scrolled sideways."""

from collections.abc import Iterator
from typing import Any

from tests.acceptance.browser import Browser

WIDTHS = (360, 390, 1440, 2560)
THEMES = ("light", "dark")
COLOURS = ("color-contrast", "link-in-text-block")  # the rules that a theme decides, whatever the language


def faults_of(opened: Browser, theme: str) -> list[str]:
    """What axe-core finds on the page as it is. The themes have the same elements in other colours, so all rules look
    at the first one, and those of colours at the others."""
    from axe_playwright_python.base import AXE_SCRIPT

    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if theme == THEMES[0]:
        opened.page.evaluate(AXE_SCRIPT)
    else:
        options["runOnly"] = {"type": "rule", "values": list(COLOURS)}
    found = opened.page.evaluate(LOOK, options)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


# The page as it is, and then each thing that it keeps shut, opened alone: its dialogs, and the toast with its button.
LOOK = """async (options) => {
  const found = (await axe.run(options)).violations;
  for (const one of document.querySelectorAll('dialog, .undo')) {
    one.showModal ? one.showModal() : one.hidden = false;
    for (const moving of document.getAnimations()) moving.finish();
    found.push(...(await axe.run(one, options)).violations);
    one.close ? one.close() : one.hidden = true;
  }
  return found;
}"""


def wide(opened: Browser) -> Iterator[str]:
    """The widths of window in which the page has to be scrolled sideways."""
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 900})
        real = opened.page.evaluate("document.documentElement.scrollWidth")
        if real > width:
            yield f"{real} px wide on {width}"
