"""Read counts of Chinese, Japanese and Korean: a number with its counter."""

import re
from typing import Final, NamedTuple

MOST_COUNTED: Final = 999


class Counted(NamedTuple):
    """A number and its counter, found at a place of a prompt."""

    end: int
    """Where its words end."""

    number: int
    is_same: bool = False
    """Whether it points at what was named before, as in ``this dog``."""


def _table(rows: str) -> dict[str, int]:
    return {word: int(number) for word, number in (row.split(":") for row in rows.split())}


_MANY_CHINESE: Final = _table(
    """
    一些:3 若干:3 几:3 数:3 好几:5 许多:10 很多:10 众多:10 大量:10 不少:10 十几:12 几十:40 数十:40
    上百:60 几百:60 数百:60 成百上千:60 数千:80 上千:80 成千上万:80 无数:80
    """
)
_DIGITS: Final = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "兩": 2}
_UNITS: Final = {"十": 10, "百": 100}
_CHINESE_COUNTERS: Final = """
    只 隻 个 個 位 名 匹 头 頭 条 條 辆 輛 艘 架 朵 座 张 張 把 台 臺 盆 棵 根 列 件 顶 頂 盏 盞
    块 塊 片 杯 瓶 碗 盘 盤 份 部 口 株 颗 顆 枚 支 枝 幢 栋 棟 间 間 扇 面 双 雙 对 對 副 套 群
    队 隊 排 串 束 堆 簇 丛 桶 篮 籃 盒 袋 包 罐 壶 锅 滴 粒 节 本 册 幅 所 家 道 股 团 缕 尊 轮
    窝 摞 叠
"""
_SEVERAL_IN_ONE: Final = _table(
    """
    双:2 雙:2 对:2 對:2 群:8 队:5 隊:5 排:10 堆:7 束:5 簇:5 丛:5 窝:5 摞:7 叠:7
    """
)
"""Counters of things that come together, with how many there are in one."""

_CHINESE: Final = re.compile(
    rf"(?P<this>[这那该此這該])?(?P<number>{'|'.join(sorted(_MANY_CHINESE, key=len, reverse=True))}"
    rf"|[零一二三四五六七八九十百两兩]+|[0-9]{{1,3}})?"
    rf"(?P<counter>{'|'.join(_CHINESE_COUNTERS.split())}|(?=人(?![们類类口工])))?"
)
_FREE: Final = frozenset(
    {"一些", "许多", "很多", "众多", "大量", "不少", "无数", "成百上千", "成千上万"}
)
"""Numbers that need no counter."""

_JAPANESE_COUNTERS: Final = """
    匹 頭 羽 人 名 台 本 枚 個 つ 冊 隻 艘 軒 棟 輪 足 杯 皿 機 両 脚 着 株 体 基 対 組 束 粒 切れ
"""
_JAPANESE_WORDS: Final = _table(
    """
    ひとり:1 ふたり:2 ひとつ:1 ふたつ:2 みっつ:3 よっつ:4 いつつ:5 むっつ:6 ななつ:7 やっつ:8
    ここのつ:9 たくさん:10 多数:10 何十:40 無数:80 大勢:40
    """
)
_JAPANESE: Final = re.compile(
    rf"(?:(?P<word>{'|'.join(_JAPANESE_WORDS)})|(?P<number>数十|数|何|[一二三四五六七八九十百]+"
    rf"|[0-9\uff10-\uff19]{{1,3}})(?P<counter>{'|'.join(_JAPANESE_COUNTERS.split())}))(?P<of>もの|の)?"
)
_MANY_JAPANESE: Final = {"数": 4, "何": 4, "数十": 40}

_KOREAN_NUMBERS: Final = _table(
    """
    한:1 두:2 세:3 네:4 다섯:5 여섯:6 일곱:7 여덟:8 아홉:9 열:10 열한:11 열두:12 스무:20 서너:3
    두세:3 몇:3 여러:4 수십:40 수백:60 수천:80
    """
)
_KOREAN_COUNTERS: Final = """
    마리 명 분 대 개 송이 그루 채 권 잔 척 병 켤레 쌍 장 자루 벌 조각 그릇 포기 다발 무리 떼
"""
_KOREAN: Final = re.compile(
    rf"(?P<number>{'|'.join(sorted(_KOREAN_NUMBERS, key=len, reverse=True))}|[0-9]{{1,3}})\s?"
    rf"(?:(?P<counter>{'|'.join(_KOREAN_COUNTERS.split())})(?P<of>의)?(?![가-힣]{{3}})|(?=사람))"
)
_KOREAN_SEVERAL: Final = {"쌍": 2, "무리": 8, "떼": 12}


def counted_at(text: str, start: int, language: str) -> Counted | None:
    """Return the number that begins at a place of a prompt, with its counter; None if none does."""
    match language:
        case "zh" | "zh-hant":
            return _chinese(text, start)
        case "ja":
            return _japanese(text, start)
        case "ko":
            return _korean(text, start)
        case _:
            return None


def after_digits(text: str, start: int, language: str) -> int:
    """Return where the counter ends that begins after Arabic digits, or *start* if none does."""
    counters = {"ja": _JAPANESE_COUNTERS, "zh": _CHINESE_COUNTERS, "zh-hant": _CHINESE_COUNTERS}
    if start == 0 or not text[start - 1].isdecimal() or language not in counters:
        return start
    found = re.compile(f"(?:{'|'.join(counters[language].split())})の?").match(text, start)
    return found.end() if found else start


def _chinese(text: str, start: int) -> Counted | None:
    found = _CHINESE.match(text, start)
    if found is None or text[start - 1 : start] == "第":
        return None
    this, number, counter = found["this"], found["number"], found["counter"]
    if not (this or number) or (counter is None and number not in _FREE):
        return None
    if this and counter == "":
        return None
    count = _MANY_CHINESE.get(number or "一") or _value(number or "一")
    count *= _SEVERAL_IN_ONE.get(counter or "", 1)
    return Counted(found.end(), min(count, MOST_COUNTED), bool(this)) if count else None


def _japanese(text: str, start: int) -> Counted | None:
    found = _JAPANESE.match(text, start)
    if found is None:
        return None
    number = found["number"] or ""
    count = _JAPANESE_WORDS.get(found["word"] or "") or _MANY_JAPANESE.get(number) or _value(number)
    count *= 2 if found["counter"] in {"対", "足"} else 1
    return Counted(found.end(), min(count, MOST_COUNTED)) if count else None


def _korean(text: str, start: int) -> Counted | None:
    found = _KOREAN.match(text, start)
    if found is None or (start and text[start - 1].isalnum()):
        return None
    number = found["number"]
    count = _KOREAN_NUMBERS.get(number) or int(number)
    count *= _KOREAN_SEVERAL.get(found["counter"] or "", 1)
    return Counted(found.end(), min(count, MOST_COUNTED)) if count else None


def _value(number: str) -> int:
    """Return what a Chinese or Arabic numeral below a thousand is worth."""
    if number.isdecimal():
        return int(number)
    total, digit = 0, 0
    for sign in number:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS.get(sign, 0)
    return total + digit
