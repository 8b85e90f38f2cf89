"""The slate engine: an instant clapperboard card instead of a video, for testing clients."""
