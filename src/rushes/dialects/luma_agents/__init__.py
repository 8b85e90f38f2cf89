"""Luma's Agents API, ``/v1/generations`` and ``/v1/files``; its package is the authority."""
