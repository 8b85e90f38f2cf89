"""Translations that several dialects have in common."""
