"""Luma's official Dream Machine API, as its own libraries speak it."""
