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
axe: machete
hammer: jackhammer
carpentry-saw: saw blade, bandsaw
screwdriver: awl
shovel: hoe
wrench: caliper
broom: leaf blower
scissors: hedge trimmer, hair clippers
razor: scalpel
paintbrush: toilet brush
toolbox: sewing kit, makeup kit, utensils
tractor: snowplow
knot: fishing line, reins
trombone: tuba horn, bassoon
flute: didgeridoo, ocarina
guitar: balalaika, pipa lute
banjo: koto, dulcimer
violin: erhu
harp: zither, guzheng
scroll: contract, wax seal
joker: trading card
kick-scooter: balance bike
sword: bayonet
wizard-staff: baton
woman: cavewoman
emperor: titan
badger: possum, opossum
bug: flea, louse, cicada
frog: tadpole
bison: wildebeest, gnu
swan: cormorant
western-dragon: basilisk, chimera
hairy-creature: golem, titan monster
minotaur: satyr, faun
ogre: gargoyle
woman-elf: valkyrie, amazon warrior
android: crash test dummy
stone-tower: chess rook
lemon: passion fruit
kiwi-fruit: lychee, passionfruit
coconut: durian, jackfruit
peanuts: cashew, pistachio, almonds
blueberries: cranberries, cranberry, caviar
christmas-tree: mistletoe
honey-pot: caramel sauce
jar: mayonnaise, kimchi, yogurt, yoghurt
candy: fudge, baklava, turkish delight
cookie: scone
meat-on-bone: roast beef
poultry-leg: chicken nuggets
french-fries: chips and salsa
dango: takoyaki, arancini
dumpling: croquette, croquettes
pizza: okonomiyaki, focaccia, quiche
curry-rice: bibimbap, poke bowl
steaming-bowl: tteokbokki, gravy
bowl-with-spoon: ice bath
bottle: oil can
bento-box: feast, buffet
shallow-pan-of-food: baking tray, roasting pan
bookshelf: wine rack
bed: dog bed, cat bed
stove: furnace, woodstove, bunsen burner
kitchen-counter: reception desk
shower: sprinkler
tumbler-glass: vial
toilet: urinal, bidet
postbox: ballot box, payphone box
mouse-trap: lobster trap, bear trap
package: litter box
bird-cage: cat carrier, rabbit hutch, dog crate
hut: birdhouse hut
closed-book: folder, binder
newspaper: magazines rack, leaflet, flyer, brochure
framed-picture: tapestry, mural, mosaic, fresco
triangular-ruler: protractor
telescope: periscope
movie-camera: cinema projector, webcam camera
camera: camera lens
floppy-disk: hard drive, memory card, cartridge
printer: 3d printer
mobile-phone: handheld console
battery: power bank, powerbank
gear: piston, pulley, rudder
joystick: arcade machine
portal: hologram, magic mirror, force field
motor-boat: houseboat boat
auto-rickshaw: mini car
tent: canopy, tarp, awning
factory: dam
fountain: drinking fountain
fence: barbed wire, bike rack
igloo: dome tent
door: car door, doorbell
rock: hailstone, ice block
bone: claw, horns, horn of a bull, fang, tusk, tusks
bomb: dynamite, landmine, tnt
tank: bazooka launcher
water-pistol: laser gun, ray gun
firecracker: sparkler, sparklers
banner: bunting
cigarette: pipe tobacco, hookah, vape
coin: gold bar, gold bars
lipstick: mascara, compact powder
soap: detergent, bath bomb
fishing-pole: bait, fishing lure
cart: hand truck, plow cart
altar: confessional
test-tube: dna, dna helix, petri flask, vaccine
sphere: atom
syringe: iv drip, thermometer gun
crutch: walking frame
wind-chime: mobile of stars
yo-yo: fidget spinner
bellhop-bell: doorbell button, gong bell
popcorn: popcorn machine
bread: pancake mix
ice: ice bucket
water-wave: whirlpool, maelstrom
hole: manhole
shamrock: ivy leaf
floor-lamp: ring light, softbox
hourglass-done: egg timer
oil-drum: water tank, gas cylinder
amphora: decanter
soccer-ball: ping-pong ball, cricket ball, cue ball, eight ball, medicine ball, pool ball, snooker
    ball, bouncy ball
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
