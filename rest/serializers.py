"""What requests are read with: a field that is not known, or of another type, is an error: not ignored, not guessed."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from rest.exception_handler import unknown_field

_NUMBER: Final = ((int, float), "a number")
_TEXT: Final = ((str,), "a text")
_JSON_TYPES: Final[Mapping[type[serializers.Field[Any, Any, Any, Any]], tuple[tuple[type, ...], str]]] = {
    serializers.CharField: _TEXT,
    serializers.UUIDField: _TEXT,
    serializers.BooleanField: ((bool,), "true or false"),
    serializers.IntegerField: _NUMBER,
    serializers.FloatField: _NUMBER,
}
"""What JSON must hold for fields that would take other things too: the framework reads 7 as "7" and "t" as true."""


class StrictSerializer(serializers.Serializer[Any]):
    """A body or a query of which every field is known; a misspelt one is named with the nearest known one."""

    def to_internal_value(self, data: Any) -> Any:
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = [str(name) for name in data if name not in known] if hasattr(data, "keys") else []
        if unknown:
            raise serializers.ValidationError({name[:60]: [unknown_field(name, known)] for name in unknown[:20]})
        if self.context.get("is_json") and isinstance(data, dict):
            wrong = {name: [fault] for name, value in data.items() if (fault := _type_fault(self.fields[name], value))}
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def _type_fault(field: serializers.Field[Any, Any, Any, Any], value: Any) -> ErrorDetail | None:
    """What is wrong with the type of a JSON value; None for what the field judges itself."""
    if value is None:
        return None
    for kind, (types, wanted) in _JSON_TYPES.items():
        if isinstance(field, kind) and (not isinstance(value, types) or isinstance(value, bool) != (bool in types)):
            return ErrorDetail(f"this is not {wanted}", code=f"advice:give {wanted}")
    return None


class NothingSerializer(StrictSerializer):
    """A body without fields: an empty object, or no body at all."""


class IssueSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(allow_blank=True, help_text="a JSON pointer without its first slash")
    message = serializers.CharField()
    suggestion = serializers.CharField(allow_blank=True)


def read_body(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The validated body; raises ValidationError. JSON must have the fields' own types; a form has only texts."""
    is_json = not isinstance(request.data, QueryDict)
    reader = serializer(data=request.data, context={"request": request, "is_json": is_json})
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def read_query(request: Request, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The validated query; a parameter that is given twice counts with its last value. Raises ValidationError."""
    reader = serializer(data=request.query_params.dict(), context={"request": request})
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
