"""The colours of each time of day and each weather."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rushes.engines.animatic.paint.arrays import Array
from rushes.engines.animatic.paint.colour import rgb


@dataclass(frozen=True, kw_only=True)
class Palette:
    """What the light makes of a landscape; colours as ``#rrggbb``."""

    sky: tuple[str, str, str, str]
    """From the top to the horizon."""

    sun_code: str
    sun_height: float
    """Of the sun or moon above the horizon: 0 on it, 1 at the top."""

    cloud_lit: str
    cloud_shadow: str
    haze_code: str
    land_code: str
    water_code: str
    stars: float = 0.0
    """How many stars: 0 none, 1 a clear night."""

    clouds: float = 0.5
    """How much of the sky they cover."""

    daylight: float = 1.0
    """How bright what is white appears: 1 by day."""

    grass_code: str = "#547a3a"

    @cached_property
    def sun(self) -> Array:
        return rgb(self.sun_code)

    @cached_property
    def haze(self) -> Array:
        return rgb(self.haze_code)

    @cached_property
    def land(self) -> Array:
        return rgb(self.land_code)

    @cached_property
    def water(self) -> Array:
        return rgb(self.water_code)

    @cached_property
    def grass(self) -> Array:
        return rgb(self.grass_code)

    @property
    def sun_shows(self) -> bool:
        return self.clouds < 0.8


PALETTES: Final[dict[str, Palette]] = {
    "day": Palette(
        sky=("#2b62a8", "#5f9bd2", "#a9cde6", "#dcebee"),
        sun_code="#fff7e0",
        sun_height=0.62,
        cloud_lit="#ffffff",
        cloud_shadow="#a4b9cf",
        haze_code="#bcd3e2",
        land_code="#2c4a2e",
        water_code="#1d5473",
    ),
    "golden": Palette(
        sky=("#4f7196", "#a5b0b0", "#eac68e", "#ffdf9e"),
        sun_code="#fff0c0",
        sun_height=0.2,
        cloud_lit="#fff0d2",
        cloud_shadow="#b5977f",
        haze_code="#e4c294",
        land_code="#3b3a20",
        water_code="#6b5a44",
        grass_code="#9a7a34",
    ),
    "sunset": Palette(
        sky=("#171c46", "#5c3973", "#d9655a", "#ffb970"),
        sun_code="#ffe2a0",
        sun_height=0.075,
        cloud_lit="#ffa47c",
        cloud_shadow="#4d3060",
        haze_code="#cf8068",
        land_code="#1a1828",
        water_code="#4a2f4a",
        stars=0.12,
        grass_code="#4a3138",
        daylight=0.85,
    ),
    "dawn": Palette(
        sky=("#2f4a78", "#7f8bb3", "#e3b1b0", "#ffdcc0"),
        sun_code="#fff1dc",
        sun_height=0.09,
        cloud_lit="#ffd9cf",
        cloud_shadow="#8786a8",
        haze_code="#d3b6bd",
        land_code="#28324a",
        water_code="#4a5878",
        stars=0.1,
        clouds=0.45,
        grass_code="#5d6f5c",
    ),
    "night": Palette(
        sky=("#060c1e", "#0e2042", "#1d3c66", "#3b6a92"),
        sun_code="#eef3ff",
        sun_height=0.6,
        cloud_lit="#3d5379",
        cloud_shadow="#131f3a",
        haze_code="#2a4a6c",
        land_code="#060b14",
        water_code="#0b1c34",
        stars=1.0,
        clouds=0.32,
        grass_code="#10222a",
        daylight=0.5,
    ),
    "neon": Palette(
        sky=("#07040f", "#170a2e", "#3a1252", "#7a1f6b"),
        sun_code="#ff6ad5",
        sun_height=0.16,
        cloud_lit="#5b2a78",
        cloud_shadow="#1b0d33",
        haze_code="#5a1c66",
        land_code="#07050f",
        water_code="#160a2a",
        stars=0.15,
        clouds=0.35,
        grass_code="#2a1238",
        daylight=0.4,
    ),
    "overcast": Palette(
        sky=("#66737f", "#8a969f", "#aab3b8", "#c8cecd"),
        sun_code="#f2f2ec",
        sun_height=0.5,
        cloud_lit="#ccd2d4",
        cloud_shadow="#76828a",
        haze_code="#adb7ba",
        land_code="#26312c",
        water_code="#45535a",
        clouds=0.85,
        grass_code="#5a6a4c",
    ),
    "storm": Palette(
        sky=("#15191f", "#2b333c", "#4a545b", "#7b8582"),
        sun_code="#dfe6e6",
        sun_height=0.4,
        cloud_lit="#78838a",
        cloud_shadow="#1b2026",
        haze_code="#5c676c",
        land_code="#12161a",
        water_code="#232d33",
        clouds=0.95,
        grass_code="#2c352b",
        daylight=0.62,
    ),
    "night_storm": Palette(
        sky=("#05080f", "#0b1320", "#182432", "#2c3a47"),
        sun_code="#5b6670",
        sun_height=0.7,
        cloud_lit="#394653",
        cloud_shadow="#0a0f18",
        haze_code="#25323e",
        land_code="#05080d",
        water_code="#0a1622",
        clouds=0.95,
        grass_code="#101a1c",
        daylight=0.45,
    ),
    "snowy": Palette(
        sky=("#6f8fb5", "#9db8d2", "#c9d8e4", "#e9edf0"),
        sun_code="#ffffff",
        sun_height=0.35,
        cloud_lit="#fbfcfd",
        cloud_shadow="#9fb0c6",
        haze_code="#cbd8e4",
        land_code="#33445a",
        water_code="#7f97a8",
        clouds=0.55,
        grass_code="#c8d4de",
    ),
    "desert": Palette(
        sky=("#3a78b4", "#86b3cf", "#dcd2b4", "#f2deb2"),
        sun_code="#fff6d8",
        sun_height=0.42,
        cloud_lit="#fff4de",
        cloud_shadow="#cdb79c",
        haze_code="#e6cca0",
        land_code="#9a5a2c",
        water_code="#8a6a45",
        clouds=0.22,
        grass_code="#b08a4a",
    ),
    "mars": Palette(
        sky=("#4a2a22", "#8a4f36", "#c98255", "#e8b07a"),
        sun_code="#fff0dd",
        sun_height=0.3,
        cloud_lit="#d99a6c",
        cloud_shadow="#6b3b2b",
        haze_code="#c98a5e",
        land_code="#6a2c18",
        water_code="#5a2a1c",
        clouds=0.35,
        grass_code="#8a4a2c",
    ),
    "fire": Palette(
        sky=("#0a0709", "#1c0f10", "#3d1a12", "#8a3a18"),
        sun_code="#ffb060",
        sun_height=0.2,
        cloud_lit="#5a2c1e",
        cloud_shadow="#120b0c",
        haze_code="#6a2f1a",
        land_code="#0c0708",
        water_code="#2a120c",
        stars=0.25,
        clouds=0.82,
        grass_code="#2a1810",
        daylight=0.35,
    ),
}
