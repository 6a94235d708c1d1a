"""The JSON Schema of scenario files."""

from __future__ import annotations

from typing import Any

import msgspec

from .scenario_format import ScenarioFile
from .training_format import TrainingFile


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file, by which an editor completes one.

    What a schema cannot say is left to `validate` and the reader: that names are defined once and used, that
    expressions can be read, that notes stand at steps of the walk.
    """
    kinds, definitions = msgspec.json.schema_components([ScenarioFile, TrainingFile], ref_template="#/$defs/{name}")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": list(kinds), "$defs": definitions}
