"""How a Chinese name is typed on a Latin keyboard: whole syllables without tones (`full`), or the first letter of each (`initials`).

Latin letters and digits of the name stay, in lower case; all else is left out: 枫溪钢铁（集团）A2 is fengxigangtiejituana2 and fxgtjta2.
The sound ü is v, as on every keyboard.
"""

import functools
import importlib
from typing import Any

__all__ = ["LONGEST", "full", "initials"]

# Letters of the longest syllable, zhuang.
LONGEST = 6

# Places, and what industry calls itself by, that the library's phrases read otherwise than whoever lives there.
_READINGS = {
    "朝阳": ("chao", "yang"),
    "长钢": ("chang", "gang"),
    "长垣": ("chang", "yuan"),
    "大城县": ("dai", "cheng", "xian"),
    "繁峙": ("fan", "shi"),
    "涡阳": ("guo", "yang"),
    "洪洞": ("hong", "tong"),
    "筠连": ("jun", "lian"),
    "乐陵": ("lao", "ling"),
    "六合": ("lu", "he"),
    "六枝": ("lu", "zhi"),
    "单县": ("shan", "xian"),
    "什邡": ("shi", "fang"),
    "浚县": ("xun", "xian"),
    "荥经": ("ying", "jing"),
    "于都": ("yu", "du"),
}


# Put before what stands between syllables; no name has it, for PostgreSQL keeps none.
_BETWEEN = "\0"


def full(name: str) -> str:
    """All syllables in a row, as fengxigangtie."""
    return "".join(_typed(part) for part in _parts(name))


def initials(name: str) -> str:
    """The first letter of each syllable, as fxgt; Latin words and numbers whole."""
    return "".join(_typed(part) if part.startswith(_BETWEEN) else part[:1] for part in _parts(name))


def _parts(name: str) -> list[str]:
    """The name's syllables, and what stands between them as it is."""
    found: list[str] = _library().lazy_pinyin(name, errors=lambda text: _BETWEEN + text)
    return found


def _typed(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())


@functools.cache
def _library() -> Any:
    """Asked for at the first name: its dictionaries take 50 MB and a third of a second, which a process that names nobody saves."""
    library = importlib.import_module("pypinyin")
    library.load_phrases_dict({name: [[syllable] for syllable in said] for name, said in _READINGS.items()})
    return library
