"""Expand prompts, by rules or with a chat model."""
