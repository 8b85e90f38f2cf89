"""List the rooms where people work: shape, colours, windows and furniture of each."""

from typing import Final

from rushes.engines.animatic.sets.room import BROAD, Room

WORK_ROOMS: Final[dict[str, Room]] = {
    "workshop": Room(
        wall="#b99468",
        side="#a9855c",
        floor="planks",
        floor_colours=("#9a7650", "#836243"),
        surface="boards",
        windows=2,
        lamps=2,
        fittings=(
            ("pegboard", "back", 0.16, 0.84, 0.16, 0.52),
            ("workbench", "back", 0.08, 0.92, 0.58, 1.0),
        ),
        hung=(
            ("hammer", 0.24, 0.48, 0.22),
            ("carpentry-saw", 0.39, 0.48, 0.26),
            ("wrench", 0.53, 0.48, 0.22),
            ("screwdriver", 0.65, 0.48, 0.22),
            ("axe", 0.77, 0.48, 0.24),
            ("toolbox", 0.3, 0.64, 0.16),
            ("wood", 0.53, 0.64, 0.12),
        ),
        art=(("barrel", 0.04, 0.12, 0.34), ("wood", 0.95, 0.2, 0.22)),
    ),
    "factory": Room(
        has_counter=False,
        wall="#8d9aa2",
        side="#7f8c94",
        floor="concrete",
        floor_colours=("#7b8184", "#6b7275"),
        box=BROAD,
        surface="corrugated",
        windows=0,
        lamps=4,
        polish=0.12,
        fittings=(
            ("trusses", "ceiling", 0.0, 1.0, 0.0, 1.35),
            ("high_windows", "back", 0.02, 0.98, 0.05, 0.26),
            ("machines", "back", 0.02, 0.98, 0.34, 1.0),
            ("conveyor", "stand", 0.0, 1.0, 0.72, 1.0),
            ("stripes", "floor", 0.0, 1.0, 0.24, 0.31),
        ),
        art=(
            ("mechanical-arm", 0.05, 0.2, 0.4),
            ("mechanical-arm", 0.92, 0.2, 0.4),
            ("gear", 0.97, 0.3, 0.2),
        ),
        clear=0.16,
    ),
}
