"""What a plan tells of Chinese nouns that no table lists, and of what only looks like one."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


def told(prompt: str) -> list[str]:
    return [one.words for one in plan_shot(prompt).not_shown]


@pytest.mark.parametrize(
    ("prompt", "word"),
    [
        ("一个女孩手里拿着一个噗噜怪", "噗噜怪"),
        ("男孩吃着噗噗糕，喝着咖啡", "噗噗糕"),
        ("老人手持咕叽筒的特写", "咕叽筒"),
        ("猴王挥舞咕噜棒与敌人大战", "咕噜棒"),
        ("一块硼酸被点燃", "硼酸"),
        ("一瓶噜噜液立在桌上", "噜噜液"),
        ("一件古老的咕噜衣", "咕噜衣"),
    ],
)
def test_a_noun_after_a_measure_word_or_in_the_hand_is_told(prompt: str, word: str) -> None:
    assert told(prompt) == [word]


@pytest.mark.parametrize(
    "prompt",
    [
        "每个人都会在一条路并不通的街上",
        "一个吻唤醒了公主",
        "五颗星星结合在一起",
        "在一个遥远的北方王国",
        "女孩穿着红色的裙子在跳舞",
        "他注意到一个循环本身就很奇怪",
    ],
)
def test_a_verb_and_what_cannot_be_seen_are_not_told(prompt: str) -> None:
    assert told(prompt) == []
