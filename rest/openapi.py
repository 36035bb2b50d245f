"""What the schema says of every operation without being told: the body of errors, and when each comes."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.utils import OpenApiResponse

ERROR_EXAMPLE = {
    "error": "there is no field 'nmae'",
    "details": [{"field": "nmae", "message": "there is no field 'nmae'", "suggestion": "did you mean name?"}],
    "ai_suggestions": [],
    "request_id": "5f0c9d1e8a4b4c6f9d7b2a1c3e5f7a90",
}
_ERROR = {
    "type": "object",
    "description": "The one body of every error.",
    "required": ["error", "details", "ai_suggestions", "request_id"],
    "additionalProperties": False,
    "properties": {
        "error": {"type": "string", "description": "a sentence for people"},
        "details": {"type": "array", "items": {"$ref": "#/components/schemas/ErrorDetail"}},
        "ai_suggestions": {"type": "array", "items": {"type": "string"}},
        "request_id": {"type": "string", "description": "also in the header X-Request-ID"},
    },
    "example": ERROR_EXAMPLE,
}
_ERROR_DETAIL = {
    "type": "object",
    "required": ["field", "message", "suggestion"],
    "additionalProperties": False,
    "properties": {
        "field": {"type": "string", "description": "a JSON pointer into the input, without its first slash"},
        "message": {"type": "string"},
        "suggestion": {"type": "string", "description": "how to mend it; may be empty"},
    },
}
_ALWAYS = {
    "400": "The input is at fault.",
    "404": "It is not there, or it is another user's.",
    "405": "The method is not one of this address.",
    "406": "Only JSON is answered.",
    "413": "The body is larger than is taken.",
    "415": "The body is of a type that is not taken.",
    "429": "Too many requests: Retry-After tells how long to wait.",
    "500": "Something went wrong here.",
}
_UNAUTHENTICATED = "A valid access token is missing."
_CONFLICT = "It contradicts what is there already."
_WRITES = ("post", "put", "patch", "delete")


class StrictSerializerSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Says of a body that is read strictly that it has no other fields."""

    target_class = "rest.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if not type(self.target).__doc__:
            schema.pop("description", None)  # the base class's own, which is about Python
        return {**schema, "additionalProperties": False} if direction == "request" else schema


def error_response(description: str) -> OpenApiResponse:
    """The body of errors, for an operation that answers with a status which the others don't."""
    return OpenApiResponse({"$ref": "#/components/schemas/Error"}, description=description)


class OperationSchema(AutoSchema):
    """Describes an operation by what is said of it, never by what its view's class says to programmers."""

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular itself
        return str(get_doc(getattr(self.view, self.method.lower(), None)))


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: every operation answers errors in the one shape; 401 where a token is needed."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Error"] = _ERROR
    schemas["ErrorDetail"] = _ERROR_DETAIL
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method not in ("get", *_WRITES):
                continue
            answers = dict(_ALWAYS)
            if _needs_token(operation):
                answers["401"] = _UNAUTHENTICATED
            if method in _WRITES:
                answers["409"] = _CONFLICT
            for answer in operation["responses"].values():
                answer["description"] = answer.get("description") or operation["summary"]
            for status, description in answers.items():
                operation["responses"].setdefault(status, _answer(description))
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _needs_token(operation: dict[str, Any]) -> bool:
    return any(requirement for requirement in operation.get("security", []))


def _answer(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}, "example": ERROR_EXAMPLE}}
    return {"description": description, "content": content}


def add_links(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: whatever a POST makes is linked, by its id, to the operations on it."""
    paths: dict[str, Any] = result["paths"]
    for path, operations in paths.items():
        made = operations.get("post", {}).get("responses", {})
        answer = made.get("201") or made.get("202")
        if answer is not None and (links := _links_to(_below(path, paths), answer, result)):
            answer["links"] = links
    return result


def _below(path: str, paths: dict[str, Any]) -> dict[str, Any]:
    """The paths of one thing of this collection: `/x/{id}/...`; a POST beside the collection makes one of it too."""
    collection = path if any(other.startswith(path + "{") for other in paths) else path.rsplit("/", 2)[0] + "/"
    return {other: operations for other, operations in paths.items() if other.startswith(collection + "{")}


def _links_to(paths: dict[str, Any], answer: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    schema = result["components"]["schemas"].get(reference.rsplit("/", 1)[-1], {})
    if "id" not in schema.get("properties", {}):
        return {}
    return {
        operation["operationId"]: {
            "operationId": operation["operationId"],
            "parameters": {path.split("{")[1].split("}")[0]: "$response.body#/id"},
        }
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in ("get", *_WRITES)
    }
