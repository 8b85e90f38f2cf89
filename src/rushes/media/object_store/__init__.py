"""Keep finished files in an object store."""
