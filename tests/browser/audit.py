"""What every page must keep, asked of the page as the browser shows it."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# 640: a screen of 1,280 px whose page is shown twice as large.
WIDTHS = (390, 640, 768, 1280, 1440)
# WCAG 2.2, levels A and AA. The dark scheme is the same page in other colours.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

# Each answer is a list of complaints; `name` is what a screen reader would say.
_COMPLAINTS = """() => {
  const found = [];
  const shown = (element) => element.checkVisibility({visibilityProperty: true});
  const words = (element) => (element.innerText || element.textContent || "").trim();
  const referred = (element, attribute) => (element.getAttribute(attribute) || "").split(/\\s+/)
    .map((id) => document.getElementById(id)).filter(Boolean).map(words).join(" ").trim();
  const labelled = (element) => element.getAttribute("aria-label") || referred(element, "aria-labelledby");
  const brief = (element) => element.outerHTML.slice(0, 120);

  if (!document.title.split("·")[0].trim()) found.push("no title");
  const titles = [...document.querySelectorAll("h1")].filter(shown);
  if (titles.length !== 1 || !words(titles[0])) found.push(`${titles.length} h1`);
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!labelled(field) && ![...field.labels].some((label) => words(label))) found.push("no label: " + brief(field));
  for (const drawing of document.querySelectorAll("svg"))
    if (!drawing.closest("[aria-hidden=true]") && !(drawing.getAttribute("role") === "img" && labelled(drawing)))
      found.push("drawing without words: " + brief(drawing));
  for (const image of document.images) if (!image.hasAttribute("alt")) found.push("no alt: " + brief(image));
  for (const control of document.querySelectorAll("a[href], button"))
    if (shown(control) && !words(control) && !labelled(control)) found.push("no name: " + brief(control));
  for (const cell of document.querySelectorAll("table")) if (!cell.querySelector("th")) found.push("no th: " + brief(cell));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.push("twice: #" + id);
  return found;
}"""

_SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def complaints(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the page that is shown, at each of the widths; it is left as wide as it was."""
    found: list[str] = page.evaluate(_COMPLAINTS)
    shown = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (pixels := page.evaluate(_SIDEWAYS)) > 0:
            found.append(f"{pixels} px too wide at {width}")
    if shown:
        page.set_viewport_size(shown)
    return found


def barriers(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA in the page that is shown, in its light and its dark colours."""
    found = _axe(page, RULES)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # no colour on its way from the one to the other
    found += [f"dark: {barrier}" for barrier in _axe(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


# A table's rows are made alike; axe-core takes minutes over the thousands of cells of a month's editor.
_SAMPLE = {"exclude": [["tbody tr:nth-child(n+4)"], ["details:not(:first-of-type) table"]]}


def _axe(page: Page, rules: Mapping[str, object]) -> list[str]:
    answer = Axe().run(page, context=_SAMPLE, options={**rules, "resultTypes": ["violations"]})
    violations = answer.response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in violations for node in rule["nodes"]]


def addresses(page: Page) -> list[str]:
    """The addresses of our own pages that the page leads to, without fragments; what says that it is a download is none."""
    return page.evaluate(
        """() => [...new Set([...document.querySelectorAll("a[href]:not([download])")].map((link) => new URL(link.href))
           .filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search))]"""
    )
