"""Pictures made from words alone."""
