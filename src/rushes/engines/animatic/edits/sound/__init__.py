"""Ambience from words: which sounds, how each is made, how they are mixed."""
