"""Generations in the native API."""
