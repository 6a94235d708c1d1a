"""JSON Schema of what the program prints: msgspec's, made to say that a number may be missing."""

from __future__ import annotations

from typing import Any, cast

import msgspec


def printed(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a document that is printed.

    JSON has no nan and no infinity, so a number that is undefined is printed as null: every number may be null.
    """
    schema = msgspec.json.schema(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_with_null(schema)}


def _with_null(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_null(part) for part in cast(list[Any], schema)]
    if not isinstance(schema, dict):
        return schema
    changed = {key: _with_null(part) for key, part in cast(dict[str, Any], schema).items()}
    return {**changed, "type": ["number", "null"]} if changed.get("type") == "number" else changed
