"""Know where subjects are at home, for prompts that name no place."""

from collections.abc import Mapping
from typing import Final

from rushes.core.shot_plan import ROOMS, Action, Effect, Framing
from rushes.engines.animatic.planning import carriers, kinds
from rushes.engines.animatic.planning.casting_drafts import Draft
from rushes.engines.animatic.planning.tables import lines_of

_SETS_OF_SUBJECTS: Final = """
farmyard: chicken rooster pig piglet chicken-coop
petrol_station: fuel-pump
restaurant: waiter waitress
market: market-stall
lake: bridge arch-bridge dam
garden: pagoda shinto-shrine
playground: playground-slide
wheat_field: wheat
bamboo_grove: panda
jungle: gorilla orangutan tiger jaguar panther chimpanzee
savanna: lion elephant giraffe zebra rhinoceros cheetah ostrich wildebeest
workshop: anvil blacksmith mechanic woman-mechanic man-mechanic carpenter artisan sewing-machine
    carpentry-saw toolbox power-drill chisel pliers screw soldering-iron paint-roller paint-can
    potters-wheel 3d-printer car-engine
bathroom: bathtub toilet shower toothbrush plunger soap sponge razor person-taking-bath washbasin
    washing-machine faucet mop rubber-duck hair-dryer
ballroom: bride groom man-in-tuxedo woman-in-tuxedo
shop: shopping-cart arcade-machine
courtroom: judge woman-judge man-judge
hospital: hospital-bed doctor nurse surgeon health-worker woman-health-worker man-health-worker
    x-ray iv-drip
church: altar priest nun pipe-organ crucifix
living_room: window pug siamese-cat guinea-pig maid pool-table ping-pong-table string-lights carpet
    yoga-mat sofa armchair fireplace chandelier floor-lamp gramophone curtain cat kitten dog puppy
    poodle baby black-cat teddy-bear couch-and-lamp television christmas-tree hamster chair
    mantelpiece-clock person-in-lotus-position rocking-chair stool vacuum-cleaner spinning-wheel
    bean-bag lava-lamp grandfather-clock wood-stove
gym: person-lifting-weights man-lifting-weights woman-lifting-weights boxer boxing-glove
    kettlebell
sports_hall: basketball-player basketball volleyball gymnast person-fencing person-playing-handball
factory: factory-worker woman-factory-worker man-factory-worker mechanical-arm
kitchen: microwave wok cutting-board stove fridge kitchen-counter cook woman-cook man-cook baker
    butcher oven dishwasher cupboard
cafe: barista jukebox
laboratory: scientist woman-scientist man-scientist
    alembic test-tube microscope petri-dish
    beaker computer-chip bunsen-burner
classroom: blackboard teacher student schoolboy schoolgirl woman-teacher man-teacher woman-student
    man-student
office: desk desk-lamp typewriter office-worker technologist woman-office-worker man-office-worker
    woman-technologist man-technologist businessman businesswoman desktop-computer laptop printer
    fax-machine journalist whiteboard projector
stage: piano grand-piano cello singer woman-singer man-singer dancer woman-dancing man-dancing
    ballerina ballet-dancer dj guitarist drummer saxophonist trumpeter violinist conductor magician
    mime break-dancer flamenco-dancer clown hula-dancer guitar violin drum trumpet saxophone
    musical-keyboard accordion harp tribal-dancer person-juggling studio-microphone
    people-with-bunny-ears circus-tent music-stand
    belly-dancer drum-kit acoustic-guitar french-horn
hall: throne king queen prince princess emperor pharaoh
    mannequin
    pope sumo-wrestler
    stained-glass-window
bedroom: wardrobe person-in-bed bed dresser laundry-basket crib mattress ironing-board bunk-bed
indoor_pool: swimmer person-swimming woman-swimming man-swimming person-playing-water-polo
    diving-board
space: spaceship portal monolith ufo astronaut woman-astronaut man-astronaut rocket satellite
    ringed-planet flying-saucer alien-monster comet globe-showing-europe-africa alien
    moon-rover lunar-lander space-station space-shuttle
underwater: manta-ray seahorse sea-turtle diver scuba-diver mermaid merman fish tropical-fish
    hammerhead nautilus anglerfish
    manatee
    axolotl
    swordfish clownfish angelfish eel sea-urchin sea-anemone narwhal
    seaweed
    shark whale orca dolphin octopus squid jellyfish blowfish coral spouting-whale
ocean: ship-wheel sailing-ship viking-ship yacht cruise-ship submarine surfboard seagull surfer
    puffin
    person-surfing woman-surfing man-surfing sailor pirate ship sailboat passenger-ship speedboat
    ferry captain anchor lighthouse seal
    cargo-ship warship aircraft-carrier pirate-ship tugboat
    buoy hovercraft paddle-steamer
lake: rowboat raft koi reeds fisherman canoe person-rowing-boat woman-rowing-boat
    mangrove
    salmon
    kingfisher capybara platypus
    lily-pad
    dragonfly duckling heron
    man-rowing-boat swan duck flamingo stork goose frog beaver otter motor-boat lotus hippopotamus
    crocodile
    pedal-boat
    kayak
beach: starfish crab turtle lobster palm-tree desert-island beach-with-umbrella spiral-shell
    sea-lion
    seashell pebbles
    pelican
    coconut
    lifeguard
    lifeguard-tower deck-chair
snow: iceberg igloo snow-pile reindeer skier snowboarder figure-skater penguin polar-bear snowman
    snow-leopard
    snowball
    yeti
    husky
    icicles
    walrus
    snowman-without-snow sled santa-claus mammoth mountaineer
    snowmobile sleigh
    snowboard
    hockey-player snowplow snowshoes
desert: pyramid obelisk camel two-hump-camel cactus scorpion nomad cowboy cowgirl mummy
    cobra iguana
    vulture meerkat armadillo
    sphinx
    sheriff
    tumbleweed
    petra pumpjack
mountain: western-dragon viaduct magic-carpet dragon castle goat eagle ram person-climbing
    cougar alpaca
    griffin hydra pegasus cyclops
    man-climbing woman-climbing hiker monk mount-fuji volcano japanese-castle
    mountain-cableway yogi samurai llama viking explorer
    alhambra hollywood-sign
forest: lizard snake branch pine-cone birch bamboo stag ghost sheet-ghost campfire
    fawn
    lynx porcupine
    centaur
    squirrel
    centipede
    woodpecker toucan red-panda pangolin fern mossy-rock tree-stump log redwood maple-tree acorn
    gecko chameleon lemur log-cabin hawk raven crow bear wolf fox deer owl boar bat
    monkey sloth parrot chipmunk hedgehog badger witch wizard mage
    fairy elf gnome goblin troll unicorn werewolf archer lumberjack evergreen-tree deciduous-tree
    mushroom brown-mushroom leopard moose raccoon spider spider-web tent hooded-figure
    woman-with-veil woman-elf man-elf woman-fairy dwarf minotaur koala tanabata-tree chainsaw
    grim-reaper hunter
    totem-pole frankenstein
    angkor-wat
meadow: sheep lamb pony bull windmill barn hay-bale lavender wind-turbine cart lioness
    border-collie lion-cub anteater pheasant greyhound highland-cow triceratops stegosaurus
    grasshopper magpie hyena antelope daisy dandelion poppy thistle acacia baobab cypress
    grass-tuft wombat hot-air-balloon fence tank farmer woman-farmer man-farmer cow ox horse ewe
    donkey tractor shepherd scarecrow bison sunflower sheaf-of-rice house hut kite rabbit kangaroo
    horse-racing t-rex sauropod calf foal turkey water-buffalo ear-of-corn balloon flag flagpole
    stonehenge leaning-tower geyser golf-cart quad-bike silo water-tower solar-panel signpost
    plough beekeeper scythe combine-harvester water-trough water-wheel weather-vane pitchfork
    corn-plant cotton-plant
table: chessboard fish-bowl
garden: swing bush cherry-tree willow well bench gardener butterfly honeybee rose tulip blossom
    golden-retriever german-shepherd shiba-inu orange-tree mole picnic-basket dalmatian dachshund
    cardinal blue-jay caterpillar moth wasp praying-mantis robin sparrow lily daffodil violet
    orchid peony iris hydrangea wisteria ivy apple-tree leaf corgi hummingbird hyacinth hibiscus
    cherry-blossom bouquet snail lady-beetle ant beetle fountain potted-plant peacock white-flower
    bunny seedling child girl boy toddler monarch-butterfly bird seat taj-mahal white-house
    capitol-building temple-of-heaven lawn-mower wheelbarrow stroller tricycle greenhouse gazebo
    gate archway seesaw sandbox trampoline treehouse mailbox hammock birdhouse birdbath
    merry-go-round rake picnic florist picnic-table clothesline doghouse sundial mansion
    monkey-bars cottage palace barbecue-grill lawn-sprinkler chrysanthemum
street: puddle carriage old-car vintage-car convertible limousine street-lamp pigeon traffic-cone
    person-running woman-running man-running taxi automobile bus police-car ambulance fire-engine
    bicycle motorcycle motor-scooter tram tram-car trolleybus delivery-truck pickup-truck
    sport-utility-vehicle detective police-officer skateboard skateboarder minibus oncoming-taxi
    oncoming-automobile beggar spy thief tourist firefighter convenience-store department-store
    umbrella umbrella-with-rain-drops postbox bus-stop rat superhero supervillain robot
    person-walking woman-walking man-walking zombie van tow-truck garbage-truck unicycle segway
    hoverboard phone-booth parking-meter trash-can dumpster street-sign rickshaw sign scaffolding
    vending-machine garbage-bag school-bus double-decker-bus food-truck ice-cream-truck hearse
    hot-dog-cart kiosk atm track-hurdle barricade security-camera manhole-cover
road: sports-car camper-van racing-car articulated-lorry motorcyclist racing-driver person-biking
    woman-biking man-biking construction-worker traveller auto-rickshaw
    jeep dump-truck cement-mixer excavator bulldozer steamroller road-sign warning-sign
    gas-station go-kart power-line yield-sign
    monster-truck
railway: steam-train steam-locomotive locomotive train high-speed-train bullet-train railway-car
    metro light-rail monorail station
    train-conductor
roof: ninja
    chimney
    chimney-sweep
sports_ground: soccer-player athlete soccer-ball baseball tennis
    tennis-player american-football person-golfing person-bouncing-ball rugby-football
    trophy
    boxing-ring treadmill
    basketball-hoop finish-line
    hula-hoop
    bullfighter referee cheerleader baseball-player american-football-player
    goalpost scoreboard exercise-bike
battlefield: soldier knight warrior gladiator crossed-swords
    chariot
    cannon catapult roman-soldier
clouds: jet fighter-jet airship airplane small-airplane helicopter parachute phoenix angel
    pterodactyl
    baby-angel
    biplane seaplane glider hang-glider paraglider
canal: gondola
    houseboat
city: skyscraper suspension-bridge office-building tokyo-tower statue-of-liberty
    eiffel-tower clock-tower big-ben sydney-opera-house colosseum golden-gate-bridge
    st-basils-cathedral arc-de-triomphe burj-khalifa tower-bridge empire-state-building
    cathedral control-tower dome
    tv-tower brandenburg-gate forbidden-city
corridor: stairs
    elevator escalator
library: bookshelf open-book books closed-book scroll
gallery: easel statue framed-picture artist painter artist-palette dinosaur-skeleton
cave: skeleton treasure-chest crystal-ball vampire
    cerberus
    caveman
campfire: camping sleeping-bag
"""
"""Where a subject is at home, for prompts that name no place."""

_SETS_OF_KINDS: Final = {
    "food": "table",
    "object": "table",
    "clothing": "table",
    "instrument": "stage",
    "furniture": "living_room",
    "building": "mountain",
    "vehicle": "street",
    "boat": "ocean",
    "aircraft": "clouds",
    "fish": "underwater",
    "bird": "clouds",
    "insect": "garden",
    "plant": "garden",
    "animal": "meadow",
    "fantasy": "forest",
    "nature": "meadow",
    "sky": "clouds",
}
_SETS_OF_ACTIONS: Final = {
    Action.WALK: "street",
    Action.RUN: "street",
    Action.DANCE: "stage",
    Action.SIT: "living_room",
    Action.SWIM: "ocean",
    Action.WORK: "living_room",
    Action.EAT: "living_room",
    Action.PUSH: "street",
    Action.CLIMB: "mountain",
    Action.TALK: "cafe",
    Action.JUMP: "garden",
    Action.DRIVE: "road",
    Action.FLY: "clouds",
    Action.SAIL: "ocean",
    Action.BURN: "campfire",
}
SETS_OF_EFFECTS: Final = {
    Effect.SNOW: "snow",
    Effect.AURORA: "snow",
    Effect.RAIN: "street",
    Effect.FIRE: "campfire",
    Effect.FIREFLIES: "forest",
    Effect.BUBBLES: "underwater",
    Effect.PETALS: "garden",
    Effect.LEAVES: "forest",
    Effect.CONFETTI: "stage",
    Effect.LIGHTNING: "mountain",
    Effect.FOG: "forest",
    Effect.EMBERS: "campfire",
    Effect.SPARKS: "city",
    Effect.DUST: "desert",
    Effect.WIND: "meadow",
    Effect.LIGHT_SHAFTS: "forest",
    Effect.SMOKE: "city",
}


def _by_subject() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in lines_of(_SETS_OF_SUBJECTS):
        name, _, subjects = line.partition(": ")
        for subject in subjects.split():
            found.setdefault(subject, name)
    return found


SETS_BY_SUBJECT: Final = _by_subject()

INDOORS: Final = frozenset({*ROOMS, "stage", "studio"})
WITHOUT_SKY: Final = frozenset({*INDOORS, "table", "underwater", "abstract", "cave", "space"})
_NO_FLOOR: Final = frozenset({"space", "clouds"})
_FIXED: Final = frozenset({"building", "furniture"})
_LARGE: Final = frozenset({"vehicle", "boat", "aircraft", "building"})
"""What no room holds, even where the one beside it works in an office."""


def sails(drafts: list[Draft]) -> bool:
    """Return whether a boat is in the cast that floats on the water."""
    afloat = (one.subject.id for one in drafts if one.subject.kind == "boat")
    return any(boat != "submarine" for boat in afloat)


def home_of(drafts: list[Draft], framing: Framing | None) -> str:
    """Return a set that suits the cast: the first member that says something decides."""
    hosts = [drafts[draft.on] for draft in drafts if draft.on is not None]
    large = [draft for draft in drafts if not kinds.is_held(draft.subject)] or drafts
    large = [one for one in hosts if one.subject.kind in {"vehicle", "boat"}] + large
    first = large[0]
    if any(carriers.contains(one.subject) for one in hosts):
        first = next(one for one in hosts if carriers.contains(one.subject))
        large = [first]
    close = framing in {Framing.PORTRAIT, Framing.CLOSE_UP}
    if close and kinds.is_person(first.subject):
        home = SETS_BY_SUBJECT.get(first.subject.id)
        return home if home in ROOMS and framing is Framing.CLOSE_UP else "studio"
    if first.action is Action.FLY and first.subject.kind != "insect" and len(large) == 1:
        return "clouds"
    homes = [
        (draft, SETS_BY_SUBJECT[draft.subject.id])
        for draft in large
        if draft.subject.id in SETS_BY_SUBJECT
    ]
    if homes:
        return _common_home(homes, drafts)
    by_action = _SETS_OF_ACTIONS.get(first.action) if first.action else None
    if by_action and first.subject.kind in {"person", "animal", "fantasy"}:
        return by_action
    if first.subject.kind == "person":
        return "street" if first.count > 1 else "studio"
    return _SETS_OF_KINDS.get(first.subject.kind, "studio")


_ANYWHERE_WORDS: Final = """
    window cat kitten dog puppy corgi husky pug dalmatian dachshund golden-retriever shiba-inu
    siamese-cat poodle black-cat baby child girl boy toddler bird chair seat bench umbrella
    robot carpet treasure-chest framed-picture
"""
_ANYWHERE: Final = frozenset(_ANYWHERE_WORDS.split())
"""Who is in as many places as there are; the rest of the cast says where."""


def _common_home(homes: list[tuple[Draft, str]], drafts: list[Draft]) -> str:
    """Return the first home, or another one where the rest of the cast cannot be there."""
    strong = [home for draft, home in homes if draft.subject.id not in _ANYWHERE]
    weak = next((home for draft, home in homes if draft.subject.id == "window"), homes[0][1])
    name = strong[0] if strong else weak
    if name in {"underwater", "clouds"} and sails(drafts):
        return "ocean"
    if name in _NO_FLOOR:  # an astronaut at a bus stop is in the street
        fixed = (home for draft, home in homes if draft.subject.kind in _FIXED)
        return next((home for home in fixed if home not in _NO_FLOOR), name)
    if name in INDOORS:
        outside = (home for draft, home in homes if draft.subject.kind in _LARGE)
        built = any(draft.subject.kind == "building" for draft in drafts)
        return next((home for home in outside if home not in INDOORS), "street" if built else name)
    return name
