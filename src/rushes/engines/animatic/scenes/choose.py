"""From words to the picture that draws them."""

from rushes.engines.animatic.paint.picture import Picture
from rushes.engines.animatic.scenes.landscape import Landscape
from rushes.engines.animatic.scenes.silk import Silk
from rushes.engines.animatic.scenes.space import Space
from rushes.engines.animatic.scenes.underwater import Underwater
from rushes.engines.animatic.scenes.words import understood, wanted_in
from rushes.engines.animatic.shot import Shot


def scene_for(shot: Shot) -> Picture:
    """Return the scene that the shot's words ask for; a moving backdrop for any other words."""
    wanted = wanted_in(understood(shot.words), seed=shot.seed)
    match wanted.place:
        case "space":
            return Space(shot)
        case "underwater":
            return Underwater(shot)
        case "abstract":
            return Silk(shot)
        case _:
            return Landscape(shot, wanted)
