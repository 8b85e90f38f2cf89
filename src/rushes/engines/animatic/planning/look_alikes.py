"""English names of things that are drawn as another thing, which a viewer sees instead."""

from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning.inflection import plural_of

LOOK_ALIKES: Final = """
womans-clothes: jumpsuit, corset, bodysuit
jeans: stockings
shorts: underwear
one-piece-swimsuit: wetsuit
scarf: sash, handkerchief
womans-hat: hairpin
thong-sandal: clogs
handbag: pouch
ribbon: suspenders
sports-medal: name tag
carpentry-saw: saw blade, bandsaw
screwdriver: awl
wrench: caliper
scissors: hedge trimmer, hair clippers
razor: scalpel
paintbrush: toilet brush
toolbox: sewing kit
knot: fishing line, reins
trombone: tuba horn, bassoon
flute: ocarina
scroll: contract, wax seal
joker: trading card
kick-scooter: balance bike
sword: bayonet
wizard-staff: baton
woman: cavewoman
bug: flea, louse
frog: tadpole
swan: cormorant
western-dragon: basilisk, chimera
hairy-creature: titan monster
minotaur: satyr, faun
woman-elf: valkyrie, amazon warrior
android: crash test dummy
lemon: passion fruit
kiwi-fruit: passionfruit
blueberries: cranberries, cranberry, caviar
honey-pot: caramel sauce
jar: mayonnaise
cookie: scone
french-fries: chips and salsa
pizza: okonomiyaki, focaccia, quiche
steaming-bowl: gravy
bowl-with-spoon: ice bath
bottle: oil can
toilet: urinal, bidet
postbox: ballot box, payphone box
mouse-trap: lobster trap, bear trap
package: litter box
hut: birdhouse hut
newspaper: magazines rack, leaflet, flyer, brochure
framed-picture: mosaic, fresco
triangular-ruler: protractor
telescope: periscope
movie-camera: cinema projector, webcam camera
floppy-disk: memory card, cartridge
battery: power bank, powerbank
gear: piston, pulley, rudder
portal: force field
motor-boat: houseboat boat
auto-rickshaw: mini car
tent: canopy, tarp, awning
fountain: drinking fountain
fence: bike rack
igloo: dome tent
door: car door, doorbell
rock: hailstone, ice block
bone: claw, horns, horn of a bull, fang
bomb: landmine
tank: bazooka launcher
cigarette: pipe tobacco, vape
soap: detergent, bath bomb
fishing-pole: bait, fishing lure
cart: plow cart
altar: confessional
test-tube: petri flask, vaccine
syringe: thermometer gun
wind-chime: mobile of stars
bellhop-bell: doorbell button, gong bell
bread: pancake mix
shamrock: ivy leaf
hourglass-done: egg timer
oil-drum: water tank
soccer-ball: ping-pong ball, cricket ball, medicine ball, bouncy ball
"""
"""
A subject of the catalogue and things that are drawn as it, as in ``OTHER_NAMES``.

A plan casts the subject, so that something stands there, and tells the thing as not shown. Names
whose picture a viewer accepts as the thing are in ``EVERYDAY_NAMES``.
"""

_SPOKEN: Final = """
bowl-with-spoon: a bowl
bread: bread
carousel-horse: a carousel
chains: chains
cooking: a frying pan
cricket-game: a cricket bat
curry-rice: curry
cut-of-meat: meat
french-fries: french fries
green-salad: salad
hourglass-done: an hourglass
ice: ice
joker: a playing card
meat-on-bone: meat
pot-of-food: a pot
salt: a salt shaker
shallow-pan-of-food: a pan
steaming-bowl: a steaming bowl
womans-clothes: a blouse
womans-hat: a hat
"""
"""What subjects are called whose ids are not what one says."""
_LINES: Final = (line.partition(": ") for line in _SPOKEN.strip().splitlines())
_NAMES: Final = {subject: name for subject, _, name in _LINES}


def look_alike_reason(subject: Subject, *, is_plural: bool = False) -> str:
    """Return what a plan says of a thing in whose place a subject is drawn."""
    name = _NAMES.get(subject.id) or _with_article(subject.id.replace("-", " "))
    article, _, noun = name.partition(" ")
    if is_plural and article in {"a", "an"}:
        name = plural_of(noun)
    return f"The picture shows {name} instead."


def _with_article(name: str) -> str:
    if name.endswith("s") and not name.endswith(("ss", "us")):
        return name
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
