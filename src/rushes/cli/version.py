"""``rushes version``: print the installed version."""

import platform

from rushes import __version__
from rushes.cli.support.options import Json
from rushes.cli.support.output import print_json, say


def version(json: Json = False) -> None:
    """Print the version of rushes and of Python."""
    if json:
        print_json({"version": __version__, "python": platform.python_version()})
    else:
        say(f"rushes {__version__} (Python {platform.python_version()})")
