"""Shot plans: what is understood of a prompt, before anything is rendered."""
