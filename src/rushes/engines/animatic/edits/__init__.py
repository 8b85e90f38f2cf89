"""Work on what is there already, and stills: upscale, reframe, sound, one frame of a scene."""
