"""English words for the time of day, weather, light, and what happens in the air."""

from typing import Final

TIMES: Final = """
dawn: dawn, sunrise, daybreak, early morning, first light, morning, morning light, rising sun,
    morning sun
sunset: sunset, dusk, twilight, evening, sundown, setting sun, blue hour, evening light, nightfall
night: night, midnight, nighttime, moonlit, moonlight, moon, full moon, starry, starry night,
    starry sky, stars, night sky, northern lights, aurora, nocturnal, crescent moon, dark night,
    pitch dark, late night, milky way, tonight, shooting stars, meteor shower
golden: golden hour, golden light, late afternoon, afternoon, warm light, afternoon light, golden
    sunlight, warm sunlight, autumn light, low sun, magic hour
day: day, daytime, noon, midday, daylight, sunny, bright day, sunlight, sunlit, sunshine, summer
    day, bright sunlight, sun
"""

WEATHERS: Final = """
storm: storm, stormy, thunderstorm, thunder, hurricane, tempest, lightning storm, typhoon,
    cyclone, gale, stormy sky, dark clouds, storm clouds
overcast: overcast, gloomy, grey sky, gray sky, rainy, rain, raining, rainfall, drizzle,
    drizzling, downpour, monsoon, fog, foggy, mist, misty, haze, hazy, snowfall, snowing,
    blizzard, snowstorm, rainstorm, moody sky, heavy rain, light rain, snow falls, falling snow,
    cloudy day
cloudy: cloudy, cloud, partly cloudy, passing clouds, drifting clouds
clear: clear sky, clear, cloudless, blue sky, clear weather, sunny day
"""

LIGHTS: Final = """
neon: neon, neon light, neon lights, neon sign, neon signs, cyberpunk, synthwave, blade runner,
    vaporwave, neon-lit, neon lit, neon glow
candle: candlelight, candlelit, by candlelight, candle light, torchlight, firelight
lamp: lamplight, lamp light, lamp, desk lamp, street lamp, streetlight, street lights,
    streetlights, lantern light, warm lamp, string lights, fairy lights, lit windows, warm
    interior light
stage: spotlight, spotlights, stage light, stage lights, disco lights, laser lights, stage
    lighting, lasers, laser, laser beams, laser beam, laser show, light show
moon: moonlight, moonlit, moon, full moon, crescent moon, blood moon
mars: mars, martian, red planet
"""

EFFECTS: Final = """
rain: rain, raining, rainy, rainfall, drizzle, drizzling, downpour, monsoon, rainstorm, heavy
    rain, light rain, raindrops, thunderstorm, rain-soaked, rain soaked, pouring rain, typhoon,
    hurricane
snow: snowing, snows, snowfall, snowflakes, snowstorm, blizzard, falling snow, snow falls,
    snow falling, snow is falling, heavy snow, light snow, snow flurries
fog: fog, foggy, mist, misty, haze, hazy, smog, low clouds
wind: wind, windy, breeze, gust, gust of wind, gusts, windswept, breezy, blustery, gale
lightning: lightning, thunderstorm, thunder, lightning storm, lightning bolt, lightning strikes,
    storm
aurora: aurora, aurora borealis, northern lights, polar lights, southern lights
light_shafts: god rays, sun rays, light rays, sunbeam, sunbeams, shafts of light, light shafts,
    volumetric light, rays of light, sun shafts, crepuscular rays, rays of sunlight, light beams
steam: steam, steaming, vapor, vapour, steamy, steam rising
smoke: smoke, smoky, smoking, smoke rising, exhaust, fumes
dust: dust, dusty, dust particles, dust motes, sandstorm, dust storm, dust cloud, pollen, cloud of
    dust
sparks: sparks, sparkle, sparkling, sparkles, sparklers, fireworks, firework, glitter, glittering,
    magic sparks, welding sparks, magical particles, pyrotechnics, stardust
embers: embers, ember, cinders, glowing embers, ash
fireflies: fireflies, firefly, glow worms, glowworms, floating lights, glowing particles,
    lightning bugs
petals: petals, petal, falling petals, cherry blossom petals, rose petals, blossoms falling
leaves: falling leaves, autumn leaves, swirling leaves, leaves fall, leaves falling, fallen
    leaves, leaves blowing, fall leaves
bubbles: bubbles, bubble, soap bubbles
confetti: confetti, streamers
fire: fire, flames, flame, blaze, inferno, burning, on fire, wildfire, ablaze, in flames,
    explosion, explosions, exploding, explodes, lava
"""

MOODS: Final = """
snowy: winter, wintry, snowy, snow-covered, snow covered, snow-capped, frozen, frosty, icy
golden: autumn, autumnal, fall foliage, fall colors, fall colours
desert: arid, dry, parched, sandy
"""
"""Words that colour a whole scene: a palette of the engine and what asks for it."""
