"""Wire the application from the settings; the only package that knows every room."""
