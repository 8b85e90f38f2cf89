"""Tell which words name a part of another subject, or only say of which sort another thing is."""

import re
from collections.abc import Iterable
from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning import kinds
from rushes.engines.animatic.planning.casting_drafts import Reading, take_out

STONE: Final = "#9e9e9e"
"""The colour of a statue of no other."""

_PARTS_OF_BODIES: Final = """
    arm arms leg legs tail tails trunk trunks beak beaks claw claws talon talons paw paws hoof
    hooves whisker whiskers snout mane manes antler antlers horn horns tusk tusks fin fins fang
    fangs wing wings knee knees elbow elbows shoulder shoulders forehead chin cheek cheeks neck
    hips chest
    belly torso nose noses skin fur lip lips ear ears mouth mouths tongue eyebrow eyebrows eyelashes
    jaw jaws wrist wrists ankle ankles thigh thighs fingertips fingernails flesh feather feathers
    scale scales pelt stomach necks chests bellies foreheads
"""
_PARTS_OF_VEHICLES: Final = """
    hull windshield windscreen bumper handlebar handlebars spoke spokes engine engines headlight
    headlights hood pedal pedals mast masts cockpit propeller propellers flatbed deck
"""
_PARTS_OF_MILLS: Final = "blade blades sails rotor rotors"
_PARTS_OF_INSTRUMENTS: Final = "key keys string strings pedals"
_PARTS: Final = (
    (frozenset({"building", "aircraft"}), frozenset(_PARTS_OF_MILLS.split())),
    (frozenset({"violinist", "cellist", "violin", "cello"}), frozenset({"bow"})),
    (frozenset({"instrument"}), frozenset(_PARTS_OF_INSTRUMENTS.split())),
    (
        frozenset({"person", "fantasy", "animal", "bird", "fish", "insect"}),
        frozenset(_PARTS_OF_BODIES.split()),
    ),
    (frozenset({"vehicle", "boat", "aircraft"}), frozenset(_PARTS_OF_VEHICLES.split())),
)


def is_part_of(words: str, named: Iterable[Subject]) -> bool:
    """Return whether words without a picture are of a part that a named subject is drawn with."""
    part = words.lower().rpartition(" ")[2]
    owners = {name for one in named for name in (one.kind, one.id)}
    return any(part in parts and owners & wholes for wholes, parts in _PARTS)


_CONTAINING: Final = frozenset({"bottle", "package", "shopping-bags", "basket", "jar", "tray"})
_FOR_USE: Final = frozenset({"furniture", "clothing", "instrument", "vehicle"})


def only_describes(modifier: Subject, head: Subject) -> bool:
    """Return whether a noun before another one only says of which sort it is: a juice box."""
    if kinds.is_alive(modifier) or kinds.is_alive(head) or head.kind in {"vehicle", "building"}:
        return False
    return head.id in _CONTAINING or head.kind == "clothing" or modifier.kind in _FOR_USE


def take_out_parts(prompt: str, reading: Reading) -> None:
    """Take the siren of a fire engine and the chimney of a train for what their pictures show."""
    for index in reversed(range(len(reading.drafts))):
        part = reading.drafts[index]
        words = prompt[part.start : part.end]
        wholes = {
            whole
            for subject, said, of in _SHOWN_WITH
            if subject == part.subject.id and said.search(words)
            for whole in of.split()
        }
        if any(one.subject.id in wholes for one in reading.drafts):
            reading.used.append((part.start, part.end))
            take_out(reading, index)


_WITH_SIRENS: Final = "fire-engine ambulance police-car oncoming-police-car"
_WITH_CHIMNEYS: Final = """
    locomotive steam-locomotive steam-train ship paddle-steamer passenger-ship
"""
_WITH_LAMPS: Final = """
    automobile sports-car taxi bus truck delivery-truck beetle-car vintage-car racing-car jeep
    motorcycle
"""
_ANY: Final = re.compile("")
_SIREN: Final = re.compile(r"\bsir[eèé]n|сирен", re.IGNORECASE)
_STOVE: Final = re.compile(r"\bchimenea|\bcheminée", re.IGNORECASE)
_LAMPS: Final = re.compile(r"\b(?:faros|phares|faróis)", re.IGNORECASE)
_SHOWN_WITH: Final = (
    ("police-car-light", _ANY, _WITH_SIRENS),
    ("mermaid", _SIREN, _WITH_SIRENS),
    ("chimney", _ANY, _WITH_CHIMNEYS),
    ("fireplace", _STOVE, _WITH_CHIMNEYS),
    ("lighthouse", _LAMPS, _WITH_LAMPS),
)
"""Subjects, the words for them, and the subjects whose pictures have such a part."""

MUSIC: Final = re.compile(r" (?:music|mood|soundtrack|score|melody|melodies|tune)\b", re.IGNORECASE)
"""What follows an instrument that one hears and does not see."""

PLANT_PARTS: Final = frozenset({"leaf", "fallen-leaf", "maple-leaf", "branch", "bush", "herb"})
_PARTS_IN_PLURAL: Final = frozenset({"leaf", "fallen-leaf", "maple-leaf", "branch", "feather"})


def are_parts_of(parts: Subject, whole: Subject) -> bool:
    """Return whether leaves, branches or feathers are drawn with what they belong to."""
    return parts.id in _PARTS_IN_PLURAL and (whole.kind == "plant" or kinds.is_alive(whole))
