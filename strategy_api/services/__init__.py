"""Writes of strategies: what is said becomes versions, versions are checked, and all of it is remembered."""

from strategy_api.services.chat import ChatReply, strategy_chat
from strategy_api.services.clarity import unclear
from strategy_api.services.code import GeneratedCode, code_generate, code_generate_from_canonical
from strategy_api.services.contents import COMPILER, Description, page_of, spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.evidence import Weighed, question_weigh, request_of, request_of_version
from strategy_api.services.model_code import MODEL
from strategy_api.services.model_reading import reading_row, second_reading_of, stored_second, texts_are_read_by_model
from strategy_api.services.pages import page_told
from strategy_api.services.proposals import proposal_accept
from strategy_api.services.recommendations import version_recommend
from strategy_api.services.second_reading import SecondOpinion, strategy_read_again
from strategy_api.services.strategies import strategy_create, strategy_delete, strategy_update
from strategy_api.services.validation import (
    CodeTrial,
    SchemaReport,
    Validated,
    code_try,
    code_validate,
    schema_validate,
    strategy_validate,
)

__all__ = [
    "COMPILER",
    "MODEL",
    "ChatReply",
    "CodeTrial",
    "Description",
    "GeneratedCode",
    "SchemaReport",
    "SecondOpinion",
    "Validated",
    "Weighed",
    "code_generate",
    "code_generate_from_canonical",
    "code_try",
    "code_validate",
    "conversation_append",
    "page_of",
    "page_told",
    "proposal_accept",
    "question_weigh",
    "reading_row",
    "request_of",
    "request_of_version",
    "schema_validate",
    "second_reading_of",
    "spec_of",
    "stored_second",
    "strategy_chat",
    "strategy_create",
    "strategy_delete",
    "strategy_read_again",
    "strategy_update",
    "strategy_validate",
    "texts_are_read_by_model",
    "unclear",
    "version_recommend",
    "version_state",
]
