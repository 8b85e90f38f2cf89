"""What is measured of a house, at its seams; nothing here changes what happens."""
