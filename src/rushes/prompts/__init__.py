"""Expand prompts, by rules or by a chat model."""
