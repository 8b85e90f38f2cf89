"""Find the Chinese nouns of a prompt that no table lists, by the words that come before nouns."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from rushes.engines.animatic.planning.not_visible import NOT_VISIBLE

_MEASURED: Final = re.compile(
    "(?:[一两三四五六七八九十几数这那每]|[0-9])"
    "(?:[只个位名辆条匹头座张把台艘架朵盆根棵列双件顶盏块串片杯瓶碗盘部口对排套群株颗枚支幢栋间扇面])"
)
"""A number with a measure word."""

_DESCRIBED: Final = re.compile("[\u4e00-\u9fff]{1,8}的")
"""What comes between a measure word and its noun."""

_HANDLED: Final = re.compile(
    "[拿提抱背戴穿骑举握端牵扛捧推摇踩挎披系吹弹吃喝敲挥放挂]着|手[持拿握]|身[穿披着]|头戴|脚[踏踩]"
    "|挥舞着?|佩戴着?|雕刻着?|放飞|点燃|编织|演奏|捕捉"
)
"""A verb for what one holds, wears, plays or eats."""

_STOP_SIGNS: Final = """
    在的着了和与及跟把被从向正也是有地得上里中下旁前后内外并会就不能要让使到都又还可才没已将过来去起出入回开
    结合唤蕴含发变成进给对为以而且但或如像其之于这那每很太更最非常时候往本增展
"""
_STOPS: Final = frozenset("".join(_STOP_SIGNS.split()))
"""Signs of little words and of verbs, before which an unknown noun ends."""

_NUMBERS: Final = frozenset("一二三四五六七八九十两几")
_PLACED: Final = frozenset("立放站坐躺挂摆停落飘浮靠插铺藏埋漂")
"""Verbs of one sign that ``in`` or ``at`` follows."""

_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LENGTHS: Final = range(2, 6)
"""Of nouns, in signs."""

Known = Callable[[int], bool]
"""Whether the character at a place of the prompt is in a known word."""


def unknown_chinese_nouns(prompt: str, is_known: Known) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each noun that is unknown."""
    for match in _MEASURED.finditer(prompt):
        described = _DESCRIBED.match(prompt, match.end())
        start = described.end() if described else match.end()
        yield from _visible(prompt, start, _end_of_noun(prompt, start, is_known), is_known)
    for match in _HANDLED.finditer(prompt):
        start = match.end()
        yield from _visible(prompt, start, _end_of_noun(prompt, start, is_known), is_known)


def _end_of_noun(prompt: str, start: int, is_known: Known) -> int:
    end = start
    while _HAN.match(prompt, end) and not is_known(end):
        sign = prompt[end]
        if sign in _STOPS or (sign in _NUMBERS and end > start):
            break
        end += 1
    return end


def _visible(prompt: str, start: int, end: int, is_known: Known) -> Iterator[tuple[int, int]]:
    """Yield a noun, unless it cannot be seen or describes a known noun right behind it."""
    if _HAN.match(prompt, end) and is_known(end):
        return
    if prompt.startswith("在", end) and prompt[end - 1] in _PLACED:
        end -= 1
    word = prompt[start:end]
    is_visible = not word.endswith(tuple(NOT_VISIBLE["zh"]))
    if is_visible and len(word) in _LENGTHS:
        yield start, end
