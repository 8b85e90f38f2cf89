"""
The real worker with a fault that the prompt of a clip asks for; started as the worker is.

``abort`` ends the process in the second step, ``no memory`` raises what torch raises, ``chatter``
prints to standard output.
"""

import os
import runpy
import sys
from pathlib import Path
from typing import Any

import torch

WORKER = Path(__file__).parents[2] / "src" / "rushes" / "engines" / "local" / "worker"
sys.path.insert(0, str(WORKER))

from video_worker import generating  # noqa: E402  # found in the worker's folder

real_call = generating._Steps.__call__


def faulty_call(self: Any, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> Any:
    prompt = self._clip.prompt
    if step == 1 and prompt == "abort":
        os.abort()
    if step == 1 and prompt == "no memory":
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
    if prompt == "chatter":
        print("a library prints")  # noqa: T201  # that is the fault
        os.write(1, b'{"event": "done", "id": "job"}\n')
    return real_call(self, pipe, step, timestep, tensors)


generating._Steps.__call__ = faulty_call  # type: ignore[method-assign]
sys.path.pop(0)
runpy.run_path(str(WORKER), run_name="__main__")
