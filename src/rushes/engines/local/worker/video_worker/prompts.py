"""
Remember encoded prompts, and encode the next job's prompt while this one is generated.

The parts of a long clip share a prompt, and callers try one prompt with several seeds. A text
encoder may be larger than the model that removes noise, and may have to be moved to the GPU.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from threading import Lock
from typing import Any, Final

import torch

from .devices import free_bytes
from .families.base import Arguments
from .requests import Prompt

MIB: Final = 1 << 20
MOST_BYTES: Final = 256 * MIB
"""What the remembered prompts take; those of LTX-2 are large."""

_ALWAYS: Final = 2
"""The prompts that are remembered whatever their size: of this job and of the next one."""

_ROOM_BYTES: Final = 2048 * MIB
"""The free memory of a GPU that a text encoder may work in beside a job."""


class PromptMemory:
    """
    The prompts that were encoded last.

    Args:
        encode: Encodes a prompt into arguments of the pipeline.

        can_prepare: Whether the text encoder may work beside a job. It may not where the pipeline
            moves its models in turns: it would push out the one that is working.
    """

    def __init__(
        self,
        encode: Callable[[Prompt], Arguments],
        device: torch.device,
        *,
        can_prepare: bool,
    ) -> None:
        self._encode = encode
        self._device = device
        self._can_prepare = can_prepare
        self._known: OrderedDict[Prompt, Arguments] = OrderedDict()
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="prompts")
        self._stream: Any = torch.cuda.Stream(device) if device.type == "cuda" else None

    def get(self, prompt: Prompt) -> Arguments:
        """Return the arguments for a prompt, which is encoded if it is new."""
        with self._lock:
            if prompt not in self._known:
                with torch.no_grad():
                    self._known[prompt] = self._encode(prompt)
                self._forget_oldest()
            self._known.move_to_end(prompt)
            return dict(self._known[prompt])

    def prepare(self, prompt: Prompt) -> Future[None] | None:
        """Encode a prompt in a thread of its own, if that cannot disturb the job that runs."""
        if not self._can_prepare:
            return None
        if self._device.type == "cuda" and free_bytes(self._device) < _ROOM_BYTES:
            return None
        return self._thread.submit(self._prepare, prompt)

    def close(self) -> None:
        """Wait for the thread, so that the text encoder can leave the memory."""
        self._thread.shutdown(cancel_futures=True)

    def _prepare(self, prompt: Prompt) -> None:
        try:
            with nullcontext() if self._stream is None else torch.cuda.stream(self._stream):
                self.get(prompt)
            if self._stream is not None:
                self._stream.synchronize()
        except Exception as error:  # noqa: BLE001  # the job itself will say so, if it comes
            print(f"a prompt was not prepared: {error}", file=sys.stderr)  # noqa: T201  # the log

    def _forget_oldest(self) -> None:
        while len(self._known) > _ALWAYS and self._bytes() > MOST_BYTES:
            self._known.popitem(last=False)

    def _bytes(self) -> int:
        return sum(
            value.numel() * value.element_size()
            for arguments in self._known.values()
            for value in arguments.values()
            if isinstance(value, torch.Tensor)
        )
