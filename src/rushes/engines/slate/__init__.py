"""The slate engine: a clapperboard card instead of a video, at once, for those who test clients."""
