"""Offer tools that make videos to agents, over the Model Context Protocol."""
