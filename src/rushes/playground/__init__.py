"""The web page: a playground and a console that speak only the native dialect."""
