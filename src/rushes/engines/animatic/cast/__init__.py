"""Subjects of a prompt as figures that stand in the picture and move."""
