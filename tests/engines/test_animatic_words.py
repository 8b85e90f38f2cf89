"""What the animatic engine reads from a prompt: camera moves and particles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.engines.animatic.camera_words import CONCEPTS, Moves, moves_in
from rushes.engines.animatic.particles import kinds_in


@pytest.mark.parametrize(
    ("words", "move", "direction"),
    [
        ("camera pans left over the valley", "pan", -1),
        ("slow pan to the right", "pan", 1),
        ("the camera slowly moves left", "pan", -1),
        ("camera truck right", "pan", 1),
        ("pan from right to left", "pan", -1),
        ("a tracking shot of a runner", "pan", 1),
        ("tilt up to the sky", "tilt", -1),
        ("camera pedestal down", "tilt", 1),
        ("a crane shot over the crowd", "tilt", -1),
        ("the camera rises above the trees", "tilt", -1),
        ("camera push in", "push", 1),
        ("zoom out slowly", "push", -1),
        ("slow zoom in on her face", "push", 1),
        ("pull back to reveal the city", "push", -1),
        ("camera pulls out", "push", -1),
        ("dolly in", "push", 1),
        ("camera orbit left", "orbit", -1),
        ("the camera circles the statue", "orbit", 1),
        ("an orbit shot", "orbit", 1),
        ("handheld, found footage", "handheld", 1),
        ("a dolly zoom on the stairs", "dolly_zoom", 1),
        ("static shot of a table", "still", 1),
        ("locked-off camera, tripod", "still", 1),
        ("no camera movement", "still", 1),
        ("camera roll left", "roll", -1),
    ],
)
def test_a_move_is_found_in_its_words(words: str, move: str, direction: int) -> None:
    assert getattr(moves_in(words, seed=0), move) == direction


@pytest.mark.parametrize(
    "words",
    [
        "eggs in a frying pan",
        "peter pan lands on the roof",
        "the train moves left across the bridge",
        "he pulls back the curtain",
        "a satellite in orbit around the earth",
        "a truck left the depot",
        "she plays a handheld console",
        "her head tilts up",
        "a crane stands in the marsh",
        "static electricity on a balloon",
        "a harbour crane lifts a box",
        "pots and pans on the wall",
    ],
)
def test_what_only_sounds_like_a_move_is_none(words: str) -> None:
    usual = moves_in("nothing of the kind", seed=0)

    assert moves_in(words, seed=0) == usual


def test_a_move_that_is_forbidden_is_not_made() -> None:
    moves = moves_in("a street without zooming in, camera pans left", seed=0)

    assert (moves.push, moves.pan) == (0, -1)


def test_a_dolly_zoom_is_no_push() -> None:
    assert moves_in("dolly zoom in", seed=0).push == 0


def test_a_drone_shot_goes_forward_and_up() -> None:
    moves = moves_in("drone shot over dunes", seed=0)

    assert moves.push > 0 > moves.tilt


def test_a_prompt_without_moves_gets_a_slow_push() -> None:
    assert moves_in("a cat", seed=0).push == 1


def test_words_set_the_pace() -> None:
    slow, usual, fast = (
        moves_in(f"{pace} camera pans left", seed=0).pace for pace in ("slow", "", "fast")
    )

    assert slow < usual < fast


@given(st.text(), st.integers(min_value=0))
def test_any_words_give_moves(words: str, seed: int) -> None:
    moves = moves_in(words.lower(), seed=seed)

    assert isinstance(moves, Moves)
    assert moves.any


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("rain in the city", ("rain",)),
        ("a train at noon", ()),
        ("snow falls", ("snow",)),
        ("snow-capped peaks", ()),
        ("after the rain", ()),
        ("a sandstorm", ("dust",)),
        ("fireflies in a forest", ("fireflies", "dust")),
        ("a campfire", ("embers",)),
    ],
)
def test_particles_are_found_in_their_words(words: str, kinds: tuple[str, ...]) -> None:
    assert kinds_in(words) == kinds


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_named_concept_and_the_same_words_in_a_prompt_ask_for_a_move(concept: str) -> None:
    usual = moves_in("a harbour", seed=0)
    requested = moves_in("a harbour", seed=0, concepts=(concept,))
    assert requested == moves_in(f"a harbour, camera {concept.replace('_', ' ')}", seed=0)
    if concept not in {
        "push_in",
        "zoom_in",
        "pov",
        "bolt_cam",
        "ground_level",
        "elevator_doors",
    }:  # as where nothing is asked for
        assert requested != usual


COMFYUI = (
    "truck_left pan_right pedestal_down low_angle pedestal_up selfie pan_left roll_right zoom_in"
    " over_the_shoulder orbit_right orbit_left static tiny_planet high_angle bolt_cam dolly_zoom"
    " overhead zoom_out handheld roll_left pov aerial_drone push_in crane_down truck_right tilt_down"
    " elevator_doors tilt_up ground_level pull_out aerial crane_up eye_level"
)
"""Source: Comfy-Org/ComfyUI, comfy_api_nodes/apis/luma.py, get_luma_concepts."""


def test_every_concept_that_comfyui_lists_is_known() -> None:
    assert sorted(COMFYUI.split()) == sorted(CONCEPTS)


@pytest.mark.parametrize(
    ("concept", "move", "direction"),
    [
        ("low_angle", "tilt", -1),
        ("high_angle", "tilt", 1),
        ("eye_level", "pan", 1),
        ("ground_level", "push", 1),
        ("overhead", "push", 1),
        ("over_the_shoulder", "handheld", 1),
        ("selfie", "push", -1),
        ("tiny_planet", "roll", 1),
        ("elevator_doors", "push", 1),
    ],
)
def test_a_viewpoint_moves_the_camera(concept: str, move: str, direction: float) -> None:
    moves = moves_in("a harbour", seed=0, concepts=(concept,))
    assert getattr(moves, move) == direction


@pytest.mark.parametrize(
    "words",
    [
        "a tiny planet with one tree",
        "people wait at elevator doors",
        "clouds overhead",
        "she takes a selfie",
        "a bag over the shoulder",
        "a shop at ground level",
    ],
)
def test_a_viewpoint_is_not_found_in_what_is_shown(words: str) -> None:
    assert moves_in(words, seed=0) == moves_in("a harbour", seed=0)


def test_concepts_are_added_to_the_moves_of_the_words_and_win_where_both_speak() -> None:
    moves = moves_in("camera pans left over a harbour, handheld", seed=0, concepts=("pan_right",))
    assert (moves.pan, moves.handheld) == (1, 1)
    still = moves_in("camera pans left over a harbour", seed=0, concepts=("static",))
    assert not still.travels
