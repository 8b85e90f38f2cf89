"""Share output, options and the client of a server between commands."""
