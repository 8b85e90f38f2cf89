"""English words for places, and the landmarks of cities."""

from typing import Final

PLACES: Final = """
kitchen: kitchen, pizzeria kitchen, restaurant kitchen, galley
living_room: living room, reading nook,
    nook, at home, indoors, room, hotel suite, salon, mansion interior, cozy room,
    dark room, empty room, lounge, sitting room, apartment, flat interior, family room, fireplace,
    dining room, parlour, parlor, thanksgiving dinner, christmas dinner, dinner party, family
    dinner, family breakfast, holiday dinner
bedroom: bedroom, hotel room, nursery, dormitory
library: library, bookshop, bookstore, study, archive
office: office, meeting room, conference room, cubicle, call center, bank counter, boardroom,
    coworking space
classroom: classroom, schoolroom, lecture hall, kindergarten
laboratory: laboratory, lab
gallery: gallery, art gallery, exhibition, art museum
cafe: cafe, saloon, food stall, coffee shop, diner, bar, pub, tavern, cafeteria, teahouse, ice cream
    parlor, jazz bar, ramen shop, noodle shop
corridor: corridor, attic stairs, hallway, passage, subway corridor, hospital corridor, stairwell,
    staircase, spiral staircase
hall: hall, barracks, hangar, chamber, auditorium, department store, embassy, throne room, castle
    hall, in a castle, in the castle, inside a castle, inside the castle, in a palace, in the
    palace, inside a palace, great hall, market hall, waiting room, dojo
indoor_pool: pool room, indoor pool, swimming pool, bathhouse, spa, swimming hall, pool
street: festival, carnival, procession, street parade, carnival parade, carnival procession, slum,
    slums, shanty town, shantytown, favela, favelas, trailer park, ghetto, town fountain,
    street, puddle, puddles, streets, alley, alleyway, crossing, crosswalk, intersection,
    sidewalk, avenue, boulevard, plaza, town square, city square, market square, public square, in
    the square, on the square, across the square, times square, downtown, chinatown, shibuya,
    shinjuku, crossroads, old town, main street, bus stop, traffic, street corner, courtyard,
    pavement, neighborhood
canal: canal, canals, venice, venetian canal, grand canal, waterway, amsterdam, amsterdam canal,
    burano
city: city, cityscape, skyline, metropolis, megacity, tokyo, new york, manhattan, shanghai, hong
    kong, london, paris, berlin, dubai, los angeles, chicago, san francisco, singapore, seoul, rome,
    istanbul, skyscrapers, kyoto, osaka, beijing, moscow, mumbai, delhi, cairo, sydney, barcelona,
    madrid, vienna, prague, lisbon, rio, rio de janeiro, nyc, harbor city, harbour city, smart city,
    futuristic city, urban landscape, high rises
road: road, track, tracks, highway, motorway, freeway, racetrack, race track, racing track, mountain
    road, country road, dirt road, route 66, desert road, desert highway, speedway, circuit,
    asphalt, dirt track, mountain pass, winding road
railway: railway, railroad, train tracks, railway tracks, viaduct, railway bridge, train track,
    rails
roof: roof, rooftop, rooftops, roof terrace, terrace
sports_ground: stadium, football field, soccer field, pitch, sports field, tennis court, arena,
    running track, ball park, baseball field, golf course, outdoor basketball court, street
    basketball court
stage: stage, music festival, theater, theatre, concert, opera house, concert hall, catwalk, runway
    show, theater stage, circus, circus ring, circus arena, festival stage, spotlight,
    fashion show, runway
studio: studio, photo studio, studio backdrop, seamless backdrop, backdrop, white background, plain
    background, black background, gray background, grey background, green screen, solid background,
    pastel background, colored background, neutral background
table: table, table top, tabletop, wooden table, marble table, counter, countertop, desk, marble
    surface, marble, pedestal, wooden board, tablecloth, glass table, kitchen counter, bar counter,
    nightstand, shelf, podium, saucer
space: outer space, deep space, space, galaxy, nebula, cosmos, milky way galaxy, solar system,
    asteroid field, black hole, in orbit, into orbit, earth orbit, universe, supernova, interstellar
underwater: underwater, under the sea, under the water, under water, coral reef, reef, seabed, sea
    floor, ocean floor, deep sea, aquarium, bottom of the sea, bottom of the ocean, below the
    surface, beneath the waves, beneath the sea, depths of the ocean, sunken ship, shipwreck, fish
    tank
cave: mine tunnel, sewer, mine shaft, mine tunnels, coal mine, gold mine, sewers, sewer tunnel,
    cave, cavern, grotto, mine, mineshaft, cave entrance, lava cave, crystal cave, underground
battlefield: battlefield, battleground, trench, trenches, war zone, battle, war
clouds: clouds, above the clouds, sea of clouds, cloudscape, sky, skies, heaven, stratosphere, in
    the air, mid-air, midair, in the sky, blue sky, over the clouds
campfire: campfire, campsite, campground, camping site, camp, bonfire, camp fire, wildfire, wall of
    fire, inferno
beach: beach, boardwalk, shoreline, sands, seaside, shore, seashore, coast, coastline, sandy beach,
    tropical beach, tropical island, hawaii, maldives, bali, desert island, island, pier, bahamas,
    caribbean
snow: sea ice, ice floe, ice floes, pack ice, drift ice, frozen waterfall, frozen waterfalls,
    frozen river, frozen sea,
    snow, snowfield, snowy field, arctic, antarctic, antarctica, tundra, iceberg, icebergs, ski
    slope, north pole, south pole, blizzard, winter wonderland, snowy mountains, ski resort, frozen
    lake, siberia, snowscape, ski piste, snowy landscape, alaska, greenland, frozen pond
desert: quarry, gravel pit, stone quarry, open-pit mine, open pit mine,
    desert, salt desert, dunes, sand dunes, dune, sahara, gobi, wadi, oasis, mars, red planet,
    wasteland, salt flat, arizona, egypt, surface of mars
lake: lake, pond, river, lagoon, riverbank, fjord, creek, stream, lakeside, water's edge, rapids,
    loch
ocean: ocean, sea, seascape, open sea, open ocean, waves, high seas, stormy sea, wave, pacific,
    atlantic, mediterranean, on the water, on water, surf, cliffs by the sea, bay
forest: forest, woods, woodland, pine forest, grove, enchanted forest, taiga, thicket, redwoods,
    trees, black forest, treetops, undergrowth, dark forest
mountain: mountain, mountains, alps, peak, peaks, cliff, cliffs, valley, himalayas, everest, ridge,
    mountain stage,
    gorge, highlands, hills, hilltop, rockies, andes, mountain range, volcano, crater, mountainside,
    hill, scotland, iceland, patagonia, plateau, rocky landscape
meadow: airfield, airstrip, landing strip, grass runway, grass airstrip,
    meadow, field, fields, grassland, prairie, countryside, pasture, grass, lawn, steppe,
    farmland, poppy field, flower field, field of flowers, plains, rural landscape
garden: school garden, kitchen garden, vegetable garden, vegetable patch,
    garden, patio, terrace garden, courtyard garden, backyard, zen garden, botanical garden,
    japanese garden, flower garden, rose garden, yard, flower bed
bathroom: bathroom, washroom, restroom, powder room, shower room, in the shower, bathroom sink,
    bathroom mirror, toilet stall, lavatory
workshop: workshop, forge, smithy, blacksmith shop, blacksmith's shop, carpenter's shop, woodshop,
    woodworking shop, watchmaker's shop, repair shop, tool shed, toolshed, artist's studio, pottery
    studio, workbench, at his bench, at her bench, tailor's shop, cobbler's shop
factory: factory floor, factory hall, warehouse, assembly line, production line, factory line,
    sawmill, foundry, steel mill, engine room, boiler room, industrial hall, brewery
sports_hall: basketball court, gymnasium, indoor court, sports hall, volleyball court, school gym,
    badminton court, squash court, handball court, gym hall, down the court, on the court
subway_station: subway station, metro station, subway platform, metro platform, underground station,
    tube station, subway stop
train_station: train station, railway station, railroad station, station platform, train platform,
    railway platform, station concourse, platform, train station hall, grand central, bus terminal,
    waiting for a train, waiting for the train
gym: gym, fitness center, fitness centre, fitness studio, weight room, health club, crossfit
shop: supermarket, grocery store, grocery, convenience store aisle, store aisle, supermarket aisle,
    boutique, gift shop, toy store, pharmacy counter, in a store, in the store, in a shop, in the
    shop, shop counter, cash register, checkout, checkout counter, souvenir shop, antique shop,
    flower shop, mall, shopping mall, department store interior
church: church interior, cathedral interior, inside a church, inside a cathedral, church nave, pews,
    church pew, at the altar, chapel interior, in church
hospital: hospital room, hospital ward, hospital, operating room, clinic, intensive care, doctor's
    office, emergency room, hospital bed
dungeon: dungeon, prison cell, jail cell, prison, jail, cell block, castle dungeon, catacombs,
    crypt, in a cell, behind bars
spaceship: on a spaceship, inside a spaceship, in a spaceship, aboard a spaceship, inside a space
    station, spaceship interior, spaceship corridor, spaceship bridge, bridge of a spaceship,
    cockpit of a spaceship, spaceship cockpit, spacecraft interior, space station interior, in a
    space station, aboard a space station, abandoned space station, on a space station, inside the
    spaceship, inside the space station, spaceship window
greenhouse: greenhouse, glasshouse, conservatory, hothouse, plant nursery, winter garden
airport: airport terminal, airport, airport gate, departure hall, airport lounge, departure lounge,
    baggage claim, boarding gate
courtroom: courtroom, courthouse, court of law, witness stand, tribunal
ballroom: ballroom, dance hall, banquet hall, grand ballroom, palace interior, mansion hall
attic: attic, garret
barn: barn interior, inside a barn, in a barn, in the barn, horse stable, cowshed, hayloft
tent: inside a tent, in a tent, in the tent, inside the tent, tent interior, inside of a tent
autumn_forest: autumn forest, autumn woods, autumnal forest, fall forest, autumn trees, autumn
    woodland, autumn park, maple forest, golden forest, forest in autumn, woods in autumn, forest in
    fall
bamboo_grove: bamboo forest, bamboo grove, bamboo jungle, bamboo thicket
jungle: jungle, rainforest, rain forest, amazon, tropical forest, tropical rainforest, amazon
    rainforest, jungles
wheat_field: wheat field, wheat fields, field of wheat, corn field, cornfield, barley field, golden
    field, golden fields, grain field, rye field, fields of wheat
vineyard: vineyard, vineyards, grapevines, winery, rows of vines
savanna: savanna, savannah, serengeti, african plains, african savanna, african savannah, african
    plain, dusty plain, plains of africa
canyon: canyon, grand canyon, monument valley, canyons, badlands, slot canyon, ravine
summit: summit, mountain top, mountaintop, mountain summit, mountain peak above the clouds, top of
    the mountain, top of a mountain, above a sea of clouds, sea of fog, above the fog, peak above
    the clouds, sea of mist, above a sea of fog
hot_spring: hot spring, hot springs, onsen, thermal spring, thermal pool, geothermal pool, open-air
    bath
market: market, marketplace, street market, bazaar, stalls, market stalls, food stalls, farmers
    market, farmer's market, flea market, night market, food market, fish market, fruit market,
    flower market, spice market, market square, outdoor market, souk, stall, at the market
christmas_market: christmas market, christmas fair, winter market, christmas stalls, holiday market
playground: playground, children's playground, playground in the park, school playground, jungle
    gym, schoolyard
ship_deck: ship's deck, deck of a ship, deck of the ship, ship deck, on deck, pirate ship deck, deck
    of a boat, yacht deck, deck of a pirate ship, deck of a yacht, on board a ship, aboard a ship,
    on a ship's deck, deck of an old ship
porch: porch, balcony, front porch, veranda, verandah, back porch, wooden porch, porch swing
harbour: harbor, harbour, marina, dock, docks, fishing port, fishing village, fishing harbor,
    harbour front, harborfront, quay, wharf, seaport
farmyard: farm, farmyard, barnyard, ranch, farm yard, farmstead, chicken yard, on a farm, family
    farm
petrol_station: gas station, petrol station, filling station, service station, fuel station,
    gasoline station
swamp: swamp, marsh, bayou, wetland, everglades, bog, swamps, marshland, wetlands, mangrove,
    mangroves
restaurant: restaurant, bistro, trattoria, steakhouse, fine dining, candlelit dinner, dining table
    for two, fancy restaurant, italian restaurant, pizzeria
moon_surface: on the moon, moon surface, surface of the moon, lunar surface, moon landing, lunar
    landscape, lunar base, moon base, on the lunar surface, moonscape, across the moon, craters of
    the moon
alien_planet: alien planet, alien world, alien landscape, strange planet, another planet, distant
    planet, exoplanet, extraterrestrial landscape, unknown planet, surface of a planet, alien
    jungle, other planet
glacier: glacier, ice field, glacial valley, ice cap, ice sheet, glaciers
lava_field: lava field, lava flow, lava river, river of lava, volcanic landscape, volcanic crater,
    on a volcano, on the volcano, crater of a volcano, lava lake, volcanic island, lava fields,
    rivers of lava, mouth of a volcano, volcanic eruption
waterfall: waterfall, waterfalls, niagara falls, iguazu falls
floating_islands: floating islands, floating island, sky island, sky islands, islands in the sky,
    floating mountains, islands floating in the sky, floating rocks
lavender_field: lavender field, lavender fields, field of lavender, fields of lavender, provence
sunflower_field: sunflower field, sunflower fields, field of sunflowers, fields of sunflowers,
    sunflowers field
tulip_field: tulip field, tulip fields, field of tulips, fields of tulips, flower farm, keukenhof
rice_terraces: rice terraces, rice terrace, rice field, rice fields, rice paddy, rice paddies, paddy
    field, paddy fields, terraced fields, terraced field, terraced hillside, paddies
tea_plantation: tea plantation, tea plantations, tea field, tea fields, tea garden, tea estate, tea
    farm
orchard: orchard, apple orchard, fruit orchard, orchards, cherry orchard, apple trees, olive grove
ruins: post-apocalyptic city, postapocalyptic city, post apocalyptic city, ruined street,
    destroyed city, bombed city, abandoned city,
    ancient ruins, ruined temple, temple ruins, ruined city, archaeological site, ancient temple
    ruins, roman ruins, greek ruins, ruins, ruins of a temple, ruins of an ancient city, lost city,
    ruined castle courtyard, jungle ruins
park: park, city park, public park, urban park, central park, hyde park, park bench, town park, dog
    park, picnic in the park
village: street festival, village festival, town festival, beer garden, steep street, suburban
    street, suburban streets, suburb, suburbs, suburbia, residential street,
    village, medieval village, medieval town, village square, village street, villages, country
    village, old village, small village, mountain village, hamlet, fairytale village, rural village,
    hobbit village, rural town
cemetery: cemetery, graveyard, churchyard, burial ground, cemeteries, graveyards
amusement_park: amusement park, theme park, fairground, fun fair, funfair, county fair, theme parks,
    amusement parks, luna park, disneyland, carnival ride, carnival rides
zoo: zoo, zoo enclosure, safari park, petting zoo, animal park
construction_site: junkyard, scrapyard, scrap yard, landfill, garbage dump, rubbish dump,
    construction site, building site, construction sites, building under construction
container_port: container port, container terminal, cargo port, industrial port, freight port,
    shipyard, container yard, shipping port, cargo terminal, port with containers, containers at the
    port, commercial port
western_town: western town, wild west, wild west town, old west, old west town, ghost town, frontier
    town, saloon town, western movie, cowboy town, old western town
bridge: on a bridge, on the bridge, across the bridge, across a bridge, over the bridge, over a
    bridge, onto the bridge
parking_lot: parking lot, parking space, car park, parking area, parking lots, parking place
ice_rink: ice rink, skating rink, ice skating rink, ice arena, hockey rink, ice hockey rink, rink
skatepark: skatepark, skate park, skate ramp, half pipe, halfpipe, skate bowl
museum: museum, natural history museum, history museum, museum hall, science museum, dinosaur
    museum, museums
aquarium: in an aquarium, at the aquarium, at an aquarium, in the aquarium, public aquarium,
    aquarium tunnel, aquarium hall, oceanarium, sea life center
arcade: arcade, video arcade, game arcade, arcade hall, amusement arcade, gaming arcade, video game
    arcade, retro arcade
casino: casino, casino floor, poker room, las vegas casino, gambling hall, roulette table, casino
    table
cinema: cinema, movie theater, movie theatre, movie house, cinema hall, at the movies, film theater,
    movie screening
nightclub: nightclub, night club, disco, discotheque, dance club, dance floor, dancefloor, rave,
    club scene, techno club, in a club, in the club
bowling_alley: bowling alley, bowling lane, bowling lanes, bowling hall, bowling center
hotel_lobby: hotel lobby, hotel reception, reception desk, front desk, reception area, lobby of a
    hotel, foyer, lobby, hotel foyer
bakery: bakery, bakery shop, patisserie, pastry shop, bakeshop, bakery counter, boulangerie
barber_shop: barber shop, barbershop, barber's shop, hair salon, hairdresser's, beauty salon,
    hairdressing salon, barber's chair, hairdresser shop, nail salon, barber chair
server_room: server room, data center, data centre, datacenter, server farm, server hall, server
    racks, computer room
control_room: control room, mission control, command center, command centre, control center, control
    centre, surveillance room, war room, situation room, security room, monitoring room
cockpit: cockpit, airplane cockpit, cockpit of an airplane, plane cockpit, flight deck, aircraft
    cockpit, cockpit of a plane, helicopter cockpit, jet cockpit
recording_studio: recording studio, music studio, sound studio, recording booth, recording room,
    vocal booth, podcast studio, radio studio, radio station, sound booth
tv_studio: tv studio, television studio, news studio, newsroom, news desk, talk show set, broadcast
    studio, television set studio, tv set studio, anchor desk, studio of a news show
subway_train: subway train, subway car, metro car, metro train, on the subway, in the subway, train
    carriage, train compartment, inside a train, on the train, train car, inside the train, tube
    train, underground train, train interior, subway carriage
airplane_cabin: airplane cabin, plane cabin, aircraft cabin, cabin of an airplane, cabin of a plane,
    inside an airplane, inside a plane, on a plane, on an airplane, on the plane, airplane interior,
    airplane aisle, airplane seat, plane interior, inside the plane, on board a plane, passenger
    plane cabin
submarine_interior: submarine interior, inside a submarine, aboard a submarine, inside the
    submarine, submarine control room, submarine bridge
wine_cellar: wine cellar, cellar, wine vault, barrel cellar, wine cave, whiskey cellar, beer cellar
laundromat: laundromat, laundry room, launderette, laundrette
garage: garage, car garage, auto repair shop, auto shop, car workshop, car repair shop, mechanic
    shop, home garage, car repair garage, mechanic garage
parking_garage: parking garage, underground garage, underground parking, multi-storey car park,
    parking structure, underground car park, underground parking garage, underground parking lot,
    parking deck
tunnel: tunnel, road tunnel, highway tunnel, car tunnel, underpass, tunnels, railway tunnel, train
    tunnel, subway tunnel
bunker: bunker, underground bunker, fallout shelter, bomb shelter, nuclear bunker, military bunker,
    basement, underground shelter, secret base, boiler basement
elevator: in an elevator, inside an elevator, in the elevator, elevator interior, inside the
    elevator, in a lift, elevator cabin, elevator car
planetarium: planetarium, observatory dome, planetarium dome, star dome
boxing_ring: boxing ring, in a ring, in the ring, wrestling ring, boxing match, boxing arena, mma
    cage, boxing fight
penthouse: penthouse, luxury apartment, high-rise apartment, skyscraper apartment, penthouse
    apartment, modern apartment, loft apartment, high rise apartment, luxury penthouse, rooftop
    apartment
temple: inside a temple, in a temple, temple interior, in the temple, inside the temple, buddhist
    temple, shrine interior, temple hall, monastery hall, buddhist monastery, tibetan monastery,
    inside a monastery
mosque: mosque interior, inside a mosque, in a mosque, in the mosque, inside the mosque, prayer hall
    of a mosque
"""
"""Words for each of the sets; a longer name wins over a shorter one."""

LANDMARKS: Final = """
eiffel-tower: paris
tokyo-tower: tokyo, shibuya, shinjuku
statue-of-liberty: new york, new york city, nyc, manhattan, brooklyn
big-ben: london, westminster
sydney-opera-house: sydney
christ-the-redeemer: rio de janeiro, rio
pyramid: cairo, giza, egypt
colosseum: rome
golden-gate-bridge: san francisco
burj-khalifa: dubai
st-basils-cathedral: moscow, red square
brandenburg-gate: berlin
forbidden-city: beijing
taj-mahal: agra, delhi, new delhi
hollywood-sign: los angeles, hollywood
mosque: istanbul
pagoda: kyoto
japanese-castle: osaka
tv-tower: seoul, toronto, shanghai
leaning-tower: pisa
classical-building: athens
arc-de-triomphe: champs elysees, champs-elysees
capitol-building: washington, washington dc
"""
"""Cities by the landmark by which one knows them."""
