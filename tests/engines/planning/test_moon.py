"""The moon of a prompt is in the sky of the night, even with an aurora."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "moon"),
    [
        ("a wolf on a rock howls at the moon", "full-moon"),
        ("northern lights and the moon over a cabin", "full-moon"),
        ("crescent moon over a mosque", "crescent-moon"),
        ("ein Wolf heult den Mond an", "full-moon"),
        ("月亮下的狼", "full-moon"),
    ],
)
def test_a_named_moon_is_one_of_the_cast(prompt: str, moon: str) -> None:
    assert plan_shot(prompt).cast[-1].subject == moon


@pytest.mark.parametrize(
    "prompt", ["a fox walks by moonlight", "an astronaut walks on the moon", "a moonlit lake"]
)
def test_the_light_and_the_ground_of_the_moon_are_no_moon(prompt: str) -> None:
    assert not any(one.subject.endswith("-moon") for one in plan_shot(prompt).cast)


@pytest.mark.parametrize(
    "prompt",
    [
        "an astronaut sitting on the rim of a crater with the earth above",
        "an astronaut stands and looks at the earth in the sky",
        "ein Astronaut am Rand eines Kraters",
    ],
)
def test_an_astronaut_at_a_crater_or_under_the_earth_is_on_the_moon(prompt: str) -> None:
    plan = plan_shot(prompt)
    assert plan.set == "moon_surface"
    assert [one.subject for one in plan.cast] == ["astronaut"]


def test_a_wolf_that_howls_at_the_moon_in_russian_is_not_on_it() -> None:
    plan = plan_shot("Волк воет на луну в зимнем лесу")
    assert (plan.set, plan.time) == ("forest", "night")
    assert [one.subject for one in plan.cast] == ["wolf", "full-moon"]
    assert plan_shot("Космонавт на Луне").set == "moon_surface"
