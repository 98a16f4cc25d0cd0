"""What every page must keep, asked of the page as the browser shows it."""

from playwright.sync_api import Page

NARROW, WIDE = 390, 1440

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


def complaints(page: Page) -> list[str]:
    """What is wrong with the page that is shown, at both widths; it is left at the other one."""
    found = page.evaluate(_COMPLAINTS)
    shown = page.viewport_size["width"] if page.viewport_size else 0
    for width in sorted((NARROW, WIDE), key=lambda width: width != shown):
        if width != shown:
            page.set_viewport_size({"width": width, "height": 900})
        if (pixels := page.evaluate(_SIDEWAYS)) > 0:
            found.append(f"{pixels} px too wide at {width}")
    return found


def addresses(page: Page) -> list[str]:
    """The addresses of our own pages that the page leads to, without fragments; what says that it is a download is none."""
    return page.evaluate(
        """() => [...new Set([...document.querySelectorAll("a[href]:not([download])")].map((link) => new URL(link.href))
           .filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search))]"""
    )
