"""Wire local models: their folder, their channels, and the use cases for operators."""

import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from rushes.core.errors import LocalModelError, NotFound, SettingsError
from rushes.engines.base import Channel
from rushes.engines.local.checkpoint import checkpoint_family, checkpoint_sampling
from rushes.engines.local.engine import LocalEngine
from rushes.engines.local.families import FAMILIES
from rushes.engines.local.messages import LoraFile, ModelToLoad
from rushes.engines.local.worker_process import (
    SharedDevice,
    WorkerCommand,
    WorkerLimits,
    WorkerProcess,
    worker_environment,
)
from rushes.local_models.folder import InstalledModel, find_model, installed_models
from rushes.local_models.hardware import read_hardware, runnable
from rushes.service.catalogue import DEFAULT_MODEL
from rushes.service.local_models import LocalModels
from rushes.settings import ChannelSettings, Settings

_PREFERRED: Final = ("ltx2", "wan2.2-ti2v", "ltx", "wan2.2-i2v", "wan2.1-vace")
"""The families, best first, for the default model; the next one makes what the first cannot."""

_LIBRARIES: Final = ("torch", "diffusers")


def models_folder(settings: Settings) -> Path:
    """
    Return the folder of local models: the setting's, or ``models`` in the data folder.

    It need not exist: the first pull creates it. Servers that share it share their models; a
    model is loaded from it by the process that renders, so a slow network disk only makes the
    first render wait. It is apart from ``data`` for those who back that up: models are large,
    and can be pulled again.
    """
    return settings.models.folder or settings.data / "models"


def local_models(settings: Settings) -> LocalModels:
    """
    Return the use cases of local models: list, pull, cancel, remove.

    The caller closes them, which ends the downloads that they started.

    A pull reads the hub's own variables, ``HF_TOKEN``, ``HF_ENDPOINT`` and ``HF_HOME``, so they
    are not among the settings: the programs of the hub set them, too. Nothing is looked up
    here, so that a server without local models starts as before.
    """
    return LocalModels(models_folder(settings))


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

    def _channel(self, name: str, one: ChannelSettings, model: InstalledModel) -> Channel:
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
        return Channel(
            name=name,
            engine=LocalEngine(model.name, family, worker, sampling=sampling),
            models=one.models,
            priority=one.priority,
            weight=one.weight,
            concurrency=1,
            price=one.price_micro,
            refunds_cancelled=one.refunds_cancelled,
            render_timeout_s=one.deadline_s,
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
