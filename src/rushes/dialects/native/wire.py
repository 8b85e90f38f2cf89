"""Define the base models and field types that all resources of the native API share."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from rushes.dialects.shared.schemas import HTTP_URL

LONGEST_PAGE: Final = 100

Url = Annotated[str, Field(pattern=HTTP_URL, max_length=2000)]
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]


class Strict(BaseModel):
    """A request body that refuses unknown fields and does not convert types."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, frozen=True, use_attribute_docstrings=True
    )


class GenerationPath(BaseModel):
    """The parameters of a path below one generation."""

    id: Id


class View(BaseModel):
    """A reply. It always has every field, unless the field says otherwise."""

    model_config = ConfigDict(
        frozen=True, use_attribute_docstrings=True, json_schema_serialization_defaults_required=True
    )
