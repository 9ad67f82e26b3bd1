"""What makes a page hard to use: what axe-core finds, and a page that has to be scrolled sideways."""

from collections.abc import Iterator
from typing import Any

from tests.acceptance.browser import Browser

WIDTHS = (360, 390, 2560, 1440)
THEMES = ("light", "dark")
COLOURS = ("color-contrast", "link-in-text-block")  # the rules that a theme decides, whatever the language


def faults_of(opened: Browser, theme: str, seen: set[str] | None = None) -> list[str]:
    """What axe-core finds on the page as it is. The themes have the same elements in other colours, so all rules look
    at the first one, and those of colours at the others. `seen`: the colours that they have looked at on this page, in
    another language. Where it has no others, they need not look again, which is most of the work."""
    from axe_playwright_python.base import AXE_SCRIPT

    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if theme != THEMES[0]:
        options["runOnly"] = {"type": "rule", "values": list(COLOURS)}
    else:
        opened.page.evaluate(AXE_SCRIPT)
        if seen is not None:
            colours = set(opened.page.evaluate(COLOURS_OF_TEXTS))
            if colours <= seen:
                options["rules"] = {rule: {"enabled": False} for rule in COLOURS}
            seen |= colours
    found = opened.page.evaluate(LOOK, options)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


# What decides how well each text is read: its colour and weight, that of the words around a link, and what is behind.
COLOURS_OF_TEXTS = """() => {
  const found = new Set();
  for (const one of document.querySelectorAll('body, body *')) {
    const holds = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!holds && !one.matches('input, select, textarea')) continue;
    const behind = [];
    for (let at = one; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage, opacity } = getComputedStyle(at);
      const painted = [backgroundColor, backgroundImage, opacity].join();
      if (painted !== 'rgba(0, 0, 0, 0),none,1') behind.push(painted);
    }
    const { color, fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(one);
    const around = one.tagName === 'A' ? getComputedStyle(one.parentElement).color : '';
    found.add([color, fontSize, fontWeight, textDecorationLine, textShadow, around, ...behind].join(' '));
  }
  return [...found];
}"""

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
