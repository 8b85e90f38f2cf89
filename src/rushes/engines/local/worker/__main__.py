"""
Start the worker: ``PYTHON .../worker``.

Python runs this folder as a program, so the interpreter may be one without the server: only the
package beside this file is imported, and torch and diffusers. Whatever a library prints goes to
standard error, so that it cannot break a message.
"""

import os
import sys
from importlib import import_module


def main() -> None:
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    import_module("video_worker")
    sys.path.pop(0)
    import_module("video_worker.program").run(sys.stdin.buffer, events)
    os._exit(0)  # Python's own way out waits for the thread that reads standard input


if __name__ == "__main__":
    main()
