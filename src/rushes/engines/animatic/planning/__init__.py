"""Understand a prompt by rules: from its words to a shot plan, before anything is drawn."""
