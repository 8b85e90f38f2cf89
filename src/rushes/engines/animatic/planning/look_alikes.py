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
womans-hat: flower crown, fez, hairpin
prayer-beads: dreamcatcher, dream catcher
thong-sandal: clogs
handbag: pouch
ribbon: suspenders
sports-medal: name tag
axe: machete, cleaver, scythe, sickle
hammer: gavel, jackhammer
carpentry-saw: saw blade, bandsaw
screwdriver: awl
shovel: hoe
wrench: caliper
broom: pitchfork, feather duster, dustpan, leaf blower
scissors: hedge trimmer, hair clippers
razor: scalpel
paintbrush: toilet brush
toolbox: sewing kit, makeup kit, utensils
tractor: snowplow, harvester, combine harvester
knot: a whip, leash, dog leash, fishing line, cable, cables, reins
chains: handcuffs, shackles
thread: wire
trombone: tuba horn, bassoon
flute: pan flute, didgeridoo, ocarina
guitar: balalaika, sitar, pipa lute
banjo: koto, dulcimer
violin: erhu
harp: zither, guzheng
piano: organ, pipe organ, church organ
scroll: contract, blueprint, wax seal
joker: trading card
bow-and-arrow: slingshot, crossbow
kick-scooter: balance bike
bicycle: exercise bike, penny farthing
sword: spear, lance, trident, javelin, lightsaber, bayonet, harpoon, spears
wizard-staff: baton
magic-wand: bubble wand
woman: cavewoman
man: caveman
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
android: frankenstein, frankenstein's monster, crash test dummy
stone-tower: totem pole, totem, chess rook, control tower
lemon: passion fruit
kiwi-fruit: lychee, passionfruit
coconut: durian, jackfruit
peanuts: cashew, pistachio, almonds
blueberries: cranberries, cranberry, caviar
bush: tumbleweed
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
cooking: a grill, the grill, charcoal grill, a barbecue
bottle: oil can
bento-box: feast, buffet
shallow-pan-of-food: baking tray, roasting pan
bookshelf: wine rack
hospital-bed: bunk bed
bed: bunk beds, sleeping bag, dog bed, cat bed
stove: furnace, woodstove, bunsen burner
kitchen-counter: reception desk
shower: sprinkler
tumbler-glass: vial
canned-food: spray can
toilet: urinal, bidet
postbox: atm, ballot box, payphone box
mouse-trap: lobster trap, bear trap
package: litter box, shipping container, shipping containers
bird-cage: cat carrier, rabbit hutch, dog crate
hut: doghouse, dog house, kennel, birdhouse hut, kiosk, tollbooth
closed-book: passport, folder, binder
newspaper: magazine, magazines rack, leaflet, flyer, brochure, newspaper stand
envelope: postcard
framed-picture: tapestry, mural, mosaic, stained glass window, fresco
triangular-ruler: protractor
telescope: periscope
movie-camera: film reel, cinema projector, webcam camera
camera: tripod, camera lens
floppy-disk: hard drive, memory card, cartridge
printer: 3d printer
mobile-phone: smartwatch, handheld console
electric-plug: power socket, outlet
battery: power bank, powerbank
gear: piston, propeller, pulley, rudder
joystick: arcade machine
portal: hologram, magic mirror, force field
parachute: hang glider
motor-boat: hovercraft, paddle steamer, houseboat boat
auto-rickshaw: mini car
old-car: hearse
tent: canopy, tarp, awning
classical-building: dome
factory: dam
fountain: drinking fountain
traffic-cone: barricade, roadblock, street barrier
watch: sundial
fence: barbed wire, bike rack, clothes line
bathtub: water trough, trough
igloo: dome tent
window: stained glass
door: car door, elevator, lift door, doorbell
ladder: escalator
rock: hailstone, ice block
bone: claw, horns, horn of a bull, fang, tusk, tusks
bomb: dynamite, landmine, tnt
tank: cannon, artillery gun, bazooka launcher
water-pistol: laser gun, ray gun, machine gun, ak-47, gun, pistol, hair dryer, hairdryer, blow dryer
firecracker: sparkler, sparklers
banner: bunting, garland, christmas lights
cigarette: pipe tobacco, hookah, vape
coin: gold bar, gold bars
lipstick: mascara, compact powder
soap: detergent, bath bomb
ring-buoy: buoy
fishing-pole: bait, fishing lure
cart: hand truck, plow cart, hot dog stand
bench: picnic table
altar: confessional
test-tube: dna, dna helix, petri flask, vaccine
sphere: atom, molecule, molecules
syringe: iv drip, thermometer gun
crutch: walking frame
wind-chime: mobile of stars
wheel: spinning wheel, potter's wheel
yo-yo: fidget spinner
balance-scale: kitchen scale
bellhop-bell: doorbell button, gong bell
popcorn: popcorn machine
coffee-cup: moka pot
bread: pancake mix
ice: ice bucket
water-wave: whirlpool, maelstrom
hole: manhole
shamrock: ivy leaf
floor-lamp: ring light, softbox
video-camera: security camera, cctv camera, surveillance camera
hourglass-done: egg timer
oil-drum: water tank, gas cylinder
table: pool table, billiard table, ping pong table
amphora: decanter
delivery-truck: monster truck
diya-lamp: torch, burning torch, flaming torch
armchair: beanbag, bean bag, beanbag chair
paper-plane: origami, origami crane, paper crane, origami bird
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
