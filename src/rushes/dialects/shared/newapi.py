"""Translate generations into fields of new-api's tasks. Source: new-api's ``dto.TaskDto``."""

import uuid
from typing import Final, Literal

from rushes.core.generation import Generation
from rushes.dialects.shared.states import StateWords

TaskStatus = Literal["QUEUED", "IN_PROGRESS", "SUCCESS", "FAILURE"]

TASK_STATUS: Final[StateWords[TaskStatus]] = StateWords(
    queued="QUEUED", running="IN_PROGRESS", completed="SUCCESS", failed="FAILURE"
)


def numeric_id(generation: Generation) -> int:
    """Return 52 bits of a generation's id, the most that a JavaScript number holds exactly."""
    return uuid.UUID(generation.id).int >> 76
