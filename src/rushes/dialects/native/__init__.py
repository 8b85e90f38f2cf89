"""Our own API at ``/api/v1``: strict, in the house's words, and with all that the house can do."""
