"""How the workbook looks: one place for its colours, type and frames."""

from functools import cached_property

from xlsxwriter import Workbook
from xlsxwriter.format import Format

INK, PAPER, BAND, LINE_BAND, FRAME, QUIET = "#123B4A", "#FFFFFF", "#E4EEF0", "#1F5A6B", "#C3CED2", "#6B7A80"
INPUT, SOFT = "#FFFBEA", "#F5F7F8"
CJK, LATIN = "Microsoft YaHei", "Arial"


class Styles:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook

    def _make(self, **properties: object) -> Format:
        base = {"font_name": CJK, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        return self._workbook.add_format(base | properties)

    def _framed(self, **properties: object) -> Format:
        return self._make(border=1, border_color=FRAME, **properties)

    def _input(self, **properties: object) -> Format:
        return self._framed(bg_color=INPUT, locked=False, **properties)

    @cached_property
    def title(self) -> Format:
        return self._make(font_size=16, bold=True)

    @cached_property
    def plain(self) -> Format:
        return self._make()

    @cached_property
    def hint(self) -> Format:
        return self._make(font_size=9, font_color=QUIET)

    @cached_property
    def paragraph(self) -> Format:
        return self._make(text_wrap=True, valign="top")

    @cached_property
    def english_paragraph(self) -> Format:
        return self._make(text_wrap=True, valign="top", font_name=LATIN, font_size=9, font_color=QUIET)

    @cached_property
    def english(self) -> Format:
        """The small English half of a label; used inside a cell."""
        return self._workbook.add_format({"font_name": LATIN, "font_size": 8, "font_color": QUIET})

    @cached_property
    def english_light(self) -> Format:
        return self._workbook.add_format({"font_name": LATIN, "font_size": 8, "font_color": "#C9DBE0"})

    @cached_property
    def header(self) -> Format:
        return self._framed(bold=True, bg_color=INK, font_color=PAPER, text_wrap=True, align="center")

    @cached_property
    def band(self) -> Format:
        return self._make(bold=True, bg_color=BAND, top=1, bottom=1, top_color=FRAME, bottom_color=FRAME)

    @cached_property
    def line(self) -> Format:
        return self._make(bold=True, bg_color=LINE_BAND, font_color=PAPER, font_size=11)

    @cached_property
    def key(self) -> Format:
        return self._framed(font_size=6, font_color="#A9B6BB", font_name=LATIN, bg_color=SOFT)

    @cached_property
    def label(self) -> Format:
        return self._framed(bg_color=SOFT, text_wrap=True)

    @cached_property
    def measure(self) -> Format:
        return self._framed(bg_color=SOFT, align="center", font_size=9)

    @cached_property
    def object(self) -> Format:
        return self._framed(bg_color=SOFT, bold=True, text_wrap=True)

    @cached_property
    def choice(self) -> Format:
        return self._input(bold=True, text_wrap=True)

    @cached_property
    def note(self) -> Format:
        return self._input(font_size=9, text_wrap=True)

    @cached_property
    def how(self) -> Format:
        return self._input(font_size=9)

    @cached_property
    def slot_start(self) -> Format:
        """For the first row of a slot, on top of what its cells have."""
        return self._workbook.add_format({"top": 1, "top_color": "#5C7F8A"})

    @cached_property
    def date(self) -> Format:
        return self._input(num_format="yyyy-mm-dd", align="right")

    @cached_property
    def off(self) -> Format:
        """A cell that nothing belongs into."""
        return self._framed(bg_color=SOFT)

    @cached_property
    def computed(self) -> Format:
        return self._framed(bg_color=SOFT, italic=True, font_color=QUIET, num_format='#,##0.00;-#,##0.00;"–"')

    @cached_property
    def computed_ncv(self) -> Format:
        return self._framed(bg_color=SOFT, italic=True, font_color=QUIET, num_format='0.000;-0.000;"–"')

    @cached_property
    def computed_share(self) -> Format:
        return self._framed(bg_color=SOFT, italic=True, font_color=QUIET, num_format='0.0000;-0.0000;"–"')

    @cached_property
    def estimate(self) -> Format:
        """What the control plan fixed beforehand, with as many decimals as it has."""
        return self._framed(
            bg_color=SOFT, font_color=QUIET, font_size=9, text_wrap=True, align="right", num_format="#,##0.####"
        )

    @cached_property
    def computed_day(self) -> Format:
        return self._framed(bg_color=SOFT, num_format="yyyy-mm-dd")

    @cached_property
    def total(self) -> Format:
        return self._framed(bold=True, num_format="#,##0")

    @cached_property
    def ratio(self) -> Format:
        return self._framed(bold=True, num_format="0.0000")

    @cached_property
    def constant(self) -> Format:
        return self._framed(bg_color=SOFT)

    def number(self, places: int) -> Format:
        """An input cell for a number with so many decimals."""
        if places not in self._numbers:
            decimals = "." + "0" * places if places else ""
            self._numbers[places] = self._input(num_format=f"#,##0{decimals}", align="right")
        return self._numbers[places]

    @cached_property
    def _numbers(self) -> dict[int, Format]:
        return {}
