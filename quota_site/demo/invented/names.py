"""Names that are plainly nobody's: every one says 示例, "example"."""

from collections.abc import Iterator

from quota_site.demo.invented.random_values import Chance

_FIRST = "晨曙朝旭霁岚青碧苍翠丹绛澄清泓沐松柏桐梧枫桂兰芷云霞虹星辰月雪霜露雨风岩"
_SECOND = "光阳华原川泽溪谷岭峰野林洲湾汀屿桥塔台城舟帆鹤鹭雁燕鸥鲤鹿麓崖石泉河湖海"


def works_names(chance: Chance) -> Iterator[str]:
    """Words for enterprises, each once, in the chance's order; there are enough for the whole nation."""
    words = [first + second for first in _FIRST for second in _SECOND]
    return iter(chance.shuffled(words, "names"))
