"""What every picture is painted with: arrays, colour, noise, a canvas."""
