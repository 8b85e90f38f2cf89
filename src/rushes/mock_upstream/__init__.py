"""What stands in for a paid upstream: it does as a script says, and counts what it accepted."""
