"""Pictures made from the caller's images."""
