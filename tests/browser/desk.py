"""A person at their desk: what they press and see, named by the English words, in the language that they chose."""

import re
from io import BytesIO
from typing import Any

import openpyxl
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

# Generous, because two cores may be busy; nothing waits for it to run out.
PATIENCE = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VALUE, SOURCE, EVIDENCE = "数值", "数据来源", "支撑材料文件名"


class Desk:
    """One person's browser window."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        page.set_default_timeout(PATIENCE)

    def said(self, words: str, **values: Any) -> str:
        """The words as the pages say them; of a text with placeholders, with the values in place."""
        with translation.override(self.language):
            return translation.gettext(words) % values if values else translation.gettext(words)

    def said_of(self, context: str, words: str) -> str:
        """The same for words that the catalogue has by a context."""
        with translation.override(self.language):
            return translation.pgettext(context, words)

    def signs_in(self, username: str, password: str) -> "Desk":
        """Through the url that everybody uses."""
        self.page.goto("/login/")
        self.page.locator("input[autocomplete=username]").fill(username)
        self.page.locator("input[type=password]").fill(password)
        self.presses("Sign in")
        self.sees("To do")
        return self

    def goes_home(self) -> "Desk":
        self.page.goto("/")
        return self

    def goes_back(self) -> "Desk":
        """The browser's own Back."""
        self.page.go_back()
        return self

    def reloads(self) -> "Desk":
        self.page.reload()
        return self

    def follows(self, words: str, **values: Any) -> "Desk":
        """Clicks the link that says so."""
        link = self._by_role("link", self.said(words, **values))
        if not link.count():
            link = self._in_a_menu(self.said(words, **values))
        with self.page.expect_navigation():
            link.click()
        return self

    def presses(self, words: str) -> "Desk":
        """Presses the button that says so, and waits for the page that answers."""
        with self.page.expect_navigation():
            self._by_role("button", self.said(words)).click()
        return self

    def confirms(self, words: str) -> "Desk":
        """Goes to the page before an act by the button or link that says so, declares what is to be declared, and does it."""
        way = self._by_role("button", self.said(words)).or_(self._by_role("link", self.said(words)))
        with self.page.expect_navigation():
            way.click()
        declaration = self.page.locator("#declared")
        if declaration.count():
            declaration.check()
        with self.page.expect_navigation():
            self.page.locator("form:has(input[name=confirmation]) button[type=submit]").click()
        return self

    def presses_in(self, text: str, words: str) -> "Desk":
        """Presses the button that says so in the list entry (or card) in which the text stands."""
        entry = self.page.get_by_role("listitem").filter(has_text=text)
        with self.page.expect_navigation():
            entry.get_by_role("button", name=re.compile(re.escape(self.said(words)))).first.click()
        return self

    def picks(self, label: str, choice: str) -> "Desk":
        """Chooses from a list."""
        self.page.get_by_label(re.compile(rf"^{re.escape(self.said(label))}(?!\w)")).first.select_option(
            label=self.said(choice)
        )
        return self

    def types(self, label: str, text: str) -> "Desk":
        """Types into the field of that name, whatever stood there."""
        self.page.get_by_label(re.compile(f"^{re.escape(self.said(label))}")).first.fill(text)
        return self

    def offers(self, data: bytes, name: str) -> "Desk":
        """Chooses a workbook (or whatever else the page takes, if it takes one file)."""
        if self.page.locator("details#data").count():
            self.opens_part("data")
        self.page.locator("main input[type=file]:not([multiple])").set_input_files(
            {"name": name, "mimeType": XLSX, "buffer": data}
        )
        return self

    def opens_part(self, name: str) -> "Desk":
        """Opens a part of the month's checklist, if it isn't open."""
        part = self.page.locator(f"details#{name}")
        if part.get_attribute("open") is None:
            part.locator("summary").first.click()
        return self

    def attaches(self, data: bytes, name: str) -> "Desk":
        """Chooses a supporting file in the first kind's zone and attaches it; what else it supports the workbook says by its name."""
        self.opens_part("evidence").page.locator("main input[type=file][multiple]").first.set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": data}
        )
        return self.presses("Attach")

    def downloads(self, words: str) -> bytes:
        """What comes when they follow a link to a file."""
        with self.page.expect_download() as coming:
            self._by_role("link", self.said(words)).click()
        return coming.value.path().read_bytes()

    def sees(self, *words: str, **values: Any) -> "Desk":
        """All of it stands on the page (now, or as soon as the page has caught up)."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(self.said(each, **values), timeout=PATIENCE)
        return self

    def misses(self, *words: str) -> "Desk":
        """None of it stands on the page."""
        for each in words:
            expect(self.page.locator("main")).not_to_contain_text(self.said(each), timeout=PATIENCE)
        return self

    def sees_finding(self, code: str, *, cell: str, text: str = "") -> "Desk":
        """The finding of that code, with its sheet and cell."""
        finding = self.page.locator(".finding").filter(has_text=code).filter(has_text=text)
        expect(finding.locator(".finding-place")).to_contain_text(f"工序生产数据及排放量表 {cell}")
        return self

    def still_holds(self, label: str, text: str) -> "Desk":
        """What was typed stands in the field of that name."""
        expect(self.page.get_by_label(re.compile(f"^{re.escape(self.said(label))}")).first).to_have_value(text)
        return self

    def has_no_error(self) -> "Desk":
        expect(self.page.locator(".finding.tone-danger")).to_have_count(0)
        return self

    def has_focus_on_errors(self, *urls: str) -> "Desk":
        """The list of errors has the focus, and leads there."""
        summary = self.page.locator(".error-summary")
        expect(summary).to_be_focused()
        for url in urls:
            expect(summary.locator(f'a[href$="{url}"]')).to_have_count(1)
        return self

    def sees_invalid(self, label: str) -> "Desk":
        """The field of that name is marked as wrong, and has the cursor's attention."""
        expect(self.page.get_by_label(self.said(label))).to_have_attribute("aria-invalid", "true")
        return self

    def is_refused(self, words: str) -> "Desk":
        """Nothing was done, and the page says why."""
        expect(self.page.locator(".messages .tone-danger")).to_contain_text(self.said(words))
        return self

    def cannot_press(self, *words: str) -> "Desk":
        """The page offers no such button."""
        for each in words:
            expect(self.page.get_by_role("button", name=self.said(each), exact=True)).to_have_count(0)
        return self

    def takes_the_way(self, words: str) -> "Desk":
        """Clicks the way of the navigation that says so, whatever else on the page does."""
        way = self._in_a_menu(self.said(words))
        with self.page.expect_navigation():
            way.click()
        return self

    def _in_a_menu(self, name: str) -> Locator:
        """The way of that name in the navigation, whose group is opened first where it is closed."""
        way = self.page.locator(".menu-panel a").filter(has_text=re.compile(rf"^\s*{re.escape(name)}(?=\s|\d|$)"))
        group = self.page.locator(".site-nav details").filter(has=way).first
        if group.get_attribute("open") is None:
            group.locator("summary").click()
        return group.locator(".menu-panel a").filter(has_text=re.compile(rf"^\s*{re.escape(name)}(?=\s|\d|$)")).first

    def _by_role(self, role: Any, name: str) -> Locator:
        """The nearest to what was asked: the very name, else one that contains it; within the page's own part first."""
        for exact in (True, False):
            for place in (self.page.locator("main"), self.page.locator("body")):
                found = place.get_by_role(role, name=name, exact=exact)
                if found.count():
                    return found.first
        return self.page.get_by_role(role, name=name)


def filled_in(workbook: bytes, values: dict[str, Any]) -> bytes:
    """The downloaded workbook with these values, found by the items' labels, each with a source and a piece of evidence."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    left = dict(values)
    for sheet in book.worksheets:
        columns = _columns(sheet)
        for row in sheet.iter_rows():
            label = next((label for label in left if columns and str(row[2].value).startswith(label)), None)
            if label is not None:
                sheet.cell(row[0].row, columns[VALUE]).value = left.pop(label)
                sheet.cell(row[0].row, columns[SOURCE]).value = "生产台账"
                sheet.cell(row[0].row, columns[EVIDENCE]).value = "台账.pdf"
    assert not left, f"the workbook doesn't ask for {list(left)}"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _columns(sheet: Any) -> dict[str, int]:
    """The column numbers of a data sheet by the Chinese word of their heading; none on other sheets."""
    for row in sheet.iter_rows(max_row=8):
        found = {str(cell.value).split(" ")[0]: cell.column for cell in row if cell.value}
        if VALUE in found and SOURCE in found:
            return found
    return {}
