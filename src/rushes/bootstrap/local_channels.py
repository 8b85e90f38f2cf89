"""Make the channels of local models: those that are configured, and those of pulled models."""

import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rushes.bootstrap.local_models import models_folder
from rushes.core.errors import LocalModelError, NotFound, SettingsError
from rushes.engines.base import Channel
from rushes.engines.local.checkpoint import checkpoint_family, checkpoint_sampling
from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES
from rushes.engines.local.messages import LoraFile, ModelToLoad
from rushes.engines.local.shared_device import SharedDevice
from rushes.engines.local.worker_child import WorkerCommand, worker_environment
from rushes.engines.local.worker_process import WorkerLimits, WorkerProcess
from rushes.local_models.folder import InstalledModel, find_model, installed_models
from rushes.local_models.hardware import GB, read_hardware, runnable
from rushes.service.catalogue import DEFAULT_MODEL
from rushes.settings import ChannelSettings, Settings

_PREFERRED: Final = ("ltx2", "wan2.2-ti2v", "ltx", "wan2.2-i2v", "wan2.1-vace")
"""The families, best first, for the default model; the next one makes what the first cannot."""

_LIBRARIES: Final = ("torch", "diffusers")


@dataclass(frozen=True, slots=True)
class LocalChannels:
    """Makes the channels of local models; those on one device take turns."""

    settings: Settings
    _devices: dict[str, SharedDevice] = field(default_factory=dict[str, SharedDevice])

    def configured(self, name: str, one: ChannelSettings) -> Channel:
        """
        Return the channel that the settings describe.

        Raises:
            SettingsError: There is no such model here, or no family can load it.
        """
        if problem := model_problem(one, self.settings):
            raise SettingsError(f"channels.{name}.model: {problem}")
        return self._channel(name, one, find_model(models_folder(self.settings), str(one.model)))

    def pulled(self, served: Collection[str]) -> Iterator[Channel]:
        """
        Yield channels that make the default model with the pulled models that can run here.

        There are none if a configured channel serves that model, or if the server's environment
        has no torch.

        Args:
            served: The models that configured channels serve.
        """
        if DEFAULT_MODEL in served or not all(map(find_spec, _LIBRARIES)):
            return
        folder = models_folder(self.settings)
        here = {model.name: model for model in installed_models(folder) if model.family in FAMILIES}
        if not here:
            return
        usable = [model.name for model, _ in runnable(read_hardware(folder)) if model.name in here]
        for name in usable:
            model = here[name]
            rank = _PREFERRED.index(model.family) if model.family in _PREFERRED else 0
            one = ChannelSettings(
                kind="local",
                models={DEFAULT_MODEL: name},
                model=name,
                priority=-rank,
                concurrency=1,
                refunds_cancelled=True,
            )
            yield self._channel(name, one, model)

    def engine(self, name: str, one: ChannelSettings, model: InstalledModel) -> LocalEngine:
        """Return the engine of a channel; its worker starts with the first job."""
        family = checkpoint_family(model.family or "", model.path)
        sampling = checkpoint_sampling(family, steps=one.steps, guidance=one.guidance)
        kind, _, number = one.device.partition(":")
        worker = WorkerProcess(
            WorkerCommand(
                python=one.python or Path(sys.executable),
                environ=worker_environment(
                    os.environ,  # noqa: TID251  # it holds no settings; a part is passed on
                    gpu=int(number) if number else None,
                ),
            ),
            _to_load(one, model, family.name),
            limits=WorkerLimits(idle_s=one.idle_unload_s),
            device=self._devices.setdefault(
                "cpu" if kind == "cpu" else number or "0", SharedDevice()
            ),
            name=name,
        )
        return LocalEngine(model.name, family, worker, sampling=sampling)

    def _channel(self, name: str, one: ChannelSettings, model: InstalledModel) -> Channel:
        return Channel(
            name=name,
            engine=self.engine(name, one, model),
            models=one.models,
            priority=one.priority,
            weight=one.weight,
            concurrency=1,
            price=one.price_micro,
            refunds_cancelled=one.refunds_cancelled,
            render_timeout_s=one.deadline_s,
        )


async def worker_report(settings: Settings, name: str) -> str:
    """
    Start the worker of a local channel without its model, and say what it found.

    Raises:
        EngineError: It cannot be started, or lacks a library.

        SettingsError: The channel's model is not there.
    """
    one = settings.channels[name]
    if problem := model_problem(one, settings):
        raise SettingsError(problem)
    model = find_model(models_folder(settings), str(one.model))
    ready = await LocalChannels(settings).engine(name, one, model).probe()
    libraries = ", ".join(f"{library} {version}" for library, version in ready.versions.items())
    memory = f", {ready.free_bytes / GB:.0f} of {ready.total_bytes / GB:.0f} GB free"
    return (
        f"{libraries or 'it starts'}; {ready.device_name or ready.device}"
        f"{memory if ready.total_bytes else ''}"
    )


def model_problem(one: ChannelSettings, settings: Settings) -> str | None:
    """Return why a channel's local model cannot be used, if it cannot."""
    try:
        model = find_model(models_folder(settings), str(one.model))
    except (NotFound, LocalModelError) as error:
        return str(error)
    if model.family in FAMILIES:
        return None
    what = f"makes no videos: it is for {model.family}" if model.family else "is of no known family"
    return f"{one.model} {what}; the families of videos are {', '.join(FAMILIES)}"


def _to_load(one: ChannelSettings, model: InstalledModel, family: str) -> ModelToLoad:
    kind = one.device.partition(":")[0]
    return ModelToLoad(
        family=family,
        folder=model.path.absolute(),
        dtype="float32" if kind == "cpu" else "bfloat16",
        device="cpu" if kind == "cpu" else "cuda" if kind == "cuda" else "auto",
        memory=one.memory,
        attention=one.attention,
        compile=one.compile,
        cache_threshold=one.cache_threshold,
        loras=tuple(LoraFile(path=path, strength=by) for path, by in one.loras.items()),
        quantisation=one.quantisation,
    )
