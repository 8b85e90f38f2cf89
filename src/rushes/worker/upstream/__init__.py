"""Submit generations to upstreams, poll their jobs and store their results."""
