"""Webhook deliveries in the native API."""
