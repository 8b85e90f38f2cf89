"""What several commands share: output, options, clients of a server."""
