"""Wire local models: the folder that the settings name, and the use cases for operators."""

from pathlib import Path

from rushes.service.local_models import LocalModels
from rushes.settings import Settings


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
