"""Riders have what they ride under them, though the prompt names only the rider."""

import pytest

from rushes.core.shot_plan import Action, CastMember, Plane
from rushes.engines.animatic.planning.mounts import mounted
from rushes.engines.animatic.planning.plan import plan_shot


def test_a_motorcyclist_who_drives_sits_on_a_motorcycle() -> None:
    rider, mount = plan_shot("a motorcyclist drives down a country road").cast

    assert (rider.subject, rider.action, rider.on) == ("motorcyclist", Action.SIT, 1)
    assert (mount.subject, mount.action, mount.words) == ("motorcycle", Action.DRIVE, "")


def test_a_knight_who_rides_is_on_a_horse_and_one_who_sits_is_not() -> None:
    riding, sitting = (plan_shot(f"a knight {verb} in a forest").cast for verb in ("rides", "sits"))

    assert [member.subject for member in riding] == ["knight", "horse"]
    assert [member.subject for member in sitting] == ["knight"]


def test_a_surfer_who_rides_a_wave_is_on_it() -> None:
    (surfer,) = plan_shot("a surfer rides a wave in the ocean").cast[:1]

    assert (surfer.subject, surfer.plane) == ("person-surfing", Plane.WATER)


@pytest.mark.parametrize(
    "cast",
    [
        (CastMember(subject="motorcyclist", action=Action.WALK),),
        (CastMember(subject="cowboy", action=Action.SIT),),
        (CastMember(subject="motorcyclist", action=Action.DRIVE, on=1), CastMember(subject="bus")),
        (
            CastMember(subject="motorcyclist", action=Action.DRIVE),
            CastMember(subject="motorcycle"),
        ),
        (CastMember(subject="surfer", action=Action.WALK),),
    ],
)
def test_nobody_gets_a_mount_who_walks_or_has_one(cast: tuple[CastMember, ...]) -> None:
    assert mounted(cast, "beach") == cast
