"""English names of everyday things whose own pictures are missing: what comes nearest to each."""

from typing import Final

EVERYDAY_NAMES: Final = """
womans-clothes: jumpsuit, poncho, waistcoat, corset, bodysuit, nightgown, onesie, garment, garments,
    attire
dress: sundress, ball gown, nightdress, petticoat, kilt, cocktail dress, summer dress
kimono: yukata, hanbok, cheongsam, qipao, hanfu
coat: blazer, overcoat, parka, fur coat, leather jacket, denim jacket, bomber jacket, poncho coat,
    anorak, windbreaker, puffer jacket, winter coat, rain jacket, down jacket
jeans: leggings, tights, stockings, sweatpants, slacks
shorts: underwear, swim trunks, bermuda shorts
one-piece-swimsuit: swimsuit, bikini, bathing suit, wetsuit, leotard
gloves: mittens, mitten, boxing mitts, oven mitt, oven mitts
socks: sock, stocking, christmas stocking
scarf: sash, cravat, handkerchief, feather boa
womans-hat: headband, flower crown, earmuffs, cowboy hat, witch hat, wizard hat, party hat,
    bucket hat, fez, hairpin, bowler hat, santa hat
prayer-beads: jewelry, jewellery, jewels, brooch, earrings, earring, anklet, locket, pearls,
    talisman, dreamcatcher
thong-sandal: flip flops, flip-flops, flip flop, clogs
running-shoe: loafers, loafer, high top, cleats, trainers
high-heeled-shoe: heels, stilettos
handbag: wallet, pouch
handbag: tote bag, tote, clutch, leather bag
ribbon: belt, bow tie ribbon, headband ribbon, suspenders
sports-medal: badge, name tag, sheriff's badge
diving-mask: snorkel, scuba mask, gas mask
glasses: monocle, reading glasses, eyeglasses
life-jacket|safety-vest: life jacket, life vest, lifejacket, bulletproof vest
pick: pickaxe, pickaxes, ice axe, pick axe
axe: machete, cleaver, halberd, battle axe, scythe, sickle
hammer: mallet, sledgehammer, gavel, jackhammer
carpentry-saw: a saw, the saw, saw blade, hacksaw, chainsaw, chain saw, bandsaw
screwdriver: a drill, chisel, awl, power drill, electric drill, soldering iron
shovel: spade, trowel, hoe, snow shovel, garden spade
wrench: spanner, pliers, tongs, pincers, caliper
broom: a mop, a rake, the rake, garden rake, pitchfork, feather duster, dustpan
scissors: shears, tweezers, hedge trimmer, wire cutters, pruning shears, hair clippers
razor: scalpel, shaver
paintbrush: paint roller, makeup brush, hairbrush, quill brush, spatula, whisk, toilet brush
toothbrush: electric toothbrush
flower-pot: planter box, mortar and pestle
toolbox: first aid kit, sewing kit, medical kit, makeup kit, lunchbox, lunch box
tractor: plough, plow, lawnmower, lawn mower, forklift, steamroller, snowplow, road roller
hook: fishing hook, coat hook, clothes hanger, coat hanger
knot: a whip, lasso, noose, leash, dog leash, fishing line, cable, cables, string, cord, jump rope,
    skipping rope, reins
chains: handcuffs, shackles
thread: spool, spool of thread, wire
drum: timpani, snare drum, tabla, djembe, conga, congas, cymbals, cymbal, gong, tambourine
long-drum: taiko, taiko drum, taiko drums, bass drum
trumpet: bugle, tuba, cornet
postal-horn: french horn, hunting horn
trombone: tuba horn, bassoon
flute: clarinet, oboe, recorder flute, piccolo, pan flute, didgeridoo, tin whistle, shakuhachi,
    ocarina, harmonica, bamboo flute
guitar: balalaika, lute, sitar, mandolin, bouzouki, oud, bass guitar, electric guitar, ukulele,
    bass, pipa lute
banjo: shamisen, koto, dulcimer, sanxian
violin: viola, erhu, bow and violin
cello: double bass, contrabass
harp: lyre, zither, guzheng
piano: harpsichord, upright piano, organ, pipe organ, church organ
musical-keyboard: xylophone, marimba, glockenspiel, keyboard piano
accordion: bagpipes, concertina, bandoneon
loudspeaker: amplifier, amp, guitar amp, subwoofer, jukebox, speaker box
scroll: sheet music, music sheet, contract, decree, blueprint, papyrus, diploma, certificate
bullseye: dartboard, dart board, archery target, darts
puzzle-piece: jigsaw, jigsaw puzzle, puzzle, puzzle pieces, lego, lego bricks, lego brick, domino,
    dominoes, toy blocks
cube: rubik's cube, rubiks cube, building blocks, wooden blocks, toy block, blocks, tofu,
    sugar cube
joker: playing cards, tarot card, tarot cards, deck of cards, cards, poker cards, trading card
nesting-dolls: voodoo doll, rag doll, ventriloquist dummy, barbie
swing: seesaw, hammock, trampoline
sandcastle: sandbox, sand pit, sandpit
bow-and-arrow: slingshot, crossbow, arrow, arrows, archery bow
kick-scooter: tricycle, segway, hoverboard, balance bike, push scooter
bicycle: unicycle, tandem, exercise bike, penny farthing
shopping-cart: pram, stroller, baby stroller, baby carriage, pushchair, trolley cart
person-lifting-weights: barbell, dumbbell, dumbbells, weights, kettlebell
badminton: shuttlecock, badminton racket, badminton racquet
tennis: racket, racquet, tennis racquet, tennis court racket
goal-net: soccer goal, goal post, goalposts, hockey goal, basketball hoop, hoop, volleyball net,
    football goal
skis: ski, ski poles, ski pole
skateboard: longboard
surfboard: paddleboard, bodyboard, snowboard
sword: rapier, saber, sabre, scimitar, spear, lance, trident, javelin, lightsaber, bayonet,
    harpoon, spears
shield: coat of arms
wizard-staff: scepter, sceptre, wizard's staff, baton
magic-wand: conductor's baton, fairy wand, bubble wand
horse: saddle horse, chestnut mare
carousel-horse: rocking horse, hobby horse, toy horse
waiter: bellboy, bellhop, sommelier, maitre d, concierge
man-in-tuxedo: chauffeur, best man in a tuxedo, master of ceremonies, groomsmen
gardener: zookeeper, groundskeeper, landscaper
fisherman: fishmonger, oysterman
lumberjack: woodcutter, woodsman, logger
hooded-figure: grim reaper, cultist, wraith, druid figure, necromancer
woman: housekeeper, maid, nanny, milkmaid, manicurist, cavewoman, dressmaker, makeup artist,
    masseuse, widow, hostess, female officer
man: caveman, driver, taxi driver, bus driver, truck driver, author, butler man, widower,
    fishmonger man, dad to be
person-standing: president, police chief, customs officer, security officer
emperor: sultan on a throne, roman emperor, caesar, tsar, titan
mage: fortune teller, psychic, oracle, shaman, prophet, alchemist, apothecary
artist: composer, graffiti artist, calligrapher, ceramicist, tattooist, designer,
    fashion designer, street artist
artisan: toymaker, clock maker, candle maker, bookbinder, basket weaver, baker's apprentice,
    furrier, tanner, silversmith, glass blower, ceramist
schoolboy: boy scout, paperboy, page boy
schoolgirl: girl scout
soldier: marines, cadet, conscript, infantryman, legionary, spartan, centurion
captain: ship captain, commander, admiral, navigator
racing-driver: race driver, formula 1 driver, rally driver
cameraman: film director, movie director, filmmaker, videographer, director
badger: aardvark, wombat, possum, opossum, mole, shrew, platypus, wolverine
hamster: gerbil, chinchilla, vole, dormouse, lab rat
bug: centipede, flea, louse, cicada, dragonfly
frog: tadpole, toad, toads
seal: manatee, dugong, walruses
whale: narwhal, beluga, beluga whale
boar: warthog, peccary
bison: yak, wildebeest, gnu, musk ox
turkey: ostrich, emu, guinea fowl, pheasant, partridge, quail, cassowary, rhea
flamingo: spoonbill
swan: pelican, albatross, cormorant
seagull: puffin, tern
bird: bullfinch, jay, thrush, starling, titmouse, lark, chickadee, hoopoe
manta-ray: stingray, ray fish, electric ray
sauropod: stegosaurus, triceratops, diplodocus, ankylosaurus, herbivore dinosaur, baby dinosaur
t-rex: spinosaurus, allosaurus, carnotaurus
western-dragon: pterodactyl, pteranodon, basilisk, hydra, chimera, griffin, gryphon, wyvern dragon
hairy-creature: yeti, bigfoot, sasquatch, abominable snowman, golem, titan monster
minotaur: satyr, faun, centaur
ogre: orc, cyclops, giants, gargoyle
fairy: nymph, dryad, tooth fairy
woman-elf: valkyrie, amazon warrior
werewolf: hellhound, cerberus, wolf man
android: frankenstein, frankenstein's monster, humanoid, mannequin, shop dummy, crash test dummy
stone-tower: silo, grain silo, obelisk tower, totem pole, totem, chess rook
tropical-fish: neon tetra, betta fish, guppy fish
potted-plant: venus flytrap, carnivorous plant, fiddle leaf fig
hot-pepper: chili, chilli, chili pepper, chilli pepper, jalapeno, pepper, peppers
bell-pepper: capsicum, green pepper, red pepper, paprika, bell peppers
root-vegetable: parsnip, radish, beetroot, turnip, beet
cucumber: zucchini, courgette
leafy-green: leek, lettuce, bok choy, rhubarb, celery, artichoke, cauliflower, brussels sprouts
bamboo: sugar cane, sugarcane, asparagus
melon: gourd, squash, cantaloupe, honeydew, papaya
lemon: grapefruit, pomelo, yuzu, passion fruit
kiwi-fruit: dragon fruit, lychee, fig, passionfruit
coconut: walnut, durian, jackfruit
peanuts: peanut, seed, seeds, pumpkin seeds, sunflower seeds, cashew, pistachio, granola, spices,
    coffee beans
maple-leaf: maple
blueberries: blackberries, cranberries, currants, blueberry, blackberry, cranberry, caviar
grapes: bunch of grapes, vine grapes, grapevine, arbor of grapes
blossom: geranium, heather, iris, dahlia, petunia, hydrangea, hydrangeas, honeysuckle
bush: hedge, nettle, nettles, heather bush, topiary, tumbleweed, boxwood
christmas-tree: mistletoe, xmas tree, fir tree with lights
pine-decoration: wreath, christmas wreath
christmas-ornament|mirror-ball: christmas ornament, ornament, bauble, christmas ball, ornaments
honey-pot: syrup, maple syrup, marmalade, peanut butter, caramel sauce
jar: mayonnaise, ketchup, mustard, jam, kimchi, sauce jar, pickled vegetables, spice jar,
    cookie jar, yogurt, yoghurt
salt: flour, sugar, pepper mill, pepper shaker
candy: caramel, marshmallow, marshmallows, toffee, macaron, macarons, jelly beans, gummy bears,
    bonbon, fudge, baklava, turkish delight
lollipop: popsicle, candy apple, toffee apple, cotton candy, ice lolly
cookie: gingerbread, gingerbread man, cracker, crackers, scone, biscuits
doughnut: churros, churro, onion rings
meat-on-bone: meatball, meatballs, roast beef, roast turkey, turkey leg
poultry-leg: chicken nuggets, chicken wings, roast chicken, drumsticks, tempura
french-fries: nachos, potato chips, chips and salsa, crisps
takoyaki-balls|dango: takoyaki, arancini
dumpling: ravioli, bao, bao bun, pierogi, empanada, empanadas, samosa, gyoza, momo, croquette,
    croquettes, spring roll, spring rolls
pizza: okonomiyaki, focaccia, quiche, lasagna
sandwich: banh mi, panini, sub sandwich
curry-rice: bibimbap, risotto, poke bowl, stir fry, fried rice
steaming-bowl: borscht, tteokbokki, hot pot, hotpot, gravy, chili con carne, miso soup
sushi: kimbap, gimbap, sashimi, sushi roll, sushi rolls, maki
bowl-with-spoon: hummus, guacamole, salsa, yogurt bowl, whipped cream, ice bath, sauce
cooking: a grill, the grill, charcoal grill, a barbecue, omelette, omelet, scrambled eggs,
    bacon and eggs, breakfast, fry pan, skillet
pouring-liquid: cider, rum, vodka, oil bottle, olive oil, cooking oil, gin, tequila
bento-box: picnic, picnic basket, feast, buffet, lunch
shallow-pan-of-food: casserole dish, baking tray, roasting pan
cut-of-meat: ham, turkey breast, tenderloin
funeral-urn: ashtray, incense burner, incense
bookshelf: bookcase, shelves, bookshelves, wine rack, shelf of books, book shelf
candle: candlestick, candelabra, candle holder, birthday candle, matchstick, incense stick
file-cabinet: drawer, drawers, drawer unit, vault, bank safe, cash register
hospital-bed: bunk bed, bassinet, ironing board, ambulance bed
bed: cradle, crib, mattress, bunk beds, sleeping bag, cot, dog bed, cat bed
stove: oven, microwave, microwave oven, furnace, woodstove, heater, burner, stovetop, gas stove,
    bunsen burner, radiator, dishwasher, washing machine, dryer, washer
fridge: refrigerator, freezer, vending machine, wine fridge, soda machine
kitchen-counter: a sink, the sink, bathroom sink, kitchen sink, washbasin, reception desk, bar top
shower: faucet, shower head, sprinkler
tumbler-glass: thermos, water bottle glass, vial
bottle: thermos bottle, water bottle, plastic bottle, flask of water, glass bottle, milk bottle,
    oil can
canned-food: tin can, soda can, beer can, paint can, spray can, aluminium can
toilet: toilet bowl, urinal, bidet
postbox: parking meter, atm, ballot box, payphone box
mouse-trap: lobster trap, bear trap, trap
postal-box|package: mail package, moving boxes, litter box, tissue box, matchbox,
    jewelry box, carton box, lunch package
treasure-chest: steamer trunk, wooden chest, music box, jewelry chest, jewellery box,
    piggy bank, casket of jewels, strongbox, toy chest
pig: piggy
bird-cage: cat carrier, rabbit hutch, dog crate, hamster cage, cages, birdhouse
dog-house|hut: doghouse, dog house, kennel, wigwam, birdhouse hut, gazebo, kiosk, tollbooth
telephone: telephone box, phone booth, telephone booth, payphone, landline
book-stack|books: textbooks, encyclopedia, magazines, comics, library books
closed-book: textbook, spellbook, magic book, bible, diary, passport, photo album, comic book,
    novel, dictionary, cookbook, folder, binder, book cover
newspaper: magazine, magazines rack, leaflet, flyer, brochure, newspaper stand
page-facing-up: document, documents, sheet of paper, paper, blank page, homework,
    receipt paper, papers
memo: notepad, sticky note, sticky notes, to-do list, shopping list, postcard note
envelope: postcard, stamp, postage stamp, invitation, letter envelope, telegram
framed-picture: poster, portraits, photograph, photographs, photo, photos, tapestry,
    mural, mosaic, paintings, wanted poster, picture frames, stained glass window, fresco,
    movie poster, canvas painting
triangular-ruler: protractor, set square
straight-ruler: ruler, tape measure, yardstick, measuring tape
abacus: calculator, counting frame
paperclip: stapler, paper clip
crayon: chalk, marker, highlighter, piece of chalk, felt pen, coloured pencils, colored pencils
pencil: pencil case
adhesive-bandage: bandage, plaster, band-aid, duct tape
stethoscope: tape recorder wire
magnifying-glass-tilted-left: loupe
telescope: binoculars, spyglass, periscope
movie-camera: film reel, camcorder, cinema projector, webcam camera
camera: tripod, polaroid, polaroid camera
optical-disk: vinyl, vinyl record, lp, compact disc
videocassette: cassette, cassette tape, mixtape, tape cassette, vhs tape
floppy-disk: hard drive, usb stick, flash drive, memory card, cartridge
printer: photocopier, copier, scanner, 3d printer, typewriter printer
mobile-phone: remote control, calculator app, smartwatch, pager phone, handheld console,
    tv remote
electric-plug: plug, charger, power socket, outlet, phone charger
battery: power bank, powerbank, solar battery
gear: microchip, circuit board, cpu, computer chip, piston, engine parts, propeller,
    pulley, rudder
satellite: solar panel, solar panels
joystick: game console, console, video game console, arcade machine
portal: hologram, wormhole, magic mirror, force field, vortex portal
airship: blimp, zeppelin, dirigible
parachute: hang glider, paraglider pilot
motor-boat: hovercraft, jet boat, paddle steamer, water taxi, houseboat boat
articulated-lorry: trailer, road train, hay truck
camper-van: caravan, motorhome, mobile home, rv, hippie van
auto-rickshaw: tuk-tuk, tuk tuk, golf cart, golf buggy, mini car
old-car: hearse, model t, toy car, toy truck, jalopy
steam-train: toy train, model train, miniature train
delivery-truck: cargo van, moving truck
fire: furnace fire, lighter flame
tent: sleeping tent, canopy, tarp, pergola, pavilion tent, awning
bridge: drawbridge, footbridge, rope bridge, overpass
castle: fort, alcazar, fortification
classical-building: amphitheater, amphitheatre, university building, city hall, town hall,
    courthouse building, dome
factory: brewery, sawmill, shipyard, winery, mill, oil rig, oil refinery, power station, dam
department-store: shopping centre, shopping center, cinema building, movie theater
fuel-pump: gas station, petrol station, filling station, service station
airplane: concorde
fountain: birdbath, bird bath, water fountain, drinking fountain, geyser
traffic-cone: barricade, roadblock, road cone, street barrier
stop-sign: street sign, traffic sign, sign, wooden sign, signpost, warning sign, road signs, signs
wastebasket: bin, litter bin, compost bin, recycling bin
watch: sundial, stop clock, smart watch
bicycle-rack|fence: barbed wire, bike rack, archway, trellis, clothes line
bathtub: water trough, trough, hot tub, jacuzzi, bird bath tub
moai: stonehenge, standing stones, idol
pyramid: sphinx, ziggurat
igloo: dome tent, snow hut
window: blinds, stained glass, shop window, window shutter, skylight
curtain: stage curtain, shower curtain, velvet curtain
door: front door, car door, trapdoor, garage door, elevator door, elevator, lift door, doorbell
ladder: scaffold ladder, escalator
ship-wheel: captain's wheel
rock: pebble, pebbles, gravel, hailstone, magma rock, ice block
bone: claw, horns, horn of a bull, fang, tusk, tusks, dinosaur bone
foot: paw, paws, hoof, toe, toes
feather: quill feather, wing feather
heart-shape|red-heart: a heart, hearts, heart shape, valentine
bomb: dynamite, cannonball, grenade, landmine, tnt
cannon-piece|tank: cannon, artillery gun, bazooka launcher
water-pistol: water gun, squirt gun, laser gun, ray gun, nerf gun, machine gun, ak-47
firecracker: sparkler, sparklers, dynamite stick
pinata: piñata, pinata
banner: bunting, garland, pennant, christmas lights
cigarette: cigar, pipe tobacco, hookah, tobacco pipe, smoking pipe, vape
coin: gold coins, gold bar, medallion coin, silver coins, gold bars
gem-stone: gems, jewel box, crown jewels, pearl, opal, amethyst
lipstick: nail polish, mascara, compact powder
hair-pick: comb, hair comb
perfume-bottle: cologne, essential oil
soap: bar of soap, detergent, bath bomb
lotion-bottle: hand cream, hand sanitizer
ring-buoy: lifebuoy, life preserver, life ring, buoy, inner tube, swim ring, lifesaver
fishing-pole: bait, fishing lure
blanket: wool blanket, bed sheet, bedsheet, canvas sheet, poncho,
    beach towel
cart: horse-drawn cart, hand truck, plow cart, hot dog stand, lemonade stand cart
market-stall: lemonade stand, fruit stand, newsstand, kiosk stall, flower stall, souvenir stand
bench: picnic table, picnic bench, church pew, pew
stairs: escalator steps
altar: shrine altar, confessional, monument altar
crossed-swords: sword fight, swordfight
hand: finger, fingers, fist, thumb, palm of a hand
eye: eyelash, iris of an eye, pupil
mouth: tongue, smile close-up
dna|test-tube: dna, dna helix, petri flask, vaccine, vial of blood
atom|sphere: atom, molecule, molecules, bowling orb, orb, glowing orb, marble ball, pearl ball
syringe: iv drip, injection, needle syringe, thermometer gun
crutch: walking frame
chandelier: ceiling lamp, ceiling light
desk-lamp: table lamp, bedside lamp, reading lamp, night light, lampshade, bedside light
floor-lamp: standing lamp, studio light
wind-chime: mobile of stars, windchime
wheel: water wheel, waterwheel, hamster wheel, spinning wheel, gear wheel, hula hoop
yo-yo: yoyo, spinning top, fidget spinner
balance-scale: weighing scale, kitchen scale
snow-globe: souvenir globe
bellhop-bell: doorbell button, reception bell, gong bell
popcorn: popcorn bucket, popcorn machine
coffee-cup: coffee machine, coffee maker, espresso machine, coffee grinder, moka pot, americano,
    macchiato
pot-of-food: crockpot, pressure cooker, colander, sieve, cooker, slow cooker
cup-with-straw: blender, mixer, protein shake, food processor
toast-bread|bread: toaster, baguette loaf, pancake mix
vacuum-cleaner|broom: vacuum cleaner, vacuum, hoover, robot vacuum, leaf blower
hair-dryer|water-pistol: hair dryer, hairdryer, blow dryer
ice: icicle, icicles, ice cubes, ice cube, ice bucket
water-wave: whirlpool, maelstrom, ripples, tide wave
snow-pile: avalanche, snowball, snowballs, snowdrift, heap of snow
hole: manhole, sinkhole, burrow, rabbit hole
branch: stick, sticks, thorn, root, roots, bark branch
shamrock: clover leaf, ivy leaf
seedling: sapling tree, weed, weeds
mushroom: fungus, fungi, mushrooms
loudspeaker: megaphone speaker, public address system
police-car-light: siren, flashing light, emergency light
pine-cone: cone, fir cone, pinecone
cricket-game: baseball bat, cricket bat
vertical-traffic-light: traffic light, traffic lights, stoplight
bowling: bowling pins, bowling pin
conductor: orchestra conductor, choir conductor, music conductor
floor-lamp: ring light, softbox, studio lamp
video-camera: security camera, cctv camera, surveillance camera
film-frames: film strip, filmstrip, roll of film
clapper-board: clapperboard, clapboard, film slate
campfire: fire pit, brazier
hourglass-done: sand timer, egg timer
candy: candy cane, candy canes
boxing-glove: punching bag, speed bag
oil-drum: water tank, gas cylinder, keg
bird-cage: bird feeder, bird house
table: pool table, billiard table, ping pong table, picnic table
camera: camera lens
roll-of-paper: toilet paper, paper towel, paper towels, kitchen roll
prayer-beads: dream catcher
scroll: wax seal
scientist: lab assistant, lab technician, mad scientist
wardrobe: clothes rack, clothing rack, coat rack, coat stand
framed-picture: oil painting, watercolor painting
lifeguard-chair|stone-tower: lifeguard tower, water tower, control tower, guard tower
"""
"""A subject of the catalogue and everyday things that are drawn as it, as in ``OTHER_NAMES``."""

WITHOUT_PICTURES: Final = """
    zipper, collar, button, buttons, shoelace, shoelaces, bra, lingerie, diaper, cufflinks, saddle,
    stirrup, bridle, horseshoe, treadmill, scoreboard, metronome, music stand, bellows, whetstone,
    lathe, vise, blowtorch, sandpaper, funnel, glue, nails, screw, screws, windshield, bumper,
    headboard, mosquito net, compost, quicksand, scabbard, ouija board, menorah, crucifix,
    guillotine, catapult, finish line, diving board, shuriken,
    throwing star, calculus, ceiling fan, desk fan,
    electric fan, control panel, skate ramp, wig, oar, oars, paddle, bagpipe
"""
"""Everyday things that nothing in the catalogue resembles; a plan says that they are missing."""
