"""Generate videos with local models, in a process that has torch and needs no server."""
