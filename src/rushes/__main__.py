"""Makes ``python -m rushes`` the same as ``rushes``."""

from rushes.cli import program

program()
