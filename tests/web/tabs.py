"""An open page in a real browser, and what to ask of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

# The ratio of contrast of every visible text to what lies behind it, by WCAG 2.1; large text may have less.
TOO_FAINT = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement, style = getComputedStyle(node);
    if (!walker.currentNode.data.trim() || node.closest("script, .vh") || !node.getClientRects().length) continue;
    const colour = node.closest("svg") ? style.fill : style.color;
    const [a, b] = [light(rgb(colour)), light(behind(node))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 600);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${walker.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return faint;
}"""

UNNAMED = """() =>
  [...document.querySelectorAll("a, button, input, select, nav, [role=img], [role=button], [role=region]")]
  .filter((node) => !(node.textContent.trim() || node.getAttribute("aria-label") || node.labels?.length))
  .map((node) => node.outerHTML.slice(0, 80))"""

OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"

_CLASHES = """() => {
  const clashes = [];
  for (const svg of document.querySelectorAll("SELECTED")) {
    const box = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll("text")];
    const boxes = texts.map((text) => text.getBoundingClientRect());
    boxes.forEach((a, i) => {
      if (a.left < box.left - 2 || a.right > box.right + 2) clashes.push(`out: ${texts[i].textContent}`);
      boxes.slice(i + 1).forEach((b, j) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 3) clashes.push(`${texts[i].textContent} | ${texts[i + 1 + j].textContent}`);
      });
    });
  }
  return clashes;
}"""


def clashes(selector: str) -> str:
    """Asks for labels of drawings that lie on one another or run out of their drawing."""
    return _CLASHES.replace("SELECTED", selector)


class Tab:
    """An open page, with what it said and asked for."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **options})
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()


def check_names_and_headings(page: Any) -> None:
    """Every control and figure has a name, every table a caption, and no heading skips a level."""
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate("document.querySelectorAll('table:not(:has(caption))').length") == 0
    assert page.evaluate("document.querySelectorAll('th:not([scope])').length") == 0
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((each) => +each.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
