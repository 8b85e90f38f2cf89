"""The embedded CPU renderer: honest previsualisation, drawn by procedure, no neural model."""
