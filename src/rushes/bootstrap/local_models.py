"""Find the folder of local models that the settings name."""

from pathlib import Path

from rushes.settings import Settings


def models_folder(settings: Settings) -> Path:
    """Return the folder of local models: the setting's, or ``models`` in the data folder."""
    return settings.models.folder or settings.data / "models"
