"""English verbs for what a cast member does, and words for how a shot is framed and looks."""

from typing import Final

ACTIONS: Final = """
eat: eat, drink, sip, chew, nibble, taste, graze, lick, devour, munch, slurp, gulp, feast, snack
fight: fight, fence, battle, wrestle, duel, box, spar, punch, brawl
kick: kick
throw: throw, toss, hurl, fling, pitch, bowl
push: push, shove
climb: climb, scale, scramble up
kneel: kneel, crouch, squat, pray, plant, weed, genuflect
lie: lie, sleep, nap, snooze, doze, sunbathe, recline, lie down
hug: hug, embrace, cuddle, kiss
walk: walk, waddle, stroll, wander, hike, march, trek, step, stride, roam, amble, prowl, crawl,
    limp, tiptoe, shuffle, pace, approach, enter, cross, explore, patrol, stalk, graze, creep,
    follow, strut, sneak, climb, arrive, travel, journey, pass, come, go, leave, return, carry,
    push, slide, slip, move, lead, guide, head, wade, saunter, parade, stumble, trudge, squeeze
    past, drag, descend, navigate, advance, make their way, makes his way, file
run: run, sprint, jog, gallop, race, chase, rush, dash, flee, escape, charge, trot, hurry,
    scamper, hunt, dart, stampede, scurry, bolt
dance: dance, waltz, pirouette, breakdance, tango, groove, perform, sway, moonwalk, skate, ice
    skate
jump: jump, leap, hop, bounce, skip, backflip, somersault, pounce, frolic, play, kick, dive,
    breach, trampoline, cartwheel, skateboard, tumble, stretch
sit: sit, do yoga, practice yoga, rest, sleep, nap, lie, relax, meditate, kneel, crouch, perch,
    lounge, recline, squat, snooze, nestle, doze, curl, pray, dream, sunbathe, bathe
talk: talk, speak, chat, say, argue, whisper, shout, scream, yell, sing, laugh, discuss, explain,
    teach, tell, present, roar, bark, howl, meow, lecture, announce, giggle, chirp, cry, yawn,
    growl, kiss
work: work, plant, play, cook, slice, chop, cut, paint, draw, write, type, fish, dig, hammer,
    carve, knit, sew, build, repair, weld, bake, stir, pour, knead, sweep, wash, clean, drink,
    eat, sip, examine, study, conduct, film, photograph, fight, fence, juggle, read, fix, prepare,
    mix, make, craft, sculpt, chew, nibble, brew, serve, sharpen, drum, strum, gather, pick, feed,
    row, practice, train, battle, lift, throw, catch, shoot, duel, box, solder, assemble, operate,
    forge, arrange, brush, cast, toss, flip, stack, blow, decorate, wrestle, lick, iron, saw,
    sketch, play music, play chess, play cards, wipe, polish, scrub, rinse,
    peel, stitch, embroider, weave, mould, shape, grind, pluck, harvest, reap, milk, shear,
    adjust, tie, unwrap, wrap, pack, unpack, load, unload, open, close, measure, inspect, steer,
    dip, taste, squeeze, vacuum, plough, plow, sow, prune, rake, shovel, whittle, chisel, engrave,
    shave, comb, braid, tend, stoke, tune, perform tricks, pet, stroke, hug, test, dust off,
    spray, hit, strike, grab, collect, deliver, restore,
    unroll, sharpen, sell, buy, whisk, drill, mop, grate
wave: wave, swing, cheer, clap, applaud, celebrate, beckon, salute, greet, protest
fly: fly, migrate, soar, glide, hover, flap, circle, swoop, take off, land, flit
swim: swim, paddle, snorkel, scuba dive
drift: drift
float: float, levitate, bob, linger, hang, suspend
rise: rise, ascend, lift off, launch, emerge, erupt, inflate, blast off
fall: fall, drop, descend, collapse, plunge, sink, crash, crumble, cascade, shatter, rain down
roll: roll
drive: drive, speed, cruise, ride, cycle, pedal, skid, accelerate, pull, chug, steam past, tow
sail: sail, rock, drift downstream, ferry
spin: spin, rotate, turn, twirl, whirl, revolve, swirl, orbit
flutter: flutter, billow, ripple, flow, stream, blow, wave in the wind, flap, rustle, sway
burn: burn, blaze, ignite, catch fire, smoulder, smolder, explode, flicker
steam: steam, boil, simmer, smoke, bubble, sizzle
stand: stand, wait, pose, stare, look, watch, gaze, lean, guard, pause, smile, hold, wear, face,
    observe, admire, listen, frown, tower, loom, glow, shine, overlook, raise, think, hide, gleam,
    glimmer, stay, remain, surround, stop, appear, show, point, await, peer, peek, contemplate,
    use, share, blink, wink, cover, bloom, grow, unfold, sprout
"""
"""
Each action and its verbs in the basic form; what stands under several means the first that suits.

``sway`` is a dance of people and the flutter of trees: see ``casting``.
"""

WITH_OBJECT: Final = """
work: pull, take off, put on, light, ignite, swing, drop, roll, spin, blow out, pick up, put down,
    inflate
"""
"""What a person does to a thing that comes right after the verb: takes off a hat."""

IRREGULAR: Final = """
take takes taking took taken, put puts putting put,
run runs running ran, do does doing did, frolic frolics frolicking frolicked, sit sits sitting
sat, swim swims swimming swam, fly flies flying flew flown, drive drives driving drove, ride rides
riding rode, rise rises rising rose, fall falls falling fell, stand stands standing stood, spin
spins spinning spun, lie lies lying lay, sing sings singing sang, speak speaks speaking spoke, say
says saying said, tell tells telling told, write writes writing wrote, draw draws drawing drew,
eat eats eating ate, drink drinks drinking drank, cut cuts cutting, dig digs digging dug, sleep
sleeps sleeping slept asleep, hold holds holding held, wear wears wearing wore, leap leaps leaping
leapt, hop hops hopping hopped, jog jogs jogging jogged, build builds building built, fight fights
fighting fought, stir stirs stirring stirred, chop chops chopping chopped, sip sips sipping sipped,
hide hides hiding hid, blow blows blowing blew, flap flaps flapping flapped, drop drops dropping
dropped, sink sinks sinking sank, creep creeps creeping crept, skid skids skidding skidded, row
rows rowing rowed, sow sows sowing sowed, tow tows towing towed, weave weaves weaving wove, grind
grinds grinding ground, slip slips slipping slipped, wrap wraps wrapping wrapped, unwrap unwraps
unwrapping unwrapped, scrub scrubs scrubbing scrubbed, dip dips dipping dipped, drag drags dragging
dragged, lead leads leading led, tie ties tying tied, shear shears shearing sheared, hit hits
hitting, grab grabs grabbing grabbed, sell sells selling sold, buy buys buying bought, strike
strikes striking struck, make makes making made, throw throws throwing threw, catch catches
catching caught, shoot shoots shooting shot, knit knits knitting knitted, teach teaches teaching
taught, think thinks thinking thought, go goes going went, come comes coming came, leave leaves
leaving left, feed feeds feeding fed, grow grows growing grew, hang hangs hanging hung, plan plans
planning, swirl swirls swirling, nap naps napping napped, chat chats chatting chatted, bob bobs
bobbing bobbed, trot trots trotting trotted, flip flips flipping flipped, skip skips skipping
skipped, step steps stepping stepped, strum strums strumming strummed, sob sobs sobbing, stop stops
stopping stopped, hug hugs hugging hugged, squat squats squatting, melt melts melting molten, chug
chugs chugging chugged, drum drums drumming drummed, clap claps clapping clapped, dart darts
darting, flit flits flitting, saw saws sawing, dive dives diving dove, stalk stalks stalking, bolt
bolts bolting, show shows showing, travel travels traveling travelling traveled travelled, pour
pours pouring, look looks looking
"""
"""Verbs whose forms the rules for ``-s``, ``-ing`` and ``-ed`` would spell wrongly."""

MADE_OF: Final = """
    made of, made out of, made from, made entirely of, made entirely out of, made completely of,
    made up of, carved from, carved out of, carved of, built of, built from, built out of,
    woven from, woven of, crafted from, crafted of, sculpted from, sculpted out of, formed from,
    formed of, constructed of, constructed from
"""
"""Words before what a thing is made of."""

RELATIONS: Final = """
on: on, upon, atop, on top of, riding, aboard, astride, on the back of, in the saddle of
in: in, inside, into, within, out of
under: under, beneath, underneath, below
over: over, above, across
beside: beside, next to, by, near, alongside, at, close to
with: with
behind: behind
before: in front of, before
through: through, along, down, up, past, around, round, between, among, from, towards, toward, to,
    against, off, amid, outside
worn: wearing, dressed in, clad in
of: of
held: holding, carrying, clutching, wielding
filled: full of, filled with, packed with, stuffed with, loaded with, brimming with,
    overflowing with, crammed with, packed full of
"""

COUNTS: Final = """
1: a, an, one, single, lone, solitary, lonely, a slice of, a piece of, a block of, a wheel of, a
    chunk of, a wedge of, a scoop of, a sip of
2: two, a pair of, pair of, both, a couple of, couple of
3: three, trio of, a few, few, some
4: four, several
5: five, a group of, group of, a handful of, a bunch of
6: six, half a dozen, a family of
7: seven, various, a pack of, pack of, a stack of
8: eight
9: nine
10: ten, many, a pod of, pod of, a pride of, pride of, a colony of,
    colony of, a litter of, a pile of, a line of, rows of, row of
12: twelve, a caravan of, caravan of,
    a dozen, dozen, a baker's dozen of, baker's dozen of, dozens of, a herd of, herd of,
    a fleet of, fleet of, lots of, numerous
20: twenty, a school of, school of, a flock of, flock of, flocks of, a swarm of, swarm of, scores
    of
30: thirty, countless
40: forty, a crowd of, crowd of, crowds of, an army of, army of, hordes of, a horde of, crowded
    with
50: fifty
60: hundred, a hundred, hundreds of, hundreds, a sea of
80: thousand, a thousand, thousands of, thousands, millions of, swarms of
"""
"""How many words mean; past a few dozen more copies are not told from a crowd."""

SIZES: Final = """
0.35: tiny, miniature, microscopic, mini, minuscule
0.65: small, little, baby
0.85: short, petite
1.4: big, large, tall, grand
2.2: giant, huge, gigantic, massive, enormous, colossal, towering, gargantuan, immense, monumental
"""

COLOURS: Final = """
#d32f2f: red, crimson, scarlet, ruby, vermilion
#7b1e28: burgundy, maroon
#f57c00: orange, amber
#fbc02d: yellow, lemon yellow
#388e3c: green, emerald, jade
#9ccc65: lime green, light green
#1b5e20: dark green
#1976d2: blue, cobalt, azure, royal blue
#4fc3f7: light blue, sky blue, cyan
#1a237e: navy, dark blue, navy blue
#00897b: teal, turquoise
#7b1fa2: purple, violet
#b39ddb: lavender, lilac
#ec407a: pink, magenta, hot pink, fuchsia
#6d4c41: brown, chestnut
#d7ccc8: beige, cream, ivory
#fafafa: white, snow-white, albino
#757575: grey, gray
#212121: black, jet-black, ebony
#d4af37: gold, golden, gilded, bronze, brass
#b0bec5: silver, chrome, metallic, metal, steel, iron, titanium, stainless steel, robotic,
    mechanical
#b7603a: copper, rusty, rusted, clay, terracotta
#a9def5: ice, frozen, crystal, icy, glass, crystalline, translucent, diamond, frost, water
#8d6e63: wooden, wood, leather
#9e9e9e: stone, marble, concrete, granite, statue-like
#ff7043: fire, flaming, fiery, molten, lava
#4e342e: chocolate, coffee-colored
#f8bbd0: candy, bubblegum, pastel, cotton candy, rose-colored
#39ff14: neon, glowing, luminous, bioluminescent, holographic, radioactive
#efebe9: paper, origami, porcelain, bone, silk
#263238: shadow, obsidian, ink
#f5f5dc: ghostly, ethereal, spectral
#4caf50: mossy, leafy, zombie-like
"""
"""Colours and materials, as a tint on what they describe."""

FRAMINGS: Final = """
close_up: close-up, close up, closeup, extreme close-up, macro, macro shot, tight shot, detail
    shot, close-ups, extreme closeup, product shot, closeup shot, close-up shot, macro photography
portrait: portrait, headshot, head shot, selfie, portrait shot, face shot, bust shot
medium: medium shot, mid shot, waist shot, medium close-up, cowboy shot, half body, medium
    framing, two shot, over the shoulder, over-the-shoulder, eye level
wide: wide shot, wide angle, wide-angle, establishing shot, long shot, panorama, panoramic,
    extreme wide shot, full shot, wide view, full body, vista, wide framing, sweeping view,
    landscape shot
low_angle: low angle, low-angle, worm's eye, worm's-eye view, from below, low angle shot, looking
    up at, ground level, hero shot
aerial: aerial, aerial shot, aerial view, sweeping aerial shot, sweeping aerial view,
    sweeping aerial,
    helicopter shot, helicopter view, drone shot, drone footage, drone view, bird's eye,
    bird's-eye view, top down, top-down, overhead, overhead shot, from above, overhead view,
    flyover, fpv, drone flight, fpv drone, top view, aerial footage, satellite view, isometric
    view
"""

FACINGS: Final = """
left: from right to left, to the left, facing left, leftward, leftwards, looking left
right: from left to right, to the right, facing right, rightward, rightwards, looking right
camera: towards the camera, toward the camera, facing the camera, at the camera, to camera, into
    the camera, looks into the camera, at the viewer
"""

HAIR: Final = """
blond-hair: blonde hair, blond hair, long blonde hair, long blond hair, golden hair
red-hair: red hair, long red hair, ginger hair
curly-hair: curly hair, curls, long curly hair, braids, dreadlocks
beard: beard, long beard, thick beard, bushy beard, full beard, short beard, grey beard, gray
    beard, white beard
white-hair: white hair, grey hair, gray hair, silver hair, long white hair
: hair, long hair, short hair, ponytail, locks, mane, dark hair, black hair, brown hair, long dark
    hair, long black hair, long brown hair
"""
"""Hair by the pictures that show it; other hair is shown by any person."""

PACES: Final = """
0.6: slow motion, slow-motion, slowmo, slow mo, super slow motion, bullet time
0.75: slow, slowly, gently, gentle, calm, calmly, serene, peaceful, peacefully, softly, lazily,
    graceful, gracefully, smoothly, tranquil, subtle, subtly, quietly
1.4: fast, quick, quickly, rapidly, rapid, swiftly, energetic, frantic, frantically, furiously,
    dynamic, hectic, at high speed, at full speed, high speed, hyperlapse, timelapse, time-lapse,
    time lapse, fast-paced, wildly
"""

STYLES: Final = """
    flat lay, flatlay, knolling, split screen, split-screen, once upon a time, rack focus, racking
    focus, pull focus, outside the glass, through the glass, behind the glass, behind glass,
    cinematic, teal and orange, teal and orange grade, orange grade, home video, home movie,
    orbit, 360 orbit, 360 degree orbit, drone camera, film, movie, video, footage, clip, scene,
    phone footage, phone video, dashcam footage,
    shot, image, photo,
    photograph, picture, frame, photorealistic, realistic, hyperrealistic, ultra-realistic,
    realism, masterpiece, best quality, high quality, quality, highly detailed, detailed, details,
    ultra detailed, intricate, sharp focus, focus, 4k, 8k, hd, uhd, hdr, 1080p, 720p, 35mm, 50mm,
    85mm, 16mm, 24mm, imax, film grain, grain, lens, lens flare, bokeh, depth of field, shallow
    depth of field, anamorphic, unreal engine, octane render, render, rendering, 3d, 2d, cgi, vfx,
    pixar, pixar style, disney, ghibli, studio ghibli, anime, manga, cartoon, animation,
    illustration, painting style, oil painting, watercolor, watercolour, sketch style, style,
    aesthetic, vibe, mood, atmosphere, ambience, composition, background, foreground, lighting,
    dramatic lighting, soft lighting, studio lighting, natural lighting, light, soft light,
    natural light, backlight, rim light, low-key, low key, low-key light, low-key lighting,
    high-key, high key, high-key light, high-key lighting, key light, fill light,
    shadow, shadows, shade, silhouette, texture, color,
    colour, colors, colours, color grading, palette, contrast, tone, tones, vintage, retro, black
    and white, monochrome, noir, film noir, vhs, super 8, documentary, commercial, advertisement,
    ad, trailer, music video, music, sound, trending on artstation, artstation, award winning,
    award-winning, epic, dramatic, beautiful, stunning, gorgeous, breathtaking, beauty, camera,
    cameras, camera movement, view, angle, perspective, motion, movement, time, moment, day and
    night, world, life, nature, side, left, right, center, centre, middle, top, bottom, edge,
    front, back, end, start, distance, horizon, foreground, reflection, reflections, surface,
    shape, form, line, lines, pattern, space opera, fantasy, sci-fi, science fiction, steampunk,
    gothic, surreal, dreamlike, abstract art, minimalism, minimalist, pixel art, low poly,
    claymation, stop motion, lego style, full hd, ultra hd, resolution, aspect ratio, loop,
    seamless loop, story, narrator, character, subject, person's point of view, point of view,
    pov, first-person view, number, pair, group, part, piece, kind, type, way, lot, set, air,
    ground, floor, body, face, eyes, head, expression, gaze, smile, look, speed, pace, rhythm,
    warmth, heat, cold, silence, love, freedom, hope, peace, dream, memory, fear, joy, sadness,
    power, energy, magic, mystery, beginning, future, past, century, year, era, age, weather,
    temperature, idea, concept, reality, human face, details of, hand-held, handheld, glow, rays,
    sunrays, morning dew, day, night, medium, close, wide, master, cut, take, sequence, montage,
    production, high-resolution, ultra, extreme, natural, national geographic, kodak, fujifilm,
    polaroid, arri alexa, red camera, volumetric lighting, dof, ambient, ambient light, ambient
    occlusion, ray tracing, global illumination,
    van gogh, vincent van gogh, gogh, monet, claude monet, picasso, pablo picasso, hokusai,
    rembrandt, salvador dali, andy warhol, warhol, gustav klimt, vermeer, impressionist,
    impressionism, post-impressionist, expressionist, expressionism, cubist, cubism, surrealist,
    surrealism, pop art, art deco, art nouveau, ukiyo-e, ukiyo, baroque, renaissance, rococo, line
    art, vector art, concept art, digital art, clip art, logo, punk rock, rock and roll, rock
    music, jazz music, jazz, stripes, dolly, dolly shot, dolly zoom, three-quarters,
    quarters, work of art, works of art, architecture, pentagon, hexagon, trapezoid, parallelogram,
    rhombus, cutout, cutouts, way out, paper cut, going home, go home, goes home, coming home,
    comes home, heading home, heads home, way home, walk home, walks home, walking home, return
    home, returns home, returning home, drive home, drives home, working from home, shower of,
    showers of, works from
    home, from home, home run, good spirits, high spirits, signs of, no sign of, prey, hue,
    hues, visual feast, sensory feast, vibrant feast, feast for the eyes, holding hands, hold
    hands, holds hands, hand in hand, rock paper scissors, rock-paper-scissors, air drums, air
    guitar, crystal clear, pointillism, pointilism, hieroglyphics, embodiment
"""
"""Words about how a picture looks, or about nothing that is seen: neither shown nor missing."""

MODIFIERS: Final = """
    alcoholic, non-alcoholic,
    fast food,
    year old, years old, year-old, young, old, ancient, new, modern, futuristic, medieval,
    victorian, traditional, abandoned, empty, busy, crowded, quiet, elegant, cute, adorable,
    fluffy, furry, majestic, mighty, fierce, wild, friendly, happy, sad, angry, curious, playful,
    brave, beautiful, pretty, handsome, sleek, shiny, polished, dirty, muddy, wet, dry, broken,
    ruined, lush, tropical, exotic, rustic, cozy, cosy, warm, cool, hot, fresh, ripe, juicy,
    delicious, steaming, magical, enchanted, mystical, legendary, epic, dark, bright, pale,
    colorful, colourful, vibrant, long, short, narrow, deep, high, low, thick, thin, round, fat,
    slim, chubby, muscular, strong, lonely, famous, royal, noble, asian, african, european,
    american, japanese, chinese, korean, indian, french, italian, spanish, german, russian,
    british, english, scottish, mexican, arab, egyptian, greek, roman, viking, elderly, teenage,
    middle-aged, adult, human, humanoid, stray, flooded, foggy, sunny, snowy, marbled, vintage,
    classic, antique, spooky, scary, creepy, haunted, mysterious, gentle, calm, peaceful, serene,
    fast, slow, powerful, heavy, light, cold, beloved, professional, skilled, talented, electric,
    hot-air, three-headed, two-headed, many-armed, fabric, velvet, satin, burlap, wool, woolen,
    cotton, linen, tweed, denim, plush, canvas, mahogany, plastic, rubber, bamboo, toy, sweet,
    square, circular, rectangular, triangular, oval, cylindrical, spherical, conical, cubic,
    pyramidal, pentagonal, hexagonal, oblong, teardrop, patient, slices of, pieces of, blocks of,
    chunks of, scoops of, loaves of, bars of, pairs of
"""
"""Adjectives that may stand between a count and its noun."""
