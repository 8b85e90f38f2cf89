"""Measure and trace the application at its seams, without changing its behaviour."""
