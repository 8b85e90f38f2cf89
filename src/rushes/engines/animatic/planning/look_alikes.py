"""English names of things that are drawn as another thing, which a viewer sees instead."""

from typing import Final

from rushes.engines.animatic.cast.catalogue import Subject
from rushes.engines.animatic.planning.inflection import plural_of

LOOK_ALIKES: Final = """
womans-clothes: jumpsuit, poncho, waistcoat, corset, bodysuit, onesie
jeans: stockings
shorts: underwear
one-piece-swimsuit: wetsuit
scarf: sash, handkerchief
womans-hat: headband, flower crown, earmuffs, witch hat, wizard hat, party hat, fez, hairpin, santa
    hat, turban, sombrero, beret, beanie
prayer-beads: brooch, earrings, earring, anklet, locket, dreamcatcher, dream catcher
thong-sandal: clogs
handbag: wallet, pouch
ribbon: belt, suspenders
sports-medal: badge, name tag, sheriff's badge
diving-mask: gas mask
glasses: monocle
axe: machete, cleaver, scythe, sickle
hammer: gavel, jackhammer
carpentry-saw: saw blade, chainsaw, chain saw, bandsaw
screwdriver: a drill, chisel, awl, power drill, electric drill, soldering iron
shovel: hoe
wrench: pliers, tongs, pincers, caliper
broom: a mop, a rake, the rake, garden rake, pitchfork, feather duster, dustpan, vacuum cleaner,
    vacuum, hoover, robot vacuum, leaf blower
scissors: tweezers, hedge trimmer, wire cutters, hair clippers
razor: scalpel
paintbrush: paint roller, hairbrush, spatula, whisk, toilet brush
flower-pot: mortar and pestle
toolbox: first aid kit, sewing kit, medical kit, makeup kit, lunchbox, lunch box, utensils
tractor: plough, plow, lawnmower, lawn mower, forklift, steamroller, snowplow, road roller,
    bulldozer, harvester, combine harvester, excavator
hook: clothes hanger, coat hanger, hanger
knot: a whip, leash, dog leash, fishing line, cable, cables, jump rope, skipping rope, reins
chains: handcuffs, shackles
thread: wire
drum: cymbals, cymbal, gong, tambourine
trumpet: tuba
trombone: tuba horn, bassoon
flute: clarinet, oboe, pan flute, didgeridoo, ocarina, harmonica
guitar: balalaika, sitar, pipa lute
banjo: koto, dulcimer
violin: erhu
harp: zither, guzheng
piano: organ, pipe organ, church organ
musical-keyboard: xylophone, marimba, glockenspiel
accordion: bagpipes, bagpipe
loudspeaker: amplifier, amp, guitar amp, subwoofer, jukebox, speaker box
scroll: sheet music, music sheet, contract, blueprint, certificate, wax seal
bullseye: darts
puzzle-piece: lego, lego bricks, lego brick, domino, dominoes, toy blocks
cube: rubik's cube, rubiks cube, tofu
joker: trading card
nesting-dolls: voodoo doll, rag doll, ventriloquist dummy, barbie, doll, puppet, porcelain doll,
    marionette
swing: seesaw, hammock, trampoline
sandcastle: sandbox, sand pit, sandpit
bow-and-arrow: slingshot, crossbow
kick-scooter: tricycle, segway, hoverboard, balance bike
bicycle: unicycle, exercise bike, penny farthing
shopping-cart: pram, stroller, baby stroller, baby carriage, pushchair
person-lifting-weights: barbell, dumbbell, dumbbells, weights, kettlebell
goal-net: basketball hoop, hoop
surfboard: snowboard
sword: spear, lance, trident, javelin, lightsaber, bayonet, harpoon, spears
wizard-staff: baton
magic-wand: bubble wand
carousel-horse: rocking horse, hobby horse, toy horse
woman: cavewoman
man: caveman
person-standing: mannequin
emperor: titan
badger: aardvark, wombat, possum, opossum, mole, shrew, platypus
bug: centipede, flea, louse, cicada, damselfly, praying mantis, mantis,
    stick insect
frog: tadpole
seal: manatee, dugong, walrus, walruses
whale: narwhal
bison: wildebeest, gnu
turkey: ostrich, emu, guinea fowl, pheasant, partridge, quail, cassowary, rhea
swan: pelican, cormorant
seagull: puffin
sauropod: stegosaurus, triceratops, ankylosaurus
western-dragon: pterodactyl, pteranodon, basilisk, hydra, chimera, griffin, gryphon
hairy-creature: golem, titan monster
minotaur: satyr, faun, centaur
ogre: cyclops, gargoyle
woman-elf: valkyrie, amazon warrior
werewolf: hellhound, cerberus
android: frankenstein, frankenstein's monster, shop dummy, crash test dummy
stone-tower: silo, grain silo, totem pole, totem, chess rook, water tower, control tower
potted-plant: venus flytrap, carnivorous plant
leafy-green: leek, rhubarb, celery, artichoke, cauliflower, brussels sprouts
bamboo: asparagus
melon: gourd, squash, papaya
lemon: grapefruit, passion fruit
kiwi-fruit: dragon fruit, lychee, fig, passionfruit
coconut: walnut, durian, jackfruit
peanuts: seed, seeds, pumpkin seeds, sunflower seeds, cashew, pistachio, granola, spices, coffee
    beans, almonds, hazelnuts, walnuts, acorn, acorns
blueberries: blackberries, cranberries, blackberry, cranberry, caviar
bush: tumbleweed
christmas-tree: mistletoe
pine-decoration: wreath, christmas wreath
mirror-ball: christmas ornament, ornament, bauble, christmas ball, ornaments
honey-pot: syrup, maple syrup, marmalade, peanut butter, caramel sauce, honeycomb
jar: mayonnaise, ketchup, mustard, kimchi, yogurt, yoghurt
salt: flour, sugar
candy: marshmallow, marshmallows, macaron, macarons, jelly beans, gummy bears, fudge, baklava,
    turkish delight, candy cane, candy canes
lollipop: popsicle, cotton candy, ice lolly
cookie: gingerbread man, cracker, crackers, scone
doughnut: churros, churro, onion rings
meat-on-bone: meatball, meatballs, roast beef, roast turkey
poultry-leg: chicken nuggets, roast chicken
french-fries: nachos, potato chips, chips and salsa, crisps
dango: takoyaki, arancini
dumpling: samosa, croquette, croquettes, spring roll, spring rolls
pizza: okonomiyaki, focaccia, quiche, lasagna
curry-rice: bibimbap, poke bowl
steaming-bowl: tteokbokki, gravy
bowl-with-spoon: whipped cream, ice bath
cooking: a grill, the grill, charcoal grill, a barbecue
bottle: oil can, thermos bottle
bento-box: picnic, feast, buffet
shallow-pan-of-food: baking tray, roasting pan
funeral-urn: ashtray, incense burner, incense
bookshelf: wine rack
candle: matchstick, incense stick
file-cabinet: vault, bank safe, cash register
hospital-bed: bunk bed, bassinet, ironing board
bed: cradle, crib, bunk beds, sleeping bag, dog bed, cat bed
stove: microwave, microwave oven, furnace, woodstove, heater, bunsen burner, radiator, dishwasher,
    washing machine, dryer, washer
fridge: vending machine, soda machine
kitchen-counter: a sink, the sink, bathroom sink, kitchen sink, washbasin, reception desk
shower: faucet, sprinkler
tumbler-glass: thermos, vial
canned-food: paint can, spray can
toilet: urinal, bidet
postbox: parking meter, atm, ballot box, payphone box
mouse-trap: lobster trap, bear trap
package: litter box, tissue box, matchbox, jewelry box, shipping container, shipping containers
treasure-chest: music box, piggy bank
bird-cage: cat carrier, rabbit hutch, dog crate, birdhouse, bird feeder, bird house
hut: doghouse, dog house, kennel, birdhouse hut, gazebo, kiosk, tollbooth
telephone: telephone box, phone booth, telephone booth, payphone
closed-book: passport, folder, binder
newspaper: magazine, magazines rack, leaflet, flyer, brochure, newspaper stand
envelope: postcard, stamp, postage stamp
framed-picture: tapestry, mural, mosaic, stained glass window, fresco
triangular-ruler: protractor
straight-ruler: tape measure, measuring tape
abacus: calculator
paperclip: stapler
crayon: chalk, piece of chalk
pencil: pencil case
adhesive-bandage: duct tape
telescope: binoculars, periscope
movie-camera: film reel, cinema projector, webcam camera
camera: tripod, camera lens
optical-disk: vinyl, vinyl record, lp
floppy-disk: hard drive, usb stick, flash drive, memory card, cartridge
printer: 3d printer
mobile-phone: remote control, smartwatch, handheld console, tv remote, tablet, walkie-talkie, tablet
    computer
electric-plug: power socket, outlet
battery: power bank, powerbank
gear: microchip, circuit board, cpu, computer chip, piston, propeller, pulley, rudder
satellite: solar panel, solar panels
joystick: game console, console, video game console, arcade machine
portal: hologram, magic mirror, force field
parachute: hang glider
motor-boat: hovercraft, paddle steamer, houseboat boat
auto-rickshaw: golf cart, golf buggy, mini car
old-car: hearse
tent: canopy, tarp, pergola, awning
classical-building: amphitheater, amphitheatre, dome
factory: oil rig, dam
fountain: drinking fountain, geyser
traffic-cone: barricade, roadblock, street barrier
stop-sign: wooden sign, signpost, warning sign
watch: sundial
fence: barbed wire, bike rack, archway, clothes line
bathtub: water trough, trough, bird bath tub
moai: stonehenge, standing stones
pyramid: sphinx
igloo: dome tent
window: blinds, stained glass
door: car door, elevator, lift door, doorbell
ladder: escalator
rock: hailstone, ice block
bone: claw, horns, horn of a bull, fang, tusk, tusks
bomb: dynamite, landmine, tnt
tank: cannon, artillery gun, bazooka launcher
water-pistol: laser gun, ray gun, machine gun, ak-47, gun, pistol, hair dryer, hairdryer, blow dryer
firecracker: sparkler, sparklers
banner: bunting, garland, christmas lights
cigarette: pipe tobacco, hookah, tobacco pipe, smoking pipe, vape
coin: gold bar, gold bars
gem-stone: jewel box, pearl
lipstick: nail polish, mascara, compact powder
soap: detergent, bath bomb
lotion-bottle: toothpaste
ring-buoy: buoy
fishing-pole: bait, fishing lure
cart: hand truck, plow cart, hot dog stand, chariot, chariots, wheelbarrow, rickshaw
bench: picnic table
altar: confessional
test-tube: dna, dna helix, petri flask, vaccine, beaker
sphere: atom, molecule, molecules
syringe: iv drip, thermometer gun
crutch: walking frame
wind-chime: mobile of stars
wheel: spinning wheel, hula hoop, potter's wheel
yo-yo: spinning top, fidget spinner
balance-scale: kitchen scale
bellhop-bell: doorbell button, gong bell
popcorn: popcorn machine
coffee-cup: coffee machine, coffee maker, espresso machine, coffee grinder, moka pot
pot-of-food: colander, sieve, kettle
cup-with-straw: blender, mixer, food processor
bread: toaster, pancake mix, tortilla, tortillas, pita
ice: icicle, icicles, ice bucket
water-wave: whirlpool, maelstrom
snow-pile: snowball, snowballs
hole: manhole
shamrock: ivy leaf
cricket-game: baseball bat
floor-lamp: ring light, softbox
video-camera: security camera, cctv camera, surveillance camera
hourglass-done: egg timer
boxing-glove: punching bag, speed bag
oil-drum: water tank, gas cylinder
table: pool table, billiard table, ping pong table
wardrobe: clothes rack, clothing rack, coat rack, coat stand
monkey: lemur
wolf: hyena
leopard: puma, lynx, cougar
hedgehog: armadillo, anteater
otter: meerkat
beaver: capybara
parrot: toucan
lizard: axolotl
fish: anglerfish, swordfish, eel
herb: seaweed, kelp, thistle
custard: jelly
shortcake: tiramisu, brownie
amphora: decanter, carafe
delivery-truck: monster truck, tow truck, cement mixer, garbage truck, dump truck
motorcycle: quad bike, snowmobile, jet ski
diya-lamp: torch, burning torch, flaming torch
armchair: beanbag, bean bag, beanbag chair, pouf
red-apple: pomegranate, plum, apricot
strawberry: raspberry, raspberries
paper-plane: origami, origami crane, paper crane, origami bird
soccer-ball: golf ball, ping-pong ball, cricket ball, cue ball, eight ball, medicine ball, pool
    ball, snooker ball, bouncy ball
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
