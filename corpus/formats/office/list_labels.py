"""The numbers of lists as word processors print them, by the name that Word has for the kind."""

import re

from corpus.text.numerals import numeral

_PLAIN = re.compile(r"\s*\d+[.)]?\s*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALPHABETS = {
    "lowerLetter": _LETTERS,
    "upperLetter": _LETTERS.upper(),
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨ"
    "ラリルレロワヲン",
    "iroha": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシ"
    "ヱヒモセス",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_IDEOGRAPHS = "一二三四五六七八九"
_IDEOGRAPHIC = frozenset(
    "chineseCounting chineseCountingThousand ideographDigital japaneseCounting "
    "taiwaneseCounting taiwaneseCountingThousand".split()
)
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def whole_number(stated: str | None, usual: int) -> int:
    """A number that a file states in digits, of which nine are read; else the usual one."""
    return int(stated[:9]) if stated and stated.isdecimal() else usual


def is_plain_number(label: str) -> bool:
    """Whether a label is one number with at most a point or bracket behind it."""
    return bool(_PLAIN.fullmatch(label))


def printed_number(number: int, kind: str) -> str:
    """A number of this kind; digits where the kind has no form for it, or is not known here."""
    alphabet = _ALPHABETS.get(kind)
    if kind in ("none", "bullet"):
        return ""
    if kind in ("lowerRoman", "upperRoman"):
        return numeral(number, "i" if kind == "lowerRoman" else "I")
    if kind == "decimalZero":
        return f"{number:02}"
    if kind == "ordinal":
        ending = "th" if number % 100 in (11, 12, 13) else _ORDINALS.get(number % 10, "th")
        return f"{number}{ending}"
    if kind in _IDEOGRAPHIC and 0 < number < 100:
        tens, ones = divmod(number, 10)
        tenth = ("" if tens == 1 else _IDEOGRAPHS[tens - 1]) + "十" if tens else ""
        return tenth + (_IDEOGRAPHS[ones - 1] if ones else "")
    if alphabet is not None and 0 < number <= 30 * len(alphabet):
        repeated, letter = divmod(number - 1, len(alphabet))
        return alphabet[letter] * (repeated + 1)  # Word goes on with `aa`, `bb`
    return str(number)
