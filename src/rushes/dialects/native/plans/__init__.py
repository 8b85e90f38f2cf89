"""Shot plans in the native API: the plan of a prompt, before anything is rendered."""
