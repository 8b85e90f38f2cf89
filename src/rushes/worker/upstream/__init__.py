"""Run generations at upstream services: submit once, poll, collect, recover."""
