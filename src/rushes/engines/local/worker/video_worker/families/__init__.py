"""Translate a clip into the arguments of each family's pipeline."""
