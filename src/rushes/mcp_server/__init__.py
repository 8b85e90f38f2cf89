"""What agents are offered: tools that make videos, over the Model Context Protocol."""
