"""English names of subjects beyond the names of the pictures themselves."""

from collections.abc import Iterator
from typing import Final

from rushes.engines.animatic.planning.everyday_words import EVERYDAY_NAMES, WITHOUT_PICTURES
from rushes.engines.animatic.planning.inflection import plural_of
from rushes.engines.animatic.planning.look_alikes import LOOK_ALIKES
from rushes.engines.animatic.planning.tables import lines_of

OTHER_NAMES: Final = """
woman: lady, female, mother, mum, mom, mama, wife, bride's mother, sister, aunt, actress, model,
    fashion model, housewife, heroine, goddess, pregnant woman
man: guy, gentleman, male, father, dad, papa, husband, brother, uncle, fellow, bloke, dude, actor,
    hero, stranger, traveler, blind man
person-standing: human, someone, somebody, figure, silhouette figure, passer-by, passerby,
    pedestrian, commuter, visitor, customer, resident, citizen, villager, inhabitant, protagonist,
    owner, influencer, audience member, spectator, onlooker
girl: daughter, teenage girl, niece, granddaughter
boy: son, teenage boy, nephew, grandson, lad
child: kid, youngster, pupil, teen, orphan, sibling
baby: infant, newborn
old-man: elderly man, grandfather, grandpa, granddad, elder, senior man, aged man
old-woman: elderly woman, grandmother, grandma, granny, elderly lady, old lady
older-person: grandparent, senior, pensioner, elderly person
person-red-hair: redhead
woman-red-hair: red-haired woman, redheaded woman, ginger woman, woman with red hair, red haired
    girl
man-red-hair: red-haired man, man with red hair
woman-blond-hair: blonde woman, blond woman, blonde girl, blonde, woman with blonde hair
man-blond-hair: blond man, blonde man
woman-curly-hair: curly-haired woman, woman with curly hair
woman-white-hair: white-haired woman, grey-haired woman, gray-haired woman
man-white-hair: white-haired man, grey-haired man, gray-haired man
man-beard: bearded man, man with a beard, hermit, monk with a beard
man-bald: bald man
woman-with-veil: veiled woman, woman in a veil, woman with a veil, woman in a wedding dress
person-with-veil: veiled figure
man-in-tuxedo: man in a tuxedo, man in a suit, man in suit, butler, gentleman in a suit, secret
    agent
woman-in-tuxedo: woman in a suit, woman in a tuxedo
woman-with-headscarf: woman in a headscarf, woman in a hijab, woman with a headscarf
man-wearing-turban: man in a turban, sultan, maharaja
person-with-crown: monarch, royal
princess: empress, duchess
cook: chef, sushi chef, pastry chef, pizzaiolo, kitchen worker
woman-cook: woman cooking, female chef
farmer: peasant, rancher, farm worker
woman-farmer: farm woman
man-farmer: old farmer
artist: sculptor, illustrator, potter
astronaut: cosmonaut, spaceman, space traveler, space traveller, spacewoman, space man
construction-worker: builder, bricklayer, engineer, labourer, laborer
factory-worker: welder, metalworker
mechanic: plumber, electrician, repairman
firefighter: fireman, firewoman
police-officer: policeman, policewoman, cop
guard: royal guard, soldier on parade, sentinel
detective: private eye, sleuth, inspector, man in a trench coat, man in a hat, man in trench coat
doctor|health-worker: physician, medic, paramedic, dentist, veterinarian
scientist: chemist, researcher, biologist, professor in a lab
teacher: professor, lecturer
student: graduate
technologist: programmer, developer, hacker, coder, gamer, software engineer, technician
woman-technologist: woman at a laptop, woman typing
man-technologist: man at a laptop, man typing
office-worker: secretary, clerk, accountant, manager, boss, employee, ceo, banker
pilot: aviator, flight attendant
singer: rock star, rockstar, vocalist, pop star, musician, performer
woman-singer: female singer, opera singer, diva
man-singer: male singer, rapper
dancer|woman-dancing: female dancer, tango dancer
man-dancing: male dancer, disco dancer, breakdancer
people-with-bunny-ears: showgirl
person-in-lotus-position: meditating person, monk meditating, buddha
person-running: runner, jogger, sprinter, marathon runner
person-walking: walker, wanderer, backpacker, pilgrim
person-climbing: climber, rock climber, mountain climber
person-biking: cyclist, biker on a bicycle, bike rider, bicyclist, mountain biker
person-surfing: surfers
person-swimming: freediver, snorkeler
person-rowing-boat: rower, ferryman, gondolier, fisherman in a boat, canoeist, kayaker
person-golfing: golfer
person-lifting-weights: weightlifter, bodybuilder
person-cartwheeling: acrobat
person-juggling: juggler, clown juggling
person-playing-handball: handball player, football player, footballer, rugby player
person-playing-water-polo: water polo player
people-wrestling: wrestler
person-fencing: fencer, swordsman, swordswoman, musketeer
horse-racing: jockey, horse rider, rider, horseman, horsewoman, equestrian, man on a horse, woman
    on a horse, knight on a horse, knight on horseback, cavalry
person-in-bed: sleeper, sleeping person, patient, person sleeping, woman sleeping, man sleeping
person-taking-bath: bather
person-raising-hand: cheering person, sports fan
ninja: assassin, rogue, burglar
mage: sorcerer
wizard: warlock, merlin, druid
witch: sorceress, enchantress
fairy: pixie, sprite, tinkerbell
woman-elf: elf woman, elven queen, elf princess, elven princess
elf: elven archer, hobbit
mermaid: siren
merman: triton, poseidon
woman-vampire: vampiress
vampire: dracula, count dracula
zombie: undead
genie: djinn
woman-genie: genie woman
superhero: superman, batman
woman-superhero: superheroine, wonder woman
supervillain: villain
santa-claus: santa, father christmas
baby-angel: cherub, cupid
ogre: demon, oni
goblin: tengu
ghost|hooded-figure: ghost, spirit, phantom, spectre, specter, poltergeist
alien: extraterrestrial, martian
alien-monster: space invader
robot: droid, mech, automaton, humanoid robot
skull: human skull
clown: jester
jack-o-lantern: jack-o'-lantern, carved pumpkin
teddy-bear: teddy, plush bear, stuffed animal, stuffed toy, plush toy, toy bear
nesting-dolls: matryoshka, russian doll
woman-in-manual-wheelchair: woman in a wheelchair
man-in-manual-wheelchair: man in a wheelchair, wheelchair user
man-office-worker: salesman
businessman: speaker, narrator, news anchor
eye: eye, eyeball
mouth: mouth, lips
hand: hand, palm
handshake: handshake
footprint: footprint
monkey: baboon
gorilla: king kong
dog: hound, beagle, bulldog, terrier, doggy
fox: vixen
wolf: coyote, jackal
cat: kitty, tabby, ginger cat, tabby cat, persian cat, pussycat
panther: black panther
tiger: tigress, bengal tiger
leopard: cheetah, jaguar
horse: stallion, mare, pony, mustang
moose: elk
donkey: mule
deer: stag, doe, buck
bison: buffalo
cow: cattle
ox: bull
pig: hog
boar: wild boar
ewe: sheep
goat: ibex
camel: dromedary
elephant: baby elephant
mammoth: woolly mammoth
rhinoceros: rhino
hippopotamus: hippo
rabbit: hare, easter bunny
bear: grizzly, grizzly bear, brown bear, bear cub
panda: panda bear
bird: songbird, seabird, swallow
black-bird: crow, raven, blackbird
seagull|dove: seagull, gull
eagle: hawk, falcon, bald eagle, bird of prey
duck: mallard
owl: barn owl, snowy owl
stork: white crane, crane bird, crested crane, storks
parrot: macaw, parakeet, cockatoo
chicken: hen
rooster: cockerel
baby-chick: chick
phoenix: firebird
penguin: emperor penguin
crocodile: alligator, caiman
turtle: tortoise
snake: python, serpent, viper
dragon: chinese dragon, eastern dragon, asian dragon
sauropod: brontosaurus, brachiosaurus, long-necked dinosaur, loch ness monster
t-rex: tyrannosaurus, dinosaur, tyrannosaurus rex, velociraptor, raptor, godzilla, kaiju
spouting-whale: whale spouting
whale: humpback whale, blue whale, humpback, sperm whale, killer whale
dolphin: porpoise
fish: koi, carp, tuna, cod, school of fish
tropical-fish: reef fish, coral fish
blowfish: pufferfish
shark: great white shark, great white
octopus: kraken, cthulhu
jellyfish: medusa
lobster: crayfish
shrimp: prawn
spiral-shell: conch
snail: slug
bug: insect
ant: termite
honeybee: bee, bumblebee
beetle: scarab
lady-beetle: ladybug, ladybird
spider: tarantula
spider-web: cobweb, spiderweb
bouquet: flower bouquet, bunch of flowers
cherry-blossom: sakura, cherry blossoms
lotus: lotus flower
blossom: flower, wildflower, petal flower
hyacinth: lavender, lilac
potted-plant: houseplant, house plant, pot plant, bonsai, plant
evergreen-tree: pine, pine tree, fir, fir tree, conifer, spruce, evergreen
deciduous-tree: tree, oak, oak tree, birch, willow, olive tree
palm-tree: coconut tree, coconut palm
cactus: saguaro
tanabata-tree: bamboo, bamboo grove
sheaf-of-rice: rice plant, wheat stalk
ear-of-corn: corn, maize
herb: basil, mint
seedling: sprout, sapling
maple-leaf: autumn leaf, autumn leaves
fallen-leaf: dead leaf, fallen leaves, falling leaves, leaves
leaf-fluttering-in-wind: leaf in the wind
mushroom: toadstool
red-apple: apple
grapes: grape, bunch of grapes
tangerine: orange, mandarin, clementine, oranges
strawberry: berry
cherries: cherry
bread: loaf, loaf of bread
baguette-bread: baguette
cheese-wedge: cheese
hamburger: burger, cheeseburger
french-fries: fries, chips
pizza: slice of pizza, pizza slice
hot-dog: hotdog
steaming-bowl: ramen, noodles, noodle, bowl of noodles, bowl of ramen, noodle soup, soup, bowl of
    soup, bowl of rice, pho
spaghetti: pasta
bento-box: bento
cooking: eggs in a pan, wok
shallow-pan-of-food: paella, stew
pot-of-food: pot, cooking pot, cauldron, boiling pot
cut-of-meat: steak, meat
meat-on-bone: roast
poultry-leg: drumstick, fried chicken
birthday-cake: cake, wedding cake, chocolate cake
shortcake: slice of cake
doughnut: donut
cookie: biscuit
chocolate-bar: chocolate
candy: sweets
pancakes: pancake, stack of pancakes
ice-cream: gelato
soft-ice-cream: ice cream cone, soft serve
honey-pot: honey
hot-beverage: coffee cup, teacup
teacup-without-handle: green tea, bowl of tea
teapot: tea pot
wine-glass: glass of wine, wine, goblet, wineglass
bottle-with-popping-cork: champagne bottle, champagne, bottle of champagne, bottle
clinking-glasses: toasting glasses
beer-mug: beer, pint, glass of beer, pint of beer, tankard
tumbler-glass: whiskey, whisky, glass of whiskey, tumbler
cocktail-glass: martini, cocktail
tropical-drink: mojito, pina colada
glass-of-milk: milk
lotion-bottle: perfume bottle, lotion, skincare bottle, cosmetics bottle, skincare product, serum
    bottle, skin cream, product bottle, face cream
salt: salt shaker
jar: mason jar
amphora: vase, urn
kitchen-knife: knife, chef's knife
fork-and-knife: cutlery
fork-and-knife-with-plate: dinner, meal, dish
automobile: car, car window, sedan, convertible, hatchback, tesla, limousine, vehicle
racing-car: race car, formula one car, formula 1 car, f1 car, race cars
sport-utility-vehicle: suv, camper van
pickup-truck: pickup
taxi: cab, taxi window
police-car: cop car, patrol car
fire-engine: fire truck
delivery-truck: truck, truck window, lorry
articulated-lorry: semi truck, semi-truck, trailer truck, big rig
bus: coach bus, bus window
minibus: vw bus, camper, volkswagen bus
tram: streetcar, trolley
tram-car: cable car
tractor: tank
motorcycle: motorbike, harley, dirt bike, chopper bike
motor-scooter: scooter, vespa, moped
bicycle: bike
roller-skate: roller skates
locomotive: steam locomotive, steam engine, train
high-speed-train: express train, modern train
bullet-train: shinkansen
metro: subway train, metro train, subway, underground train
railway-car: train window, railway carriage, train car, wagon, carriage
mountain-cableway: gondola lift, cable car in the mountains, ski lift
airplane: plane, aeroplane, jet, airliner, aircraft, passenger jet, fighter jet, jet plane,
    passenger plane
small-airplane: propeller plane, small plane
helicopter: chopper
parachute: parachutist, skydiver
rocket: spaceship, rocket ship
flying-saucer: ufo, alien ship
sailboat: sailing boat, boat, junk
ship: tanker
ferry: ferry boat
motor-boat: motorboat
canoe: gondola, raft
hot-air-balloon|balloon: hot-air balloon, hot air balloon
balloon: party balloon
castle: fortress, citadel, chateau, fairytale castle, ruined castle
japanese-castle: pagoda, himeji castle
house: home, barn, farmhouse, shed
house-with-garden: house with a garden
derelict-house: haunted house, abandoned house, haunted mansion, old mansion, abandoned building,
    ruins, ruin
houses: village, town, suburb, row of houses
hut: shack, straw hut
office-building: skyscraper, building, apartment building, apartment block
factory: power plant, refinery
church: chapel, monastery, steeple
mosque: minaret
classical-building: temple, greek temple, parthenon, museum, roman temple, acropolis
shinto-shrine: torii, torii gate
hospital: hospital building
school: school building, schoolhouse
convenience-store: shop, store, shopfront
tent: tipi, teepee, yurt
circus-tent: big top, circus
ferris-wheel: big wheel
roller-coaster: rollercoaster
statue: easter island head, bust, monument, sculpture
bridge: suspension bridge, viaduct
waterfall: waterfall
volcano: erupting volcano
mount-fuji: mt fuji, fuji
rock: boulder, stone, meteorite, asteroid
desert-island: tropical island, palm island
comet: fireball
meteor|comet: shooting star, falling star
ringed-planet: saturn, planet
globe-showing-europe-africa: earth, globe, planet earth
tornado: twister, whirlwind
water-wave: big wave, giant wave, tsunami, tidal wave
fire: bonfire, campfire, camp fire, flame, flames
fireworks|sparkles: firework
droplet: water drop, water droplet, raindrop, dewdrop
bubbles: soap bubble, soap bubbles
candle: candlelight, candles
diya-lamp: oil lamp, oil lantern
oden: skewer, kebab, shish kebab, satay, yakitori
red-paper-lantern: paper lantern, lantern, sky lantern, chinese lantern, paper lanterns
light-bulb: lightbulb, bulb
flashlight: electric torch, pocket torch
chair: armchair, throne
seat: bench
couch-and-lamp: sofa
door: doorway
window: window sill, windowsill, window ledge, windowpane
bathtub: bath tub, bath
framed-picture: picture frame, portrait on the wall
television: tv, tv screen, tv set, screen
desktop-computer: computer, monitor, desktop, pc
laptop: notebook computer
mobile-phone: phone, smartphone, cell phone, cellphone, iphone
telephone: rotary phone
camera: camera with a flash, photo camera
movie-camera: film camera, cinema camera
radio: boombox
headphone: headphones, headset
studio-microphone: microphone, mic
keyboard: computer keyboard
video-game: game controller, gamepad, controller
books: book stack, stack of books, pile of books
open-book: book
scroll: parchment
package: parcel, box, cardboard box, crate
wrapped-gift: gift, present, gift box
shopping-bags: shopping bag, paper bag
shopping-cart: shopping trolley
backpack: rucksack
luggage: suitcase
glasses: spectacles
running-shoe: sneaker, sneakers, shoe, trainer shoe, shoes
high-heeled-shoe: high heel, high heels, stiletto
hiking-boot: boot, boots
top-hat: hat
billed-cap: cap, baseball cap
dress: gown, evening gown
coat: jacket, trench coat
scarf: shawl
t-shirt: jersey, football jersey, soccer jersey, shirt, t-shirt, tee shirt
necktie: tie
jeans: trousers, pants
ring: engagement ring, diamond ring, wedding ring
gem-stone: diamond, gem, gemstone, crystal, jewel, ruby, emerald, sapphire
watch: pocket watch, wristwatch, wrist watch, luxury watch
mantelpiece-clock: clock, mantel clock, grandfather clock
hourglass-not-done: hourglass, sandglass
alembic: flask, potion
axe: hatchet
dagger: sword, katana
crossed-swords: swords
bow-and-arrow: bow
magic-wand: wand
locked: padlock, lock
coin: gold coin
money-bag: bag of money, treasure
dollar-banknote: dollar bill, banknote, cash
sports-medal: medal
guitar: acoustic guitar
violin: cello, fiddle, cellist
musical-keyboard: piano, grand piano, synthesizer, pianist
saxophone: sax
drum: drums, drum kit
soccer-ball: football, ball
volleyball: beach ball
boxing-glove: boxing gloves
game-die: dice, die
chess-pawn: chess piece
fishing-pole: fishing rod
gear: cog, gears, cogwheel
bucket: pail
broom: broomstick
paintbrush: brush, paint brush
artist-palette: palette of paint
yarn: ball of yarn
flag-in-hole: golf flag
flag: flag, banner, flags
carp-streamer: koinobori
mirror-ball: disco ball
magnifying-glass-tilted-left: magnifying glass
satellite-antenna: satellite dish, radio telescope, antenna
headstone: gravestone, tombstone, grave
fuel-pump: gas pump, petrol pump
oil-drum: barrel, oil barrel
brick: bricks
wood: firewood
nest-with-eggs: nest, bird nest
pill: pills, capsule
playground-slide: slide, playground
beach-with-umbrella: beach umbrella
chains: chain
key: house key
waiter: bartender, barman
western-dragon|dragon: dragon, wyvern, drake, fire dragon
sailing-ship|sailboat: galleon, sailing ship, tall ship, old ship, wooden ship, frigate
viking-ship|sailboat: viking ship, longship
rowboat|canoe: rowing boat, rowboat, wooden boat, small boat, dinghy
yacht|sailboat: yacht, catamaran
cruise-ship|passenger-ship: cruise ship, ocean liner
coffee-cup|hot-beverage: coffee, cup of coffee, mug of coffee, espresso, latte, cappuccino, mug,
    cup, coffee mug, hot drink, hot chocolate
teacup|hot-beverage: tea cup, cup of tea, tea
perfume-bottle|lotion-bottle: perfume, bottle of perfume, flask of perfume, flacon, fragrance
bench|seat: park bench
sofa|couch-and-lamp: couch, settee
stone-tower|castle: tower, watchtower
arch-bridge|bridge: bridge, stone bridge, wooden bridge
suspension-bridge|bridge: brooklyn bridge
viaduct|bridge: aqueduct
spaceship|rocket: spacecraft, starship, space ship, alien spaceship
fighter-jet|airplane: fighter plane
umbrella-open|umbrella: umbrella, parasol
sword|dagger: blade
skyscraper|office-building: high rise, high-rise, tower block, office tower
cherry-tree|cherry-blossom: cherry tree, cherry blossom tree, sakura tree, blossoming cherry tree
grand-piano|musical-keyboard: concert piano
sports-car|racing-car: supercar, ferrari, lamborghini, porsche, muscle car, bugatti
steam-train|locomotive: old steam train, steam train
drone|helicopter: quadcopter, flying drone
well: stone well, water well, wishing well
log-cabin|house: log cabin, wooden cabin, cabin
table: dining table, coffee table, round table
sheep|ewe: flock of sheep
paper-plane|airplane: paper airplane, paper plane
magic-carpet: flying carpet
church: church tower, bell tower, church spire
stone-tower: tower of stone, turret
mantelpiece-clock: cuckoo clock
wine-glass: champagne glass, champagne glasses, champagne flute, wine glasses, goblets, chalice
explorer: ranger, forest ranger, park ranger, forester, gamekeeper
police-officer: warden, prison guard, border guard
man-in-tuxedo: bodyguard, bouncer, doorman, security guard
worker: street sweeper, caretaker, blacksmith's apprentice
oden: lamb skewer
dango: mochi, rice cake
desk: workbench, writing desk, work bench, school desk
scarf: headscarf, veil of silk
crystal: crystals, crystal cluster
office-worker: receptionist, teller
surgeon: anesthetist
goblin: imp, gremlin
light-bulb: neon tube, headlamp, headlight
chessboard: board game
deciduous-tree: birch trunk
wheat: grain field, grain
bird: cloud of birds
fish-bowl: terrarium, glass terrarium
fish-bowl: fish bowl, fishbowl, goldfish bowl, glass bowl, small aquarium, round aquarium
billboard: billboard, advertising board, advertisement board, signboard, shop sign
sandcastle: sandcastle, sand castle
fire-hydrant: hydrant, fire hydrant
beehive: hive, beehive, bee hive
rolling-pin: rolling pin
pillow: cushion
blanket: quilt, duvet, picnic blanket, tablecloth, rag, curtain fabric
watering-can: watering can
sewing-machine: sewing machine
bird-cage: birdcage, cage
fishing-boat: fishing boat, trawler, fishing vessel
motorcyclist: biker, bikers, motorbiker, hoverbike rider, delivery rider, food courier
courier: postman, postwoman, mailman, mail carrier, delivery man, delivery boy, delivery driver,
    delivery woman, parcel carrier
barber: hairdresser, hair stylist
artisan: craftsman, craftswoman, cobbler, shoemaker, watchmaker, clockmaker, tailor, seamstress,
    weaver, glassblower, goldsmith, jeweller, jeweler, stonemason, mason, locksmith, upholsterer,
    luthier, inventor, tinkerer, tattoo artist
worker: janitor, handyman, porter, dockworker, road worker
man-with-hat: gaucho, gondolier
fisherman: angler in a boat, old fisherman
break-dancer: capoeira fighter, capoeirista, b-boy
people-wrestling: wrestlers, judoka, judokas
athlete: volleyball player, hurdler, long jumper, fitness trainer, instructor, coach, badminton
    player
gymnast: trapeze artist, tightrope walker, aerialist, contortionist, stuntman, stuntwoman
person-standing: lighthouse keeper, keeper, guide, tour guide, attendant, cashier, witness,
    neighbour, neighbor, guest, host, receptionist, usher, apprentice, assistant, volunteer,
    leader, colonist, refugee
older-person: veteran, old veteran
groom: best man, groomsman
woman-in-white-dress: bridesmaid, maid of honour, maid of honor
office-worker: bookseller, librarian, notary, lawyer, attorney, politician, mayor, student clerk
soldier: officer, general, sergeant, sniper, commando, paratrooper, guerrilla, rebel
musician: harpist, bassist, accordionist, flautist, flutist, mariachi
guitarist: banjo player, troubadour, bard, minstrel, mariachi, lutist
health-worker: vet, therapist, pharmacist, masseuse, caregiver, midwife
wolf: dingo, wolf pup
otter: weasel, ferret, marten, stoat, mink, sea otter
tiger-cub: leopard cub
beaver: marmot, groundhog, gopher
ewe: flock of sheep
fish: sardine, sardines, catfish, guppy
bird: nightingale, canary, cuckoo, kiwi bird
deciduous-tree: lone tree, chestnut tree, elm, fig tree, magnolia, magnolia tree
evergreen-tree: cedar
blossom: marigold, jasmine, buttercup
herb: clover, leafy plant
potted-plant: ficus
flower-pot: flowerpot, clay pot, terracotta pot, planter
wood: twig, twigs, tree trunk, tree trunks, plank, planks, timber, lumber, bark
street-lamp: streetlamp, street light, streetlight, street lights, lamp post, lamppost, gas lamp,
    street lantern
leafy-green: spinach, kale, greens, lettuce leaf
green-salad: salad, bowl of salad
cooked-rice: rice, bowl of rice
croissant: pastry, pastries, danish
shortcake: dessert
custard: pudding, flan, creme brulee
cup-with-straw: iced coffee, soft drink
pot-of-food: copper pot, stew pot, casserole
steaming-bowl: broth, curry, dim sum
cut-of-meat: ribs, pork, beef, lamb chop, bacon strip, salami
bread: bun, buns, roll of bread, sourdough
toolbox: tools, tool, toolkit, tool kit, toolbelt
package: container, containers, cartons, carton, crate of fruit, boxes
shopping-bags: bag, bags, groceries
building-construction: construction site crane
teddy-bear: toy, toys, knitted bear, stuffed bear, plushie, soft toy
armchair: recliner
net-with-handle: net, fishing net, butterfly net, landing net, nets
world-map: map, treasure map, old map, atlas
mechanical-arm: robot arm, robotic arm, industrial robot
prayer-beads: beads, rosary
fork-and-knife: knife and fork
carpentry-saw: handsaw, hand saw
hay-bale: hay, haystack, straw bale, bale of hay
file-cabinet: locker, filing cabinet
wardrobe: closet
chair: furniture, deck chair, folding chair, high chair, seating
sofa: sofa bed, love seat, loveseat
radio: transistor radio, stereo
gramophone: phonograph
flying-disc: frisbee
chessboard: chess board, chess, chess set, checkers, go board
chess-pawn: chess pieces
scarf: bandana, shawl
flat-shoe: moccasins
armour: armor, suit of armour, suit of armor, plate armour, plate armor, chain mail, breastplate
cloak: cape
suit: business suit, tuxedo, three-piece suit, tailcoat
uniform: school uniform, military uniform
sweater: jumper, cardigan, pullover, sweatshirt, turtleneck
robe: robes, bathrobe, dressing gown, toga
skirt: miniskirt
spacesuit: space suit, astronaut suit
overalls: dungarees, boiler suit
womans-hat: bonnet, wide-brimmed hat
womans-clothes: costume, blouse, tunic, clothes, outfit, tracksuit
motorcycle: hoverbike, speeder bike, chopper motorcycle
automobile: hovercar, flying car, hatchback car, station wagon, electric car, cars
cart: handcart, wooden cart, ox cart
sled: toboggan, sledge, dog sled
manual-wheelchair: wheelchair
rowboat: boat on a lake, punt, skiff, lifeboat
ship: icebreaker, oil tanker, ocean freighter, trawler ship, ships
sailing-ship|sailboat: caravel, schooner, clipper
castle: keep of a castle, chateau
house: outhouse
ruins: wreckage, wreck, ancient ruins, relic, relics
headstone: graveyard, cemetery, tomb, tombs, mausoleum
spiral-shell: oyster shell, mussel, scallop
oyster: oysters
gear: clockwork, cogwheels, clock gears
street-lamp: lamp-post
lotion-bottle: ointment, sunscreen
sewing-needle: needle, needle and thread
ship-wheel: ship's wheel, ships wheel, wheel of his ship, wheel of the ship, wheel of a ship, helm
wheel: cartwheel wheel, tyre, tire, tyres, tires
honey-pot: jar of honey
fence: handrail, railing, gatepost, picket fence, barrier, garden fence
ladder: stepladder, rope ladder
blackboard: chalkboard
branch: branches, tree branch, tree branches, bough, tree limb
puddle: puddles, pool of water
stairs: staircase, spiral staircase, steps, stairway, flight of stairs
swing: playground swing, swing set, porch swing
carpet: rug, persian rug, doormat, mat
yoga-mat: exercise mat, gym mat
cutting-board: chopping board, wooden board
vr-headset: vr goggles, virtual reality headset, vr glasses
x-ray: x-ray image, xray, radiograph
hospital-bed: stretcher, gurney, operating table, examination table, massage table
hose: garden hose, fire hose, water hose
walking-stick: walking cane, a cane, the cane, his cane, her cane, wooden cane
anvil: blacksmith's anvil
headphone: earphones, earbuds
toolbox: tool belt, tool bag
bird-cage: bird cage, cage
technologist: gamer, streamer, esports player
houses: village, hamlet
jar: paint pot, paint pots, paint jar, glass jar, pot of paint, pots of paint
gnome: garden gnome
baseball-bat: his bat, her bat, wooden bat
girl: little red riding hood
spy: james bond
sports-car: corvette, chevrolet corvette, camaro, ford mustang, maserati, aston martin, mclaren,
    race cars
automobile: audi, bmw, mercedes, mercedes benz, toyota, honda, volkswagen, cadillac, rolls royce,
    bentley, chevrolet, volvo, fiat
motorcycle: yamaha, ducati, kawasaki
ring: wedding band
easel: canvas
paper-boat: origami boat
frog: tree frog
wood: tree bark
hut: tree house
canoe: kayak boat
laptop: laptop screen, laptop computer
desktop-computer: computer screen, computer monitor
mobile-phone: phone screen
billed-cap: baseball hat, tennis hat, trucker hat
rescue-workers-helmet: hard hat, construction helmet
womans-hat: panama hat
top-hat: tophat
stone-tower: big ben
bookshelf: shelf
traffic-cone: construction cone, orange cone, safety cone
kiwi-fruit: kiwi
gloves: glove
dog: labradoodle, chow chow, goldendoodle, cockapoo, doberman
teddy-bear: teddybear
peach: nectarine
shower: showerhead
tumbler-glass: brandy, cognac
ice-cream: sundae, ice cream sundae
roasted-sweet-potato: yam
hook: wall hook
building-construction: construction, construction site
folding-hand-fan: fan, paper fan, hand fan
teacup: jasmine tea, herbal tea
thief: raider
cut-of-meat: patty, burger patty, beef patty
roll-of-paper: roll of paper towels
piano: keys of a piano, piano keys
soccer-player: goalkeeper, goalie, striker
corgi: corgi dog, welsh corgi
ostrich: emu, rhea, cassowary
dragonfly: damselfly
gecko: newt, salamander
heron: egret, ibis, marabou, great blue heron
chimpanzee: chimp, ape, bonobo
lemur: ring-tailed lemur
party-hat: birthday hat, paper hat, conical hat, cone hat, birthday party hat
cowboy-hat: stetson, stetson hat, western hat
santa-hat: santa claus hat, christmas hat, santa cap, elf hat
wizard-hat: wizard's hat, magician's hat, sorcerer's hat
witch-hat: witch's hat, witches hat, halloween hat
sombrero: mexican hat
straw-hat: sun hat, sunhat, panama hat, boater hat
fedora: leather hat, felt hat, trilby, detective hat, brown hat, bucket hat
bowler-hat: derby hat
headband: sweatband, hairband, hair band, bandanna
earmuffs: ear muffs
hard-hat: hardhat, safety helmet, construction helmet, construction hat
bike-helmet: bicycle helmet, cycling helmet
motorcycle-helmet: motorbike helmet, helmet, racing helmet, crash helmet
football-helmet: american football helmet
beanie: beanie hat, wool hat, woolly hat, knit hat, knitted hat, winter hat, wool cap, fluffy hat,
    bobble hat, knit cap
beret: french beret
chef-hat: chef's hat, toque, cook's hat, chefs hat
pirate-hat: tricorn, tricorn hat, pirate's hat
viking-helmet: horned helmet
sailor-hat: sailor's hat, sailor cap
captain-hat: captain's hat, conductor's hat, train conductor's hat, peaked cap, police hat,
    captains hat, conductor hat, pilot hat
tiara: diadem
necklace: jewelry, jewellery, pearl necklace, necklaces, pearls, string of pearls, diamond
    necklace, beaded necklace, piece of jewelry, jewels
pendant: amulet, talisman, medallion
locket: heart pendant, heart locket
bracelet: bangle, anklet, bangles, wristband
earrings: earring, pair of earrings
brooch: broach, lapel pin
cufflinks: cufflink, cuff link, cuff links
keychain: key chain, keyring, key ring
belt: leather belt, buckle, belt buckle
bow-tie: bowtie, bow ties, bowties
wallet: leather wallet, billfold
eye-patch: eyepatch
eiffel-tower: tour eiffel, la tour eiffel
clock-tower: clocktower, town clock, bell tower with a clock, tower clock
big-ben: houses of parliament, elizabeth tower, palace of westminster, westminster
great-wall: great wall of china, chinese wall
sydney-opera-house: opera house in sydney, opera house of sydney, opera house at sydney
taj-mahal: taj
colosseum: coliseum, roman colosseum, amphitheater, amphitheatre, roman arena, roman amphitheatre
leaning-tower: leaning tower of pisa, tower of pisa
golden-gate-bridge: golden gate, san francisco bridge, red suspension bridge
st-basils-cathedral: kremlin, the kremlin, saint basil's cathedral, st basil's cathedral, st.
    basil's cathedral, onion domes, russian church, orthodox church
sphinx: great sphinx, egyptian sphinx, sphynx statue
stonehenge: standing stones, stone circle
arc-de-triomphe: triumphal arch, arch of triumph, stone arch
burj-khalifa: burj, burj al khalifa
capitol-building: capitol, us capitol, the capitol, parliament building, state capitol
mount-rushmore: rushmore, mt rushmore
geyser: old faithful, geyser old faithful, geysers
christ-the-redeemer: christ the redeemer statue, cristo redentor, corcovado
tower-bridge: london bridge
empire-state-building: empire state, chrysler building
orange-juice: juice, glass of orange juice, glass of juice, fruit juice
smoothie: milkshake, milkshakes, strawberry milkshake, protein shake
soda-can: soda, coke, cola, can of soda, can of coke, beer can, drink can, aluminium can, aluminum
    can
glass-of-water: glass of water, glass, drinking glass, water glass
pitcher: jug, water jug, carafe, jug of water, pitcher of water
squash: butternut squash, acorn squash, gourd, butternut
zucchini: courgette
marshmallow: marshmallows
apricot: nectarine, nectarines
radish: beetroot, turnip, beet
cabbage: lettuce, head of lettuce, brussels sprouts
muffin: muffins, blueberry muffin
cotton-candy: candyfloss, candy floss
fruit-bowl: fruit, fruits, bowl of fruit, basket of fruit, fruit basket
vegetables: vegetable, veggies, fresh vegetables
sausage: sausages, bratwurst, chorizo, frankfurter
ham: leg of ham, prosciutto, jamon
roast-chicken: roast turkey, roasted chicken, cooked chicken, thanksgiving turkey, roasted turkey
fried-egg: fried eggs, sunny-side-up egg, omelette, omelet
cheese-wheel: wheel of cheese, wheels of cheese, cheese wheels
cheesecake: slice of cheesecake, cheesecakes
brownie: brownies
cinnamon-roll: cinnamon rolls, cinnamon bun
macaron: macarons, macaroon, macaroons
ice-cubes: ice cube
popsicle: popsicles, ice lolly, ice pop
candy-cane: candy canes
jam-jar: jam, jar of jam, marmalade, strawberry jam
raspberry: raspberries, berries, mulberry
blackberry: blackberries
pomegranate: pomegranates
grapefruit: pomelo, blood orange
fig: figs
kiwi-fruit: kiwi, kiwis
pea-pod: pea, peas, green peas
beans: bean, kidney beans, lentils
microwave: microwave oven
table-lamp: bedside lamp, lampshade, bedside light, reading lamp, night light, nightlight, lamp
plate: plates, empty plate, dinner plate, platter, saucer, saucers, dinner plates, porcelain plate
bowl: mixing bowl, wooden bowl, basin, empty bowl, salad bowl, glass bowl of water, punch bowl
towel: bath towel, hand towel, tea towel, dishcloth, dish towel, beach towel, washcloth
paperweight: paper weight
doorknob: door knob, door handle, doorhandle, knob
napkin: napkins, serviette, cloth napkin
coaster: coasters, beer mat, coaster holder, drink coaster
coat-hanger: clothes hanger, coat hangers, hanger, hangers, wooden hanger, clothes hangers
tree-topper: christmas tree topper, christmas star, tree star
pizza-cutter: pizza wheel, pizza slicer
daisy: white daisy, chamomile
dandelion: dandelion clock
lily: lilies
lily-pad: lily pads, water lily, waterlily, water lilies
daffodil: daffodils, narcissus
violet: pansy, pansies
orchid: orchids
poppy: poppies, red poppy
peony: peonies, dahlia, carnation, chrysanthemum, camellia, ranunculus
iris: iris flower, irises
wisteria: wisteria tree
thistle: thistles
fern: bracken
ivy: vine, vines, creeper, climbing vine
mossy-rock: moss, mossy stone, moss-covered rock, mossy rocks, mossy stones
seaweed: kelp, algae, seagrass
succulent: succulents, sempervivum
aloe: aloe vera, agave, aloe plant
tree-stump: stump, tree stumps
log: logs, fallen log, fallen tree, driftwood, wooden log
redwood: sequoia, redwoods, giant sequoia, redwood tree, sequoia tree
acacia: acacia tree
baobab: baobab tree
cypress: cypress tree, poplar, italian cypress
maple-tree: maple, autumn tree, autumn trees, red maple
apple-tree: apple trees, fruit tree, fruit trees, cherry fruit tree
grass-tuft: blade of grass, blades of grass, grass blade, clump of grass, tuft of grass, pampas
    grass
venus-flytrap: venus fly trap, carnivorous plant
leaf: green leaf, green leaves
seashell: shell, seashells, sea shell, scallop shell, clam, clams
pebbles: pebble, gravel, stack of stones, zen stones, cairn
icicles: icicle
acorn: acorns, hazelnut, hazelnuts
robin: redbreast
sparrow: finch, wren, sparrows
vulture: condor
red-panda: lesser panda
meerkat: mongoose, prairie dog
antelope: gazelle, impala, springbok, kudu, oryx
jeep: off-road car, off road vehicle, land rover, safari jeep, army jeep, off-roader, 4x4, offroad
    vehicle
van: minivan, delivery van, cargo van, white van, vans, passenger van
dump-truck: tipper truck, tipper, dumper, mining truck, dumper truck
tow-truck: breakdown truck, wrecker truck
garbage-truck: trash truck, bin lorry, refuse truck, recycling truck
cement-mixer: concrete mixer, cement truck, concrete truck, cement mixer truck
excavator: digger, backhoe, mechanical digger, power shovel
bulldozer: dozer, earth mover
forklift: fork lift, forklift truck, fork-lift truck
crane: tower crane, construction crane, cranes, harbour crane, harbor crane, crane hook
steamroller: road roller, steam roller
lawn-mower: lawnmower, grass mower
wheelbarrow: wheel barrow, garden cart
stroller: pram, baby stroller, baby carriage, pushchair, baby buggy
tricycle: trike
unicycle: monocycle
hoverboard: self-balancing board, hover board, balance board
go-kart: go kart, gokart, kart, go-cart, racing kart
golf-cart: golf buggy
quad-bike: atv, all-terrain vehicle, four-wheeler
snowmobile: ski-doo
jet-ski: jetski, water scooter, jet skis
rickshaw: pulled rickshaw, jinrikisha
chariot: chariots, roman chariot, war chariot
sleigh: santa's sleigh, horse-drawn sleigh, santa sleigh, santas sleigh
pedal-boat: swan boat, paddle boat, pedalo, swan pedal boat
sign: signs, wooden sign, wood sign, notice board, signboard on a post, blank sign, information
    sign
signpost: sign post, direction sign, fingerpost, guidepost, wooden signpost
street-sign: street name sign, road name sign, green sign, highway sign
road-sign: traffic sign, yellow diamond-shaped sign, diamond-shaped sign, road signs, traffic
    signs, yellow sign, diamond sign
yield-sign: give way sign, triangular sign
warning-sign: hazard sign, danger sign, caution sign, warning triangle
gate: iron gate, garden gate, gateway, gates, temple gates, entrance gate, wrought iron gate,
    castle gate, metal gate
archway: an arch, the arch, marble arch, stone archway, stone arches, arched gateway
phone-booth: telephone booth, phone box, telephone box, red telephone box, call box, payphone,
    police box
trash-can: trash bin, garbage can, garbage bin, dustbin, rubbish bin, litter bin, bin, recycling
    bin, compost bin, bins, waste bin
dumpster: skip bin, waste container, trash container, garbage container
mailbox: letterbox, letter box, rural mailbox, mail box
water-tower: water tank tower
silo: grain silo, silos, grain elevator
treehouse: tree house, tree houses, house in a tree
greenhouse: glasshouse, glass house, hothouse, conservatory building
gas-station: petrol station, filling station, service station, fuel station, gasoline station
gazebo: pavilion, bandstand, garden pavilion, pergola
chimney: chimneys, smokestack, chimney stack, brick chimney
solar-panel: solar panels, solar cell, photovoltaic panel
power-line: power lines, utility pole, telephone pole, telegraph pole, electric pole, power pole,
    electricity pole, telegraph wire, telephone wire, transmission tower
oil-rig: oil platform, drilling rig, offshore platform, drilling platform, oil derrick
seesaw: see-saw, teeter-totter, teeter totter
sandbox: sandpit, sand pit, sand box
trampoline: trampolines
treadmill: running machine, running belt
dumbbell: dumbbells, hand weight, free weights, weights, kettlebell
barbell: barbells, weight bar
punching-bag: boxing bag, heavy bag, speed bag, sandbag for boxing, punch bag
boxing-ring: wrestling ring
hoodie: hooded sweatshirt, hooded sweater, hoody
leather-jacket: biker jacket, studded leather jacket, leather coat, bomber jacket, motorcycle
    jacket
raincoat: rain jacket, rain coat, slicker, yellow raincoat, oilskin, rain poncho
vest: waistcoat, leather vest, vests
kilt: tartan skirt, scottish kilt, plaid skirt
tutu: ballet skirt, ballet dress, ballerina dress
poncho: serape
pajamas: pyjamas, pajama, sleepwear, nightwear, pjs, onesie
mittens: mitten, oven mitt, oven mitts, oven gloves
rubber-boots: wellies, wellington boots, rain boots, galoshes, gumboots, wellingtons, rain boot,
    rubber boot, snow boots
cowboy-boots: cowboy boot, western boots, leather boots, riding boots
slippers: slipper, house slippers, fluffy slippers, house shoes
sandals: sandal, leather sandals, roman sandals
wig: wigs, hairpiece, toupee
face-mask: surgical mask, medical mask, masks for the face, dust mask, n95 mask, protective mask
carnival-mask: venetian mask, masquerade mask, theatre mask, theater mask, masquerade masks,
    carnival masks, mask, masks, ball mask
gas-mask: gasmask, respirator, gas masks
bikini: bikinis, two-piece swimsuit
badge: sheriff's badge, police badge, sheriff badge, sheriff star
suit: men's suit, dinner jacket
armour: chainmail, chain mail
golf-ball: golf balls, golf tee
golf-club: golf clubs, golf iron, putter
tennis-ball: tennis balls
tennis-racket: racket, racquet, tennis racquet
baseball-bat: baseball bats, wooden bat
basketball-hoop: hoop, basketball net, basketball basket, basketball backboard, basketball rim
hockey-stick: hockey sticks, ice hockey stick
puck: hockey puck, ice hockey puck
bowling-ball: bowling balls
bowling-pins: bowling pin, ninepins, skittles
shuttlecock: shuttle cock, badminton birdie, badminton shuttle, birdie
snowboard: snowboards, snow board
paddle: oar, oars, paddles, canoe paddle, boat paddle, rowing oar
finish-line: finishing line, finish arch, finish tape
hula-hoop: hula hoops, hoola hoop
jump-rope: skipping rope, jumping rope
hammock: hammocks
rocking-horse: hobby horse, toy horse
birdhouse: bird house, nest box, bird feeder, nesting box
birdbath: bird bath, bird bath tub
scaffolding: scaffold, scaffolds
plough: plow, ploughs, wooden plough
merry-go-round: carousel, merry go round, fairground ride, roundabout ride
washing-machine: washer, dryer, laundry machine, tumble dryer, clothes dryer
dishwasher: dish washer
oven: electric oven, toaster oven
toaster: bread toaster, metallic toaster
kettle: tea kettle, electric kettle, teakettle
whisk: egg beater, wire whisk, balloon whisk
spatula: turner, fish slice, kitchen spatula
ladle: soup ladle
grater: cheese grater
peeler: potato peeler, vegetable peeler
colander: sieve, strainer, metal strainer
frying-pan: pan, fry pan, skillet, griddle, a frying pan, cast iron pan, iron pan
saucepan: milk pan, sauce pan, pot with a lid
stool: bar stool, bar stools, step stool, footstool, foot stool
rocking-chair: rocker chair
dresser: chest of drawers, drawers, nightstand, night stand, bedside table, bureau, sideboard,
    drawer unit
wine-bottle: wine bottle, bottle of wine, glass bottle, bottle of red wine, whiskey bottle, bottle
    of whiskey, rum bottle, liquor bottle
wall-clock: kitchen clock, station clock, office clock, round clock
hairbrush: hair brush
comb: hair comb
candle-holder: candlestick, candlesticks, candle stand, chamberstick, candleholder
jewelry-box: jewellery box, jewelry chest, music box, trinket box, jewel box, jewel case
washbasin: a sink, the sink, bathroom sink, kitchen sink, one sink, wash basin, wash-basin, sink
    basin
faucet: water tap, kitchen tap, bathroom tap, spigot, metallic faucet
remote-control: tv remote, television remote, remote controller, telly remote
stapler: staple gun
tissue-box: box of tissues, tissues, facial tissues, tissue
tongs: kitchen tongs, salad tongs, pincers
blender: food processor, smoothie maker, mixer, juicer, lemon juicer, stand mixer
coffee-machine: coffee maker, espresso machine, espresso maker, coffeemaker, coffee grinder
mop: a mop, mop and bucket
rake: a rake, the rake, garden rake, leaf rake
clothes-iron: steam iron, flat iron, flatiron, electric iron
vacuum-cleaner: vacuum, hoover, robot vacuum, robot vacuum cleaner, dust buster
laundry-basket: laundry hamper, basket of laundry, laundry, clothes basket, hamper, pile of
    laundry, dirty laundry, pile of clothes
pliers: wire cutters, pair of pliers
power-drill: electric drill, a drill, the drill, cordless drill, hand drill, drill machine
chainsaw: chain saw, chainsaws
screw: screws, metal screw, wood screw
harmonica: mouth organ, mouth harp, blues harp
clarinet: oboe
cymbals: cymbal, hi-hat, hi hat
mandolin: lute, oud, bouzouki, mandola
xylophone: marimba, glockenspiel, vibraphone
bagpipes: bagpipe
doll: rag doll, porcelain doll, barbie, baby doll, dolls, voodoo doll, toy doll
toy-blocks: building blocks, wooden blocks, toy block, alphabet blocks, letter blocks, wooden toy
    blocks, blocks, wooden block, block tower
toy-bricks: lego, lego bricks, lego brick, building bricks, legos, toy brick, plastic bricks
spinning-top: whipping top, dreidel, humming top
rubber-duck: rubber duckie, rubber ducky, toy duck, bath duck, rubber ducks, bath toy, squeaky toy
puppet: marionette, ventriloquist dummy, hand puppet, sock puppet, string puppet, puppets
marbles: glass marbles, glass marble, toy marbles
dartboard: dart board, game of darts, a game of darts, playing darts, darts match, dart game
stegosaurus: ankylosaurus
pterodactyl: pteranodon, flying dinosaur
swordfish: marlin, sailfish
salmon: trout
clownfish: clown fish
angelfish: angel fish
eel: eels, moray eel, electric eel
caterpillar: caterpillars, larva
moth: moths
wasp: hornet, wasps
grasshopper: locust, grasshoppers, locusts
praying-mantis: mantis, mantises, stick insect
centipede: millipede, centipedes
sea-urchin: sea urchins
sea-anemone: anemone, anemones, sea anemones
narwhal: narwhals
sea-lion: sea lions
squirrel: red squirrel, squirrels
husky: siberian husky, malamute, alaskan malamute
dalmatian: dalmatians
dachshund: sausage dog, wiener dog
greyhound: whippet, greyhounds
pug: french bulldog, pugs
siamese-cat: siamese
highland-cow: highland cattle, yak, highland cows, yaks
guinea-pig: guinea pigs
axolotl: axolotls
cardinal: cardinals, cardinal bird, red cardinal, northern cardinal
blue-jay: bluejay, jay, bluebird, blue jays
griffin: gryphon, griffins, hippogriff
centaur: centaurs
cerberus: three-headed dog, hellhound
pegasus: winged horse, flying horse
yeti: abominable snowman
cereal-bowl: cereal, bowl of cereal, porridge, oatmeal, granola, muesli, corn flakes, cornflakes
peanut-butter: jar of peanut butter
milk-bottle: bottle of milk, milk bottles, milk jug, milk carton, milk container
lemonade: iced tea, iced lemonade, glass of lemonade, glass of iced tea, pitcher of lemonade
gingerbread-man: gingerbread, gingerbread cookie, gingerbread men
meatballs: meatball
potato-chips: potato chip, crisps, bag of chips, bag of crisps
nachos: tortilla chips
syrup-bottle: syrup, maple syrup, bottle of syrup
ketchup-bottle: ketchup, bottle of ketchup, tomato sauce, hot sauce
coffee-beans: coffee bean, cocoa beans
walnut: walnuts, nut, nuts, pecan, pecans
celery: celery stalks, fennel, rhubarb
dragon-fruit: dragonfruit, pitaya
spring-rolls: spring roll, egg roll, egg rolls
samosa: samosas, empanada, empanadas, turnover
lasagna: lasagne, slice of lasagna
tofu: block of tofu, feta
placemat: place mat, placemats, table mat, trivet
sticky-note: sticky notes, post-it, post-it note, post it note, post-its, post-it notes
whiteboard: white board, dry erase board, flip chart, flipchart
projector: video projector, beamer, slide projector
tablet: tablet computer, ipad, ipads, e-reader, ebook reader
game-console: games console, console, video game console, playstation, xbox
speaker-box: loudspeakers, subwoofer, stereo speaker, stereo speakers, speakers, amplifier, guitar
    amp, amp, bluetooth speaker, sound system
record-player: turntable, vinyl player, record deck
vinyl-record: vinyl, lp, record album, vinyl records, vinyl disc, gramophone record
cassette: cassette tape, mixtape, tape cassette, audio cassette, cassette tapes
incense: incense burner, incense stick, incense sticks, joss stick
matchbox: matchstick, match stick, matchsticks, box of matches, burning match, lit match
spray-bottle: spray bottles, cleaning spray, plant mister, window cleaner spray, cleaning bottle
toothpaste: tube of toothpaste, toothpaste tube
shampoo-bottle: shampoo, soap dispenser, bottle of shampoo, conditioner bottle, shower gel, liquid
    soap, body wash
nail-polish: nail varnish, bottle of nail polish, nail lacquer
shaving-brush: makeup brush, powder brush, shave brush
rubber-band: elastic band, rubber bands, hair tie
ceiling-fan: overhead fan
bookend: bookends, book end, book ends
bookmark: bookmarks, book mark
lunch-box: lunchbox, lunch boxes, lunch pail, lunchboxes
food-container: plastic container, tupperware, storage container, plastic box, container of food,
    food box, sandwich container, takeaway box
plastic-bag: carrier bag, plastic bags, plastic shopping bag, grocery bag, poly bag
garbage-bag: trash bag, trash bags, garbage bags, bin bag, rubbish bag, black bag of trash, bag of
    trash, bag of garbage
tote-bag: tote, tote bags, cloth bag, fabric bag, canvas bag, reusable bag, cloth shopping bag
rope: ropes, coil of rope, piece of string, ball of string, twine, cord
pencil-case: pencil cases, pencil box, pencil pouch
pencil-sharpener: sharpener
pen-holder: pencil holder, pen cup, pencil cup, pen pot, pens in a cup, paper clip holder, desk
    organizer
canister: tin canister, tea tin, coffee tin, coffee canister, tea caddy
coat-rack: coat stand, coatrack, hat stand, clothes rack, clothing rack, hat rack
calculator: pocket calculator, calculators
marker: markers, highlighter, highlighters, felt pen, felt tip, felt-tip pen, marker pen, sharpie
chalk: piece of chalk, chalks, chalk stick, sidewalk chalk
cupboard: cupboards, cabinet, cabinets, medicine cabinet, kitchen cabinet, armoire, wooden cabinet
crib: cradle, cot, baby bed, bassinet, baby crib, baby cot
mattress: mattresses, futon, air mattress
playing-cards: playing card, deck of cards, cards, poker cards, pack of cards, game of cards, hand
    of cards, trading cards
rubiks-cube: rubik's cube, rubik cube, rubik's cubes, magic cube puzzle
domino: dominoes, dominos, domino tiles, domino tile
tuba: sousaphone, euphonium
gong: gongs, temple gong
vending-machine: vending machines, soda machine, snack machine, drinks machine
cash-register: cash registers, checkout register
strongbox: a safe, bank safe, vault, the safe, bank vault, steel safe
piggy-bank: piggybank, piggy banks, money box, coin bank
radiator: heater, space heater, radiators
electric-fan: desk fan, table fan, standing fan, floor fan
ironing-board: ironing table
christmas-ornament: christmas ornaments, ornament, ornaments, bauble, baubles, christmas ball,
    christmas balls, christmas bauble, tree ornament
wreath: christmas wreath, wreaths, advent wreath, holiday wreath, laurel wreath
first-aid-kit: first aid box, medical kit, med kit, medkit, first aid kit
tape-measure: measuring tape, tape measures
adhesive-tape: duct tape, sticky tape, roll of tape, scotch tape, masking tape, packing tape
iron-nails: iron nail, metal nails, rusty nail, rusty nails, steel nail
binoculars: pair of binoculars, field glasses, opera glasses
cigarette-lighter: zippo, gas lighter
mannequin: mannequins, shop dummy, dress form, tailor's dummy, dressmaker's dummy
toy-car: toy cars, toy truck, model car, remote control car, rc car, wooden car, matchbox car,
    wooden toy, wooden toys
picnic: picnic hamper, picnic lunch
cloth: fabric, fabrics, piece of fabric, piece of cloth, silk cloth, wet cloth, cloths, textile,
    velvet cloth, silk fabric
ottoman: pouf, footrest, hassock, pouffe
letter: love letter, handwritten letter, old letter, heartfelt letter, farewell letter
sack: sacks, burlap sack, sack of potatoes, sandbag, sandbags, gunny sack
tweezers: pair of tweezers
soldering-iron: solder iron
beaker: glass beaker, laboratory beaker, measuring cup, beakers
postage-stamp: stamp, postage stamps, stamps
door-knocker: doorknocker, knocker, brass knocker
music-stand: sheet music stand
sheet-music: music sheet, music sheets, musical score, music score, sheet of music
jukebox: juke box
window-blinds: blinds, venetian blinds, venetian blind, window blind, window shades
cookie-cutter: cookie cutters, biscuit cutter
metal-pipe: pipes, rusty pipe, rusty pipes, water pipe, water pipes, steel pipe, iron pipe,
    drainpipe, cylindrical tube, steel tube
ceramic-tile: a tile, the tile, ceramic tiles, smooth tile, mosaic tile
saddle: horse saddle, leather saddle, saddles
buttons: shirt buttons, coat buttons, sewing button, shirt button
figurine: figurines, statuette, porcelain figurine, glass figurine, porcelain figure
certificate: diploma, diplomas, certificates, degree certificate, award certificate
paint-roller: roller brush, painting roller
paint-can: paint bucket, bucket of paint, can of paint, paint tin, paint cans
thermos: thermos flask, thermos bottle, vacuum flask, insulated bottle, thermoses
walkie-talkie: walkie talkies, two-way radio, handheld radio
computer-chip: microchip, cpu, processor chip, circuit board, motherboard, semiconductor,
    microprocessor
usb-stick: usb drive, flash drive, usb flash drive, thumb drive, memory stick
pacifier: baby pacifier, soother, baby dummy
mortar-and-pestle: pestle and mortar, pestle, stone mortar
smoking-pipe: tobacco pipe, a pipe, his pipe, wooden pipe
ashtray: ashtrays
hand-mirror: handheld mirror, compact mirror, pocket mirror, small mirror
glue-bottle: glue, bottle of glue, glue stick
wizard-staff: quarterstaff, bo staff, long staff
seagull: gull, seagulls, albatross, tern
pigeon: pigeons
cobra: king cobra, cobras
cougar: puma, mountain lion, cougars
lynx: bobcat, lynxes, caracal
anteater: aardvark, anteaters, tapir
manatee: dugong, manatees
mole: moles, shrew
porcupine: echidna, porcupines
iguana: iguanas, komodo dragon, monitor lizard
alpaca: alpacas
lamb: lambs, baby sheep
reindeer: caribou, rudolph
pheasant: quail, partridge, pheasants, guinea fowl
snowball: snowballs
pearl: oyster pearl, pearl oyster
whipped-cream: dollop of whipped cream, cream, frosting
seeds: seed, pumpkin seeds, sunflower seeds, grains
mustard-bottle: mustard, bottle of mustard
honeycomb: honeycombs
onion-rings: onion ring, calamari
churros: churro, breadsticks
crackers: cracker, saltines
jelly: jello, gelatin, jell-o
leek: leeks, scallion, scallions, green onion, green onions
artichoke: artichokes
picnic-basket: picnic, picnic baskets
golden-retriever: labrador, golden retriever puppy, labrador retriever, retriever, golden labrador
german-shepherd: police dog, german shepherd dog
shiba-inu: shiba, akita, jindo dog
border-collie: collie, sheepdog, sheep dog, australian shepherd
lion-cub: lion cubs, baby lion, cub, cubs
fawn: fawns, baby deer, bambi
snow-leopard: snow leopards
hammerhead: hammerhead shark, hammerheads, hammerhead sharks
nautilus: ammonite, cuttlefish
anglerfish: angler fish, deep sea fish, piranha
orange-tree: orange trees, lemon tree, citrus tree, peach tree
mangrove: mangroves, banyan, mangrove tree, banyan tree
dough: bread dough, pizza dough, ball of dough
flour-sack: flour, bag of flour, sack of flour, sugar, bag of sugar
spices: spice, bowls of spices, turmeric, paprika powder, cinnamon, curry powder
toast: slice of toast, buttered toast, toasted bread, slice of bread
tortillas: tortilla, pita, pita bread, naan, chapati
gummy-bears: gummy bear, gummies, jelly beans, jelly bean
leafless-tree: dead tree, bare tree, dead trees, bare trees, withered tree, leafless tree
lioness: lionesses, female lion, mother lion
crossbow: crossbows, arbalest
spear: spears, lance, javelin, harpoon, javelins
trident: tridents
mace: spiked club, morning star, spiked mace, war hammer
cannon: cannons, artillery gun, old cannon, field gun
catapult: trebuchet, catapults, siege engine
lightsaber: light saber, laser sword, light sabre, lightsabers, energy sword
rifle: shotgun, hunting rifle, musket, sniper rifle, rifles, machine gun, assault rifle, ak-47
grenade: hand grenade, grenades
shuriken: throwing star, ninja star, throwing stars, ninja stars
nunchaku: nunchucks, nunchuck, nunchuks
biplane: biplanes, double-decker plane, old propeller plane, vintage plane
seaplane: seaplanes, floatplane, float plane, flying boat, hydroplane
glider: sailplane, gliders
hang-glider: hang glider pilot, hang gliding, hang gliders
paraglider: paragliders, paragliding, paraglider pilot
space-shuttle: space shuttles, nasa shuttle
moon-rover: rover, mars rover, lunar rover, moon buggy, rovers, lunar vehicle
lunar-lander: lunar module, moon lander, landing module, lander, landing craft
space-station: international space station, iss, orbital station, space stations
cargo-ship: container ship, freighter, freight ship, cargo ships, container ships, cargo vessel
warship: battleship, destroyer, naval ship, navy ship, frigate warship, warships, cruiser ship,
    battleships
aircraft-carrier: aircraft carriers
pirate-ship: pirate galleon, ghost ship, pirate ships, pirates' ship, black ship
tugboat: tug boat, tugboats
kayak: kayaks
spacesuit: astronaut suit
bullfighter: matador, torero, bullfighters
chimney-sweep: chimney sweeper
lifeguard: lifeguards, beach guard
beekeeper: beekeepers, apiarist
pope: bishop, cardinal, archbishop, patriarch
roman-soldier: roman soldiers, legionary, centurion, legionnaire, spartan, spartan warrior,
    legionaries, roman legionary
sheriff: deputy, marshal, lawman, sheriffs
sumo-wrestler: sumo wrestlers, sumo, rikishi
florist: flower seller, flower girl seller, florists
grim-reaper: reaper, the grim reaper, death with a scythe
train-conductor: ticket inspector, railway conductor, station master, stationmaster, train driver,
    railwayman
belly-dancer: oriental dancer, belly dancers
referee: referees, umpire
cheerleader: cheerleaders
baseball-player: baseball players, pitcher on the mound, baseball batter
hockey-player: ice hockey player, hockey players
american-football-player: quarterback, linebacker, nfl player, american football players
hunter: hunters, poacher, huntsman
maid: housekeeper, maids, chambermaid, cleaning lady, housemaid
caveman: cavemen, neanderthal, stone age man, prehistoric man
scythe: scythes, sickle
pom-pom: pompom, pom-poms, pompoms
wooden-club: cudgel, bludgeon
police-officer: police
torch: burning torch, flaming torch, torches, olympic torch, wooden torch
school-bus: school buses, yellow school bus
double-decker-bus: double decker, double-decker, london bus, double decker bus, red bus
food-truck: food trucks, food van, taco truck, burger van
ice-cream-truck: ice cream van, ice-cream van
monster-truck: monster trucks, bigfoot truck
combine-harvester: harvester, combine harvesters, harvesters
handgun: gun, pistol, revolver, guns, pistols, firearm
scimitar: sabre, saber, cutlass, scimitars, curved sword
slingshot: catapult toy, slingshots
leather-whip: bullwhip, a whip, the whip, his whip, her whip, horse whip
leash: dog leash, leashes, dog lead
handcuffs: handcuff, shackles, cuffs
lasso: lariat, lassos
picnic-table: picnic bench, picnic tables
clothesline: clothes line, washing line, hanging laundry, laundry on a line, laundry line
stained-glass-window: stained glass, stained-glass, stained glass windows
doghouse: dog house, kennel, kennels, dog kennel
water-wheel: waterwheel, watermill, water mill
totem-pole: totem, totems, totem poles
buoy: buoys, marker buoy
shipping-container: shipping containers, cargo container, freight container, cargo containers
pool-table: billiard table, snooker table, billiards table, billiards, pool game
ping-pong-table: table tennis table, ping-pong table
skate-ramp: skateboard ramp, half-pipe, half pipe, quarter pipe, skatepark ramp
diving-board: springboard, diving platform, diving boards
track-hurdle: a hurdle, the hurdle, the hurdles
scoreboard: score board
goalpost: goal posts, field goal post, goalposts
elevator: lift door, elevators, elevator doors, elevator door
escalator: escalators, moving stairs
barricade: roadblock, street barrier, road barrier, traffic barrier, construction barrier,
    barricades
tumbleweed: tumbleweeds
string-lights: christmas lights, fairy lights, string of lights, garland of lights, light garland,
    garland, garlands
steering-wheel: car steering wheel, steering wheels
propeller: propellers, propellor
flower-crown: floral crown, flower wreath, crown of flowers, wreath of flowers, flower garland
fez: fez hat, tarboosh
christmas-stocking: stocking for christmas, christmas stockings, christmas sock
dome: golden dome, domes, cupola
mansion: manor, manor house, mansions, villa, estate house, stately home
cathedral: notre dame, gothic cathedral, cathedrals, gothic church, basilica, sagrada familia,
    notre-dame
penny-farthing: high wheeler, old-fashioned bicycle, penny farthing
exercise-bike: stationary bike, spin bike, spinning bike
hearse: funeral car
hovercraft: air cushion vehicle
houseboat: houseboats, narrowboat, canal boat
paddle-steamer: paddle steamer, steamboat, riverboat, paddlewheeler, steamship, paddle boat
    steamer
sundial: sundials
weather-vane: weathervane, weathercock, wind vane
water-trough: trough, troughs, feeding trough, horse trough
monkey-bars: jungle gym, climbing frame, climbing bars
hot-dog-cart: hot dog stand, food cart, hotdog stand, hotdog cart, street food cart, snack cart
kiosk: newsstand, newspaper stand, news stand, kiosks, ticket booth, tollbooth, booth
atm: cash machine, cash dispenser, atm machine
lifeguard-tower: lifeguard stand, lifeguard hut, beach hut, lifeguard chair
control-tower: air traffic control tower, airport tower
cottage: cottages, thatched cottage, thatched cottages, bungalow, thatched house
frankenstein: frankenstein's monster, frankenstein monster
palace: royal palace, palaces, buckingham palace, versailles, palace of versailles
alhambra: the alhambra, alcazar, moorish palace, moorish castle
forbidden-city: chinese palace, imperial palace, buddhist temple, chinese temple, gyeongbokgung,
    tiananmen
tv-tower: television tower, space needle, cn tower, fernsehturm, radio tower, broadcast tower,
    oriental pearl tower, telecommunications tower
hollywood-sign: hollywood sign on a hill, hollywood letters
angkor-wat: angkor, khmer temple, jungle temple, mayan ruins
petra: treasury of petra, rock temple, al-khazneh
wedding-dress: wedding gown, bridal gown, wedding dresses, bridal dress, white wedding dress
beetle-car: volkswagen beetle, vw beetle, vw bug, fiat 500, mini cooper
sports-car: corvette, chevrolet corvette, mustang car, ford mustang, camaro, aston martin,
    mclaren, roadster, chevrolet camaro, dodge charger
ferris-wheel: london eye, observation wheel
hair-dryer: hairdryer, blow dryer, blowdryer, hair drier
security-camera: surveillance camera, cctv camera, cctv, security cameras, surveillance cameras
barbecue-grill: a grill, the grill, charcoal grill, a barbecue, bbq grill, bbq, kettle grill, gas
    grill
spinning-wheel: spinning wheels
potters-wheel: potter's wheel, pottery wheel, clay pot on a wheel
bean-bag: beanbag, beanbag chair, bean bag chair, bean bags
bunk-bed: bunk beds, bunkbed, double-decker bed
sleeping-bag: sleeping bags
origami-crane: origami, paper crane, origami bird, paper cranes, folded paper crane, origami animal
tripod: camera tripod, tripods
magazine: magazines, fashion magazine, glossy magazine, comic magazine
passport: passports
film-reel: film reels, movie reel, reel of film
smartwatch: smart watch, apple watch, fitness tracker
power-socket: wall socket, power outlet, outlet, electrical outlet, electrical socket, wall outlet
kitchen-scale: kitchen scales, weighing scale, weighing scales, food scale, bathroom scale
dustpan: dust pan, dustpan and brush
feather-duster: feather dusters
pipe-organ: church organ, organ, organ pipes
cable: cables, power cable, wire, wires, electric wire, electrical wire, power cord, extension
    cord, ethernet cable, charging cable
postcard: postcards, picture postcard
blueprint: blueprints, floor plan, architectural plan, construction plan
moka-pot: moka, stovetop espresso maker
spray-can: spray paint, spray paint can, aerosol can, aerosol, can of spray paint, deodorant
corkscrew: wine opener, bottle opener
gavel: judge's gavel, wooden gavel, auction hammer
cleaver: meat cleaver, butcher knife, butcher's knife
sitar: veena, tanpura
pan-flute: pan pipes, panpipes, panpipe, pan pipe, zampona
dreamcatcher: dream catcher, dream catchers
molecule: molecules, atoms, molecular model, water molecule
bubble-wand: bubble blower, soap bubble wand
pitchfork: hay fork, garden fork
toy-train: model train, miniature train, wooden train, toy trains, toy locomotive
horseshoe: horseshoes, horse shoe
crucifix: wooden cross, cross on the wall, holy cross
menorah: hanukkah candles, hanukkiah
"""
"""
A subject of the catalogue and other names for it; lines that are indented go on.

``flag|kite`` means: a flag, or a kite where the catalogue has no flag. Where it has neither, the
words name something that cannot be shown. A subject's own name need not be listed,
and wins over other names unless it is one of ``PLAIN_IDS``.
"""

COMPOSITES: Final = """
angler: man + fishing-pole
ballroom dancers: woman-dancing + man-dancing
tango dancers: woman-dancing + man-dancing
couple: woman + man
old couple: old-woman + old-man
elderly couple: old-woman + old-man
lovers: woman + man
newlyweds: bride + groom
bride and groom: bride + groom
parents: woman + man
twins: girl + girl
mother and child: woman + child
family: man + woman + child
family of three: man + woman + child
a family of three: man + woman + child
family of four: man + woman + boy + girl
a family of four: man + woman + boy + girl
family of five: man + woman + boy + girl + baby
a family of five: man + woman + boy + girl + baby
street musician: guitarist
street vendor: person-standing + market-stall
food vendor: person-standing + market-stall
street food vendor: person-standing + market-stall
market vendor: person-standing + market-stall
fruit seller: person-standing + market-stall
vendor: person-standing + market-stall
pianist: man + musical-keyboard
cellist: woman + violin
cameraman: man + movie-camera
shepherd with sheep: shepherd + ewe
"""
"""Words for several subjects: ``name: first + second``."""

PEOPLE_GROUPS: Final = """
crowded person-walking 24
people person-walking 8
crowd person-standing 40
crowds person-standing 60
audience person-standing 40
spectators person-standing 40
passengers person-standing 10
pedestrians person-walking 14
passers-by person-walking 8
commuters person-walking 16
shoppers person-walking 10
tourists person-walking 8
army soldier 60
troops soldier 30
friends person-standing 3
friend person-standing 1
team person-standing 6
band guitarist 4
choir singer 12
orchestra violinist 12
protesters person-raising-hand 30
flock bird 20
herd ewe 14
his_flock ewe 12
her_flock ewe 12
camel_caravan camel 8
"""
"""Words for several people at once: word, picture, how many."""


PLAIN_IDS: Final = frozenset(
    {"train", "microphone", "teddy", "dragon", "umbrella", "well", "table", "construction"}
)
"""Subjects whose own name means another one in a prompt, or an everyday word."""


def names_of(subjects: frozenset[str]) -> dict[str, str]:
    """
    Return the subject of each English name; an empty one where the catalogue has none.

    Args:
        subjects: The ids of the catalogue.
    """
    names = {one.replace("-", " "): one for one in sorted(subjects) if one not in PLAIN_IDS}
    for wanted, listed in (*_rows(OTHER_NAMES + EVERYDAY_NAMES), *_look_alikes(subjects)):
        subject = next((one for one in wanted if one in subjects), "")
        known = () if wanted[0] in PLAIN_IDS else (wanted[0].replace("-", " "),)
        for name in (*known, *listed):
            names.setdefault(name, subject)
    for name in WITHOUT_PICTURES.split(","):
        names.setdefault(" ".join(name.split()), "")
    names.pop("", None)
    return names


def look_alikes_of(subjects: frozenset[str]) -> frozenset[str]:
    """
    Return the English names of ``LOOK_ALIKES`` that the catalogue has no picture of.

    Args:
        subjects: The ids of the catalogue.
    """
    return frozenset(name for _, listed in _look_alikes(subjects) for name in listed)


def _look_alikes(subjects: frozenset[str]) -> list[tuple[list[str], list[str]]]:
    """Return the rows of ``LOOK_ALIKES`` without the names that have a picture of their own."""
    own = {one.replace("-", " ") for one in subjects}
    own |= {name for _, listed in _rows(OTHER_NAMES + EVERYDAY_NAMES) for name in listed}
    own |= {plural_of(name) for name in own}
    return [
        (wanted, [name for name in listed if name not in own])
        for wanted, listed in _rows(LOOK_ALIKES)
    ]


def _rows(table: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the subjects that a line wants, the best first, and the names that it lists."""
    for line in lines_of(table):
        wanted, _, listed = line.partition(": ")
        yield wanted.split("|"), [name.replace("-", " ").strip() for name in listed.split(", ")]
