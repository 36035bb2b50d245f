"""GET /api/auth/model-calls/: what models were asked for a user."""

from rest_framework.test import APIClient

from auth_api.models import ModelCallText, User
from tests.rows import model_call_row


def test_a_user_sees_the_calls_that_were_made_for_him(api: APIClient, user: User, stranger: User) -> None:
    mine = model_call_row(user)
    model_call_row(stranger)
    answered = api.get("/api/auth/model-calls/").json()
    assert [call["id"] for call in answered["results"]] == [mine.pk]
    assert answered["results"][0]["prompt"] is None


def test_texts_are_shown_where_they_were_kept(api: APIClient, user: User) -> None:
    ModelCallText.objects.create(call=model_call_row(user), user=user, prompt="How?", answer="So.")
    call = api.get("/api/auth/model-calls/").json()["results"][0]
    assert (call["prompt"], call["answer"]) == ("How?", "So.")


def test_calls_are_filtered_by_purpose_and_outcome(api: APIClient, user: User) -> None:
    model_call_row(user, purpose="chat", outcome="timed_out")
    model_call_row(user, purpose="generate_code")
    found = api.get("/api/auth/model-calls/", {"purpose": "chat", "outcome": "timed_out"}).json()
    assert [call["purpose"] for call in found["results"]] == ["chat"]
