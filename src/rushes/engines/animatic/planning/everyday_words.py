"""English names of everyday things whose own pictures are missing: what comes nearest to each."""

from typing import Final

EVERYDAY_NAMES: Final = """
womans-clothes: nightgown, garment, garments, attire
dress: sundress, ball gown, nightdress, petticoat, cocktail dress, summer dress
kimono: yukata, hanbok, cheongsam, qipao, hanfu
coat: blazer, overcoat, parka, fur coat, denim jacket, poncho coat, anorak, windbreaker, puffer
    jacket, winter coat, down jacket
jeans: leggings, tights, sweatpants, slacks
shorts: swim trunks, bermuda shorts
one-piece-swimsuit: swimsuit, bathing suit, leotard
gloves: boxing mitts
socks: sock, stocking
scarf: cravat, feather boa
thong-sandal: flip flops, flip-flops, flip flop
running-shoe: loafers, loafer, high top, cleats, trainers
high-heeled-shoe: heels, stilettos
handbag: clutch, leather bag
ribbon: bow tie ribbon, headband ribbon
diving-mask: snorkel, scuba mask
glasses: reading glasses, eyeglasses
life-jacket|safety-vest: life jacket, life vest, lifejacket, bulletproof vest
pick: pickaxe, pickaxes, ice axe, pick axe
axe: halberd, battle axe
hammer: mallet, sledgehammer
carpentry-saw: a saw, the saw, hacksaw
shovel: spade, trowel, snow shovel, garden spade
wrench: spanner
scissors: shears, pruning shears
razor: shaver
paintbrush: quill brush
toothbrush: electric toothbrush
flower-pot: planter box
hook: fishing hook, coat hook
knot: noose, string
thread: spool, spool of thread
drum: timpani, snare drum, tabla, djembe, conga, congas
long-drum: taiko, taiko drum, taiko drums, bass drum
trumpet: bugle, cornet
flute: recorder flute, piccolo, tin whistle, shakuhachi, bamboo flute
guitar: bass guitar, electric guitar, bass
banjo: shamisen, sanxian
violin: viola, bow and violin
cello: double bass, contrabass
harp: lyre
piano: harpsichord, upright piano
musical-keyboard: keyboard piano
accordion: concertina, bandoneon
scroll: decree, papyrus
bullseye: archery target
puzzle-piece: jigsaw, jigsaw puzzle, puzzle, puzzle pieces
cube: sugar cube
joker: tarot card, tarot cards
bow-and-arrow: arrow, arrows, archery bow
kick-scooter: push scooter
bicycle: tandem
shopping-cart: trolley cart
badminton: badminton racket, badminton racquet
tennis: tennis court racket
goal-net: soccer goal, goal post, hockey goal, volleyball net, football goal
skis: ski, ski poles, ski pole
skateboard: longboard
surfboard: paddleboard, bodyboard
sword: rapier
shield: coat of arms
wizard-staff: scepter, sceptre, wizard's staff
magic-wand: conductor's baton, fairy wand
horse: saddle horse, chestnut mare
waiter: bellboy, bellhop, sommelier, maitre d, concierge
man-in-tuxedo: chauffeur, best man in a tuxedo, master of ceremonies
gardener: zookeeper, groundskeeper, landscaper
fisherman: fishmonger, oysterman
lumberjack: woodcutter, woodsman, logger
hooded-figure: cultist, wraith, druid figure, necromancer
woman: nanny, milkmaid, manicurist, dressmaker, makeup artist, widow, hostess, female officer
man: driver, taxi driver, bus driver, truck driver, author, butler man, widower, fishmonger man, dad
    to be
person-standing: president, police chief, customs officer, security officer
emperor: sultan on a throne, roman emperor, caesar, tsar
mage: fortune teller, psychic, oracle, shaman, prophet, alchemist, apothecary
artist: composer, graffiti artist, calligrapher, ceramicist, tattooist, designer, fashion designer,
    street artist
artisan: toymaker, clock maker, candle maker, bookbinder, basket weaver, baker's apprentice,
    furrier, tanner, silversmith, glass blower, ceramist
schoolboy: boy scout, paperboy, page boy
schoolgirl: girl scout
soldier: marines, cadet, conscript, infantryman
captain: ship captain, commander, admiral, navigator
racing-driver: race driver, formula 1 driver, rally driver
cameraman: film director, movie director, filmmaker, videographer, director
badger: wolverine
hamster: gerbil, chinchilla, vole, dormouse, lab rat
frog: toad, toads
whale: beluga, beluga whale
boar: warthog, peccary
bison: musk ox
flamingo: spoonbill
seagull: tern
bird: bullfinch, thrush, starling, titmouse, lark, chickadee, hoopoe
manta-ray: stingray, ray fish, electric ray
sauropod: diplodocus, herbivore dinosaur, baby dinosaur
t-rex: spinosaurus, allosaurus, carnotaurus
western-dragon: wyvern dragon
hairy-creature: bigfoot, sasquatch
ogre: orc, giants
fairy: nymph, dryad, tooth fairy
werewolf: wolf man
android: humanoid
stone-tower: obelisk tower
tropical-fish: neon tetra, betta fish, guppy fish
potted-plant: fiddle leaf fig
hot-pepper: chili, chilli, chili pepper, chilli pepper, jalapeno, pepper, peppers
bell-pepper: capsicum, green pepper, red pepper, paprika, bell peppers
root-vegetable: parsnip
leafy-green: bok choy
bamboo: sugar cane, sugarcane
melon: cantaloupe, honeydew
lemon: yuzu
peanuts: peanut
blueberries: currants, blueberry
grapes: bunch of grapes, vine grapes, grapevine, arbor of grapes
blossom: geranium, heather, petunia, honeysuckle
bush: hedge, nettle, nettles, heather bush, topiary, boxwood
christmas-tree: xmas tree, fir tree with lights
jar: sauce jar, pickled vegetables, spice jar, cookie jar
salt: pepper mill, pepper shaker
candy: caramel, toffee, bonbon
cookie: biscuits
meat-on-bone: turkey leg
poultry-leg: chicken wings, drumsticks, tempura
dumpling: ravioli, pierogi, gyoza, momo
sandwich: banh mi, panini, sub sandwich
curry-rice: risotto, fried rice
steaming-bowl: borscht, hot pot, hotpot, chili con carne, miso soup
sushi: kimbap, gimbap, sashimi, sushi roll, sushi rolls, maki
bowl-with-spoon: hummus, guacamole, salsa, yogurt bowl, sauce
cooking: scrambled eggs, bacon and eggs, breakfast
pouring-liquid: cider, rum, vodka, oil bottle, olive oil, cooking oil, gin, tequila
bento-box: lunch
shallow-pan-of-food: casserole dish
cut-of-meat: turkey breast, tenderloin
bookshelf: bookcase, shelves, bookshelves, shelf of books, book shelf
candle: candelabra, birthday candle
file-cabinet: drawer
hospital-bed: ambulance bed
stove: burner, stovetop, gas stove
fridge: refrigerator, freezer, wine fridge
kitchen-counter: bar top
shower: shower head
tumbler-glass: water bottle glass
bottle: water bottle, plastic bottle, flask of water
canned-food: tin can
toilet: toilet bowl
mouse-trap: trap
postal-box|package: mail package, moving boxes, carton box, lunch package
treasure-chest: steamer trunk, wooden chest, casket of jewels, toy chest
pig: piggy
bird-cage: hamster cage, cages
dog-house|hut: wigwam
telephone: landline
book-stack|books: textbooks, encyclopedia, comics, library books
closed-book: textbook, spellbook, magic book, bible, diary, photo album, comic book, novel,
    dictionary, cookbook, book cover
page-facing-up: document, documents, sheet of paper, paper, blank page, homework, receipt paper,
    papers
memo: notepad, to-do list, shopping list, postcard note
envelope: invitation, letter envelope, telegram
framed-picture: poster, portraits, photograph, photographs, photo, photos, paintings, wanted poster,
    picture frames, movie poster, canvas painting
triangular-ruler: set square
straight-ruler: ruler, yardstick
abacus: counting frame
paperclip: paper clip
crayon: coloured pencils, colored pencils
adhesive-bandage: bandage, plaster, band-aid
stethoscope: tape recorder wire
magnifying-glass-tilted-left: loupe
telescope: spyglass
movie-camera: camcorder
camera: polaroid, polaroid camera
optical-disk: compact disc
videocassette: vhs tape
printer: photocopier, copier, scanner, typewriter printer
mobile-phone: calculator app, pager phone
electric-plug: plug, charger, phone charger
battery: solar battery
gear: engine parts
portal: wormhole, vortex portal
airship: blimp, zeppelin, dirigible
motor-boat: jet boat, water taxi
articulated-lorry: trailer, road train, hay truck
camper-van: caravan, motorhome, mobile home, rv, hippie van
auto-rickshaw: tuk-tuk, tuk tuk
old-car: model t, jalopy
delivery-truck: moving truck
fire: furnace fire, lighter flame
tent: sleeping tent, pavilion tent
bridge: drawbridge, footbridge, rope bridge, overpass
castle: fort, fortification
classical-building: university building, city hall, town hall, courthouse building
factory: brewery, sawmill, shipyard, winery, mill, oil refinery, power station
department-store: shopping centre, shopping center, cinema building, movie theater
airplane: concorde
fountain: water fountain
traffic-cone: road cone
watch: stop clock
bicycle-rack|fence: trellis
bathtub: hot tub, jacuzzi
moai: idol
pyramid: ziggurat
igloo: snow hut
window: shop window, window shutter, skylight
curtain: stage curtain, shower curtain, velvet curtain
door: front door, trapdoor, garage door
ladder: scaffold ladder
ship-wheel: captain's wheel
rock: magma rock
foot: paw, paws, hoof, toe, toes
feather: quill feather, wing feather
heart-shape|red-heart: a heart, hearts, heart shape, valentine
bomb: cannonball
water-pistol: water gun, squirt gun, nerf gun
firecracker: dynamite stick
pinata: piñata, pinata
banner: pennant
cigarette: cigar
coin: medallion coin, silver coins
gem-stone: gems, crown jewels, opal
perfume-bottle: cologne, essential oil
soap: bar of soap
lotion-bottle: hand cream, hand sanitizer
ring-buoy: lifebuoy, life preserver, life ring, inner tube, swim ring, lifesaver
blanket: wool blanket, bed sheet, bedsheet, canvas sheet
cart: horse-drawn cart, lemonade stand cart
market-stall: lemonade stand, fruit stand, kiosk stall, flower stall, souvenir stand
bench: church pew, pew
stairs: escalator steps
altar: shrine altar, monument altar
crossed-swords: sword fight, swordfight
hand: finger, fingers, fist, thumb, palm of a hand
eye: eyelash, iris of an eye
mouth: tongue, smile close-up
test-tube: vial of blood
sphere: bowling orb, orb, glowing orb, marble ball, pearl ball
syringe: injection, needle syringe
chandelier: ceiling lamp, ceiling light
floor-lamp: standing lamp
wind-chime: windchime
wheel: hamster wheel, gear wheel
yo-yo: yoyo
snow-globe: souvenir globe
bellhop-bell: reception bell
popcorn: popcorn bucket
coffee-cup: americano, macchiato
pot-of-food: crockpot, pressure cooker, cooker, slow cooker
toast-bread|bread: baguette loaf
water-wave: ripples, tide wave
snow-pile: avalanche, snowdrift, heap of snow
hole: sinkhole, burrow, rabbit hole
branch: stick, sticks, thorn, root, roots, bark branch
shamrock: clover leaf
seedling: sapling tree, weed, weeds
mushroom: fungus, fungi, mushrooms
loudspeaker: megaphone speaker, public address system
police-car-light: flashing light, emergency light
pine-cone: fir cone, pinecone
cricket-game: cricket bat
vertical-traffic-light: traffic light, traffic lights, stoplight
conductor: orchestra conductor, choir conductor, music conductor
film-frames: film strip, filmstrip, roll of film
clapper-board: clapperboard, clapboard, film slate
campfire: fire pit, brazier
hourglass-done: sand timer
oil-drum: keg
roll-of-paper: toilet paper, paper towel, paper towels, kitchen roll
scientist: lab assistant, lab technician, mad scientist
framed-picture: oil painting, watercolor painting
lifeguard-chair|stone-tower: guard tower
"""
"""A subject of the catalogue and everyday things that are drawn as it, as in ``OTHER_NAMES``."""

WITHOUT_PICTURES: Final = """
    sidecar, selfie stick, floodlight, floodlights,
    collar, button, shoelace, shoelaces, bra, lingerie, diaper, stirrup, bridle, bellows, whetstone,
    lathe, vise, blowtorch, sandpaper, nails, windshield, bumper, headboard, mosquito net, compost,
    quicksand, scabbard, ouija board, guillotine, calculus, control panel, flatbed, cutter, topper,
    cake topper, cuticle pusher, pusher, organizer, scraper, dispenser, slicer, shredder, squeezer,
    opener, can opener, holder, scrubber, wiper, roaster, checker, placeholder, repeater,
    transmitter, decoder, skimmer, scratcher, fastener, slider, riser, romper, shaker, spinner,
    winder, stamper, trimmer, clapper, dividers, divider, bottle cap, hood, tea bag, teabag, coffee
    filter, rink, ice rink, chip, trunk, trunks, arm, arms, horn, pocket, pockets, wire rack
"""
"""Everyday things that nothing in the catalogue resembles; a plan says that they are missing."""
