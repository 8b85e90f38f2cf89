"""Self-hosted Luma video generation: one engine room, several HTTP dialects."""

__version__ = "0.1.0"
