"""How the invented enterprises are spread over the 32 authorities.

The weights only make the map look lived in: no figure of a real province stands behind them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quota_site.demo.invented.sectors import ALUMINIUM, CEMENT, STEEL
from registry.values.sectors import Sector


@dataclass(frozen=True, slots=True)
class Province:
    """`short` begins its enterprises' names, `slug` its people's user names; the weights share out a sector's units."""

    code: str
    short: str
    slug: str
    steel: int
    cement: int
    aluminium: int

    def weight(self, sector: str) -> int:
        return {STEEL: self.steel, CEMENT: self.cement, ALUMINIUM: self.aluminium}[Sector(sector)]


PROVINCES = (
    Province("110000", "北京", "beijing", 0, 1, 0),
    Province("120000", "天津", "tianjin", 8, 1, 0),
    Province("130000", "河北", "hebei", 46, 40, 0),
    Province("140000", "山西", "shanxi", 24, 36, 4),
    Province("150000", "内蒙古", "neimenggu", 8, 44, 14),
    Province("210000", "辽宁", "liaoning", 16, 28, 1),
    Province("220000", "吉林", "jilin", 5, 18, 0),
    Province("230000", "黑龙江", "heilongjiang", 3, 18, 0),
    Province("310000", "上海", "shanghai", 1, 1, 0),
    Province("320000", "江苏", "jiangsu", 24, 26, 0),
    Province("330000", "浙江", "zhejiang", 2, 32, 0),
    Province("340000", "安徽", "anhui", 8, 46, 0),
    Province("350000", "福建", "fujian", 7, 26, 0),
    Province("360000", "江西", "jiangxi", 5, 34, 0),
    Province("370000", "山东", "shandong", 18, 50, 12),
    Province("410000", "河南", "henan", 10, 48, 8),
    Province("420000", "湖北", "hubei", 6, 38, 1),
    Province("430000", "湖南", "hunan", 4, 44, 0),
    Province("440000", "广东", "guangdong", 5, 38, 0),
    Province("450000", "广西", "guangxi", 6, 48, 9),
    Province("460000", "海南", "hainan", 0, 6, 0),
    Province("500000", "重庆", "chongqing", 2, 30, 2),
    Province("510000", "四川", "sichuan", 8, 62, 5),
    Province("520000", "贵州", "guizhou", 1, 58, 6),
    Province("530000", "云南", "yunnan", 6, 66, 10),
    Province("540000", "西藏", "xizang", 0, 8, 0),
    Province("610000", "陕西", "shaanxi", 3, 32, 3),
    Province("620000", "甘肃", "gansu", 2, 34, 6),
    Province("630000", "青海", "qinghai", 1, 12, 6),
    Province("640000", "宁夏", "ningxia", 2, 14, 3),
    Province("650000", "新疆", "xinjiang", 6, 36, 6),
    Province("660000", "兵团", "corps", 1, 12, 2),
)
BY_CODE: Mapping[str, Province] = {province.code: province for province in PROVINCES}

# The province in which the demonstration's logins sit: it has all three sectors.
HOME = "370000"


def share_out(total: int, weights: Mapping[str, int], least: int = 0) -> dict[str, int]:
    """`total` shared in proportion to the weights by largest remainder, nobody getting less than `least`; without weight, `least`."""
    given = dict.fromkeys(weights, least)
    rest, whole = total - least * len(weights), sum(weights.values())
    if rest < 0 or not whole:
        raise ValueError(f"{total} can't be shared out so that each of {len(weights)} gets {least}")
    for code, weight in weights.items():
        given[code] += rest * weight // whole
    by_remainder = sorted(weights, key=lambda code: (-(rest * weights[code] % whole), code))
    for code in by_remainder[: total - sum(given.values())]:
        given[code] += 1
    return given
