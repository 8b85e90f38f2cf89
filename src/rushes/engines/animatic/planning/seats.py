"""List the subjects on which people and animals sit, stand, lie or ride."""

from typing import Final

_HOLDERS_WORDS: Final = """
    puddle rocking-chair
    bed bathtub chair seat couch-and-lamp sofa armchair bench throne basket package coffee-cup
    hot-air-balloon swing seesaw rocking-horse hammock trampoline treadmill wheelbarrow
    hospital-bed carpet yoga-mat stairs
"""
HOLDERS: Final = frozenset(_HOLDERS_WORDS.split())
"""Furniture and vessels, other than vehicles, in which one sits, lies or rides."""

_RIDDEN_WORDS: Final = """
    bicycle motorcycle motor-scooter rowboat canoe sled tricycle unicycle quad-bike snowmobile
    jet-ski go-kart seesaw sleigh rocking-horse kayak
"""
RIDDEN: Final = frozenset(_RIDDEN_WORDS.split())
"""Who is on one of them sits."""

_SEATS_WORDS: Final = """
    bed bench seat chair sofa couch-and-lamp armchair throne swing hospital-bed manual-wheelchair
    motorized-wheelchair rocking-chair
"""
SEATS: Final = frozenset(_SEATS_WORDS.split())
"""Who works or talks on one of them sits all the same."""

_BOARDS_WORDS: Final = """
    skateboard surfboard kick-scooter skis segway hoverboard snowboard trampoline treadmill
"""
BOARDS: Final = frozenset(_BOARDS_WORDS.split())
"""Who rides one of them stands."""
