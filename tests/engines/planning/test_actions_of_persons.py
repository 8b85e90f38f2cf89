"""Who eats, fights, kicks, throws, pushes, climbs, kneels, lies or hugs where a prompt says so."""

import pytest

from rushes.core.shot_plan import Action
from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("a man drinks coffee", Action.EAT),
        ("horses graze in a meadow", Action.EAT),
        ("una mujer come una manzana", Action.EAT),
        ("猫在吃鱼", Action.EAT),
        ("two boxers fight", Action.FIGHT),
        ("deux hommes se battent", Action.FIGHT),
        ("a boy kicks", Action.KICK),
        ("一个男孩在踢球", Action.KICK),
        ("ein Junge wirft einen Stein", Action.THROW),
        ("a woman pushes a stroller", Action.PUSH),
        ("a man climbs a mountain", Action.CLIMB),
        ("a monk prays in a temple", Action.KNEEL),
        ("a man sleeps on a bed", Action.LIE),
        ("아이가 잠자고 있다", Action.LIE),
        ("девочка целует кошку", Action.HUG),
    ],
)
def test_a_verb_of_the_body_is_the_action_of_who_does_it(prompt: str, action: Action) -> None:
    assert plan_shot(prompt).cast[0].action is action


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("a cat sleeps on a sofa", Action.SIT),
        ("a dog kicks", Action.JUMP),
        ("a pen lies on a table", Action.SIT),
        ("a kitten climbs a tree", Action.WALK),
    ],
)
def test_what_only_a_person_can_do_is_the_nearest_thing_of_an_animal_or_an_object(
    prompt: str, action: Action
) -> None:
    assert plan_shot(prompt).cast[0].action is action


def test_what_one_pushes_is_before_the_hands_and_goes_along() -> None:
    pusher, cart = plan_shot("a woman pushes a stroller").cast
    assert pusher.x is not None
    assert cart.x is not None
    assert 0.1 < cart.x - pusher.x < 0.3
    assert (pusher.facing, cart.action) == (cart.facing, Action.WALK)


def test_what_one_drinks_from_is_in_the_hand() -> None:
    _, cup = plan_shot("a man drinks coffee").cast
    assert cup.on == 0


def test_who_sleeps_in_a_hat_sits_for_the_hat_would_stay_upright() -> None:
    assert plan_shot("a man wearing sunglasses sleeps").cast[0].action is Action.SIT


@pytest.mark.parametrize("who", ["An accountant", "A cat", "Two kittens"])
def test_who_is_asleep_does_what_who_sleeps_does(who: str) -> None:
    verb = "sleep" if who.startswith("Two") else "sleeps"
    asleep, sleeping = (plan_shot(f"{who} {one} on a sofa") for one in ("asleep", verb))
    assert [one.action for one in asleep.cast] == [one.action for one in sleeping.cast]
    assert "asleep" not in [one.words for one in asleep.not_shown]
