"""What requests are read with: a field that is not known is an error, not ignored."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from rest.exception_handler import unknown_field


class StrictSerializer(serializers.Serializer[Any]):
    """A body or a query of which every field is known; a misspelt one is named with the nearest known one."""

    def to_internal_value(self, data: Any) -> Any:
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [str(name) for name in data if name not in known] if hasattr(data, "keys") else []
        if unknown:
            raise serializers.ValidationError({name[:60]: [unknown_field(name, known)] for name in unknown[:20]})
        return super().to_internal_value(data)


def read_body(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The validated body; raises ValidationError."""
    reader = serializer(data=request.data, context={"request": request})
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def read_query(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The validated query; a parameter that is given twice counts with its last value. Raises ValidationError."""
    reader = serializer(data=request.query_params.dict(), context={"request": request})
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
