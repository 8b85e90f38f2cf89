"""English words for what one sees and the engine does not draw, and for what sets draw anyway."""

from typing import Final

from rushes.core.shot_plan import LANDSCAPES, ROOMS

_THINGS: Final = """
    wall block sand case food cylinder prism rectangle triangle stem board ceiling terrain
    landscape scenery straw machine landmark pile structure web hole creature beam decoration
    liquid lid rim layer soil entrance icon handle crack wedge device equipment vegetation tentacle
    artwork bracket fringe artifact remnant rune slope column droplet sheet lettering patch border
    label tag item object stud pillar stain debris litter rubble crevice fissure lichen grime
    tattoo scar beast corpse signage cardboard aluminum zinc tin styrofoam wax yeast batter icing
    glaze slime goo sap nectar mold bacteria mineral fossil graphite liner clasp lace ruffle
    embroidery wallpaper grid switch socket duct vent valve pump mount tape paste powder dye
    pigment accessory makeup equation chart graph symbol crest caption subtitle watermark snack
    ingredient filling crumb flare soot fume swarm cluster heap bundle pathway boundary
    obstacle shaft arch threshold nook scrap cosmetics barcode
"""
THINGS: Final = frozenset(_THINGS.split())
"""Things without a picture of their own that no other table lists."""

_ALSO_THINGS: Final = """
    sink circle parade gold silver bronze brass copper metal steel iron titanium stone marble
    concrete granite clay glass crystal ice wood leather paper silk porcelain chocolate lava logo
    hexagon pentagon trapezoid parallelogram rhombus hieroglyphics stripe pattern
"""
ALSO_THINGS: Final = frozenset(_ALSO_THINGS.split())
"""Things whose names are in other tables as what somebody does, as a colour or as a style."""

_OF_BODIES: Final = """
    nose skin fur shoulder chest neck leg wing lip ear mouth tongue eyebrow eyelash jaw forehead
    cheek chin wrist knee ankle thigh fingertip fingernail belly flesh feather scale pelt stomach
"""
OF_BODIES: Final = frozenset(_OF_BODIES.split())
"""Parts that each animal or person may be drawn with."""

_ROOM: Final = frozenset(ROOMS)
_LAND: Final = frozenset(LANDSCAPES) - {"underwater", "space", "clouds", "abstract", "ocean"}
DRAWN_BY_SETS: Final = {
    "wall": _ROOM,
    "ceiling": _ROOM,
    "sand": frozenset({"beach", "desert"}),
    "soil": _LAND,
    "terrain": _LAND,
    "landscape": _LAND,
    "scenery": _LAND,
    "slope": frozenset({"mountain", "summit", "canyon"}),
    "vegetation": _LAND - {"desert", "snow", "cave", "canyon", "summit", "city"},
    "board": frozenset({"classroom"}),
}
"""Things of ``THINGS`` with the sets that show them."""

_ACTIONS: Final = """
    sniff wag purr honk text scroll nod shrug sigh scratch sneeze cough snore pant chant whistle
    hum gnaw peck slither wriggle crunch slurp bandage massage vibrate shake tremble shiver twitch
    snap grin smirk weep sob moan groan blush wince grimace squint glare crush smash stab tear bend
    twist squeak croak moo quack cluck dribble dunk skydive abseil grill roast fry mow fold shred
    scan print bite suck swallow vomit spit drool burp flex punch slap poke tickle cuddle snuggle
    embrace nuzzle faint drown melt freeze crack break split dissolve evaporate rust rot wither
    wilt droop expand shrink deflate transform morph teleport vanish disappear fade knock click
    press pat pinch snarl hiss stagger wobble slump curtsy sprinkle marinate apply trim floss
    exercise golf unlock weigh smell touch wake pay count gargle undress unzip
    kayak canoe raft parasail windsurf rollerblade slouch shove tug
    rattle recoil exhale inhale breathe salivate
"""
ACTIONS: Final = frozenset(_ACTIONS.split())
"""Verbs, in the basic form, for what one sees and no picture does."""

_LITTLE: Final = """
    for has had have having been do does did doing done during onto upon per amid amidst among
    amongst despite whilst else let lets got get gets getting so us me mine yours hers ours theirs
    yes okay etc via versus unlike toward towards seen unless lest arent havent dont isnt
    ive took gave became made goes gone put puts
"""
LITTLE: Final = frozenset(_LITTLE.split())
"""Words that only join others."""
