"""The ball of a game is in play, and the players are where one sees that they play."""

import pytest

from rushes.core.shot_plan import Action, Facing, Plane
from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    "prompt",
    [
        "football players fighting for the ball",
        "a boy kicks a soccer ball",
        "two boys play football",
        "kids playing soccer",
        "niños jugando al fútbol",
        "一个男孩在踢足球",
    ],
)
def test_a_football_rolls_before_players_who_run(prompt: str) -> None:
    plan = plan_shot(prompt)
    ball = next(one for one in plan.cast if one.subject == "soccer-ball")
    players = [one for one in plan.cast if one is not ball]
    assert plan.set == "sports_ground"
    assert (ball.action, ball.plane, ball.on) == (Action.ROLL, Plane.GROUND, None)
    assert {one.action for one in players} <= {Action.RUN, Action.KICK}
    assert all(one.x is None or one.x < (ball.x or 0) for one in players)


@pytest.mark.parametrize("prompt", ["two people playing tennis", "zwei Männer spielen Tennis"])
def test_a_tennis_ball_flies_between_two_players_who_have_rackets(prompt: str) -> None:
    cast = plan_shot(prompt).cast
    ball = next(one for one in cast if one.subject == "tennis-ball")
    left, right = (one for one in cast if one.x is not None and one is not ball)
    assert (left.facing, right.facing, ball.plane) == (Facing.RIGHT, Facing.LEFT, Plane.SKY)
    assert (left.x or 1) < (ball.x or 0) < (right.x or 0)
    rackets = [one.on for one in cast if one.subject == "tennis-racket"]
    players = [at for at, one in enumerate(cast) if one in (left, right)]
    assert rackets in ([], players)


def test_a_basketball_player_jumps_before_the_hoop() -> None:
    player, hoop = plan_shot("a basketball player dunking the ball into the hoop").cast
    assert (player.action, hoop.subject) == (Action.JUMP, "basketball-hoop")
    assert (player.x or 1) < (hoop.x or 0)


def test_a_ball_that_somebody_holds_stays_in_the_hands() -> None:
    boy, ball = plan_shot("a boy holding a football").cast
    assert (boy.action, ball.on) == (Action.STAND, 0)


def test_a_game_stays_at_the_place_that_the_prompt_names() -> None:
    assert plan_shot("kids playing football in the street").set == "street"


def test_nobody_plays_football_who_is_on_a_soccer_field_for_something_else() -> None:
    cast = plan_shot("a man plays guitar on a soccer field").cast
    assert [one.subject for one in cast] == ["man", "guitar"]


def test_a_ball_is_in_play_while_somebody_else_holds_something() -> None:
    cast = plan_shot("a boy kicks a soccer ball while a woman holds a flag").cast
    ball = next(one for one in cast if one.subject == "soccer-ball")
    assert (ball.action, ball.on) == (Action.ROLL, None)


@pytest.mark.parametrize(
    "prompt", ["a man watches a baseball game on TV", "a woman passes a baseball stadium"]
)
def test_no_ball_is_in_play_that_names_the_kind_of_a_thing(prompt: str) -> None:
    assert [one.subject for one in plan_shot(prompt).cast if one.plane is Plane.SKY] == []


@pytest.mark.parametrize(
    "prompt", ["投手が全力でボールを投げる", "a boy throws a basketball to his friend"]
)
def test_a_ball_that_is_thrown_is_in_the_air(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert plan.cast[0].action is Action.THROW
    assert plan.cast[1].plane is Plane.SKY
