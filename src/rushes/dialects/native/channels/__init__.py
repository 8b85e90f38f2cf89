"""Channels in the native API, for operators."""
