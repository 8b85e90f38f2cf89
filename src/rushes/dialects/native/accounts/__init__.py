"""Accounts and their API keys in the native API."""
