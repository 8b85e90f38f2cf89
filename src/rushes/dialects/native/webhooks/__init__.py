"""Webhooks in the native API."""
