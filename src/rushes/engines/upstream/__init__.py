"""Remote services that make the video: what they promise, and one module for each API."""
