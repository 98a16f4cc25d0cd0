"""How large a country is built."""

from collections.abc import Mapping
from dataclasses import dataclass

from quota_site.demo.invented.provinces import HOME, PROVINCES, share_out
from quota_site.demo.invented.sectors import ALUMINIUM, CEMENT, STEEL

NATION = {STEEL: 232, CEMENT: 962, ALUMINIUM: 97}


@dataclass(frozen=True, slots=True)
class Scale:
    """`units` says how many units of a sector an authority has: sector, then authority code.

    `months_2026` are handed in: by every unit, or where not `everywhere_in_2026`, by those of the home province and of the others in
    which a story is told. The other authorities have not published their directory of 2026 then.
    """

    name: str
    units: Mapping[str, Mapping[str, int]]
    months_2026: tuple[str, ...]
    everywhere_in_2026: bool = True

    @property
    def authorities(self) -> list[str]:
        """The codes of the authorities that have units, in order."""
        return sorted({code for by_code in self.units.values() for code, count in by_code.items() if count})


def _months(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"2026-{month:02}" for month in range(first, last + 1))


def _weights(sector: str) -> dict[str, int]:
    return {province.code: province.weight(sector) for province in PROVINCES}


def _nation() -> Scale:
    units: dict[str, dict[str, int]] = {
        sector: share_out(total, _weights(sector), least=1 if sector == CEMENT else 0)
        for sector, total in NATION.items()
    }
    return Scale("national", units, _months(1, 9))


def _small() -> Scale:
    """Sixty units: cement in every authority, all three sectors in the home province, steel and aluminium where most of them are."""
    others = {code: weight for code, weight in _weights(CEMENT).items() if code != HOME}
    steel = share_out(12, {code: _weights(STEEL)[code] for code in others})
    aluminium = share_out(8, {code: _weights(ALUMINIUM)[code] for code in others})
    units: dict[str, dict[str, int]] = {
        STEEL: {**steel, HOME: 3},
        CEMENT: {**dict.fromkeys(others, 1), HOME: 4},
        ALUMINIUM: {**aluminium, HOME: 2},
    }
    return Scale("small", units, _months(1, 9), everywhere_in_2026=False)


def _province() -> Scale:
    """The home province as large as in the national country, the others as in the small one."""
    nation, small = _nation(), _small()
    units: dict[str, dict[str, int]] = {
        sector: {**small.units[sector], HOME: nation.units[sector][HOME]} for sector in NATION
    }
    return Scale("province", units, _months(1, 9))


def _tiny() -> Scale:
    """Six units in three provinces, for tests and for a quick look."""
    units: dict[str, dict[str, int]] = {
        STEEL: {HOME: 1, "130000": 1},
        CEMENT: {HOME: 2, "130000": 1},
        ALUMINIUM: {HOME: 1, "530000": 1},
    }
    return Scale("tiny", units, _months(9, 9))


_MAKERS = {"tiny": _tiny, "small": _small, "province": _province, "national": _nation}
SCALES = tuple(_MAKERS)


def scale(name: str) -> Scale:
    return _MAKERS[name]()
