"""A named person is cast where a verb of persons follows the name."""

import pytest

from rushes.engines.animatic.planning.plan import plan_shot


@pytest.mark.parametrize(
    ("prompt", "who"),
    [
        ("Kanye West eating spaghetti", "man"),
        ("Amelia dances", "woman"),
        ("Tom Cruise runs through the city", "man"),
        ("Elon Musk walks on Mars", "man"),
        ("close up of Walter White working in a lab", "man"),
    ],
)
def test_a_name_before_a_verb_of_persons_is_a_person(prompt: str, who: str) -> None:
    assert plan_shot(prompt).cast[0].subject == who


@pytest.mark.parametrize(
    "prompt",
    ["Sunlight dances on the water", "Everyone dances", "Tokyo walking tour", "Pikachu dancing"],
)
def test_what_is_no_name_of_a_person_casts_none(prompt: str) -> None:
    assert not {one.subject for one in plan_shot(prompt).cast} & {"man", "woman"}
