"""The JSON Schema of course files."""

from __future__ import annotations

from typing import Any

import msgspec

from .course_format import CourseFile


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a course file, by which an editor completes one.

    What a schema cannot say is left to the reader: that scenarios are there, and have the steps that a lesson names.
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(CourseFile)}
