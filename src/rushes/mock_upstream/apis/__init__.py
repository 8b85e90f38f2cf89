"""Speak the APIs of the upstreams that can be imitated, one module for each."""
