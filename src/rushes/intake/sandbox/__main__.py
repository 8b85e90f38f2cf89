"""
Start a sandboxed process: ``python -I .../sandbox TASK ARGUMENT... LIMITS``.

Python runs this folder as a program, so nothing else of ours can be imported here. The program
imports its package of tasks and then takes the folder off the search path again.
"""

import sys
from importlib import import_module


def main() -> None:
    import_module("tasks")
    sys.path.pop(0)
    import_module("tasks.process").run(*sys.argv[1:])


if __name__ == "__main__":
    main()
