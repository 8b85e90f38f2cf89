"""Paint pictures: arrays, colour, noise, a canvas."""
