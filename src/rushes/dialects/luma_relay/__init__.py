"""The API at ``/luma`` as relays resell it; five documents of it are our specification."""
