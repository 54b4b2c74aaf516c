"""Signing in and what a stranger sees."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def user(db: None) -> None:
    get_user_model().objects.create_user("ada", password="correct horse")


def test_token_is_given_for_the_right_password_only(user: None) -> None:
    right = Client().post("/api/v1/auth/token/", {"username": "ada", "password": "correct horse"}, "application/json")
    wrong = Client().post("/api/v1/auth/token/", {"username": "ada", "password": "nope"}, "application/json")
    assert right.status_code == 200
    assert wrong.status_code == 401
    assert wrong.json() == {"code": "wrong_credentials", "detail": "User name or password is wrong.", "fields": {}}
    me = Client(headers={"authorization": f"Token {right.json()['token']}"}).get("/api/v1/auth/me/")
    assert me.json()["username"] == "ada"


def test_session_needs_the_csrf_token_for_writes(user: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.get("/api/v1/auth/me/").status_code == 401
    token = browser.cookies["csrftoken"].value
    headers = {"x-csrftoken": token}
    credentials = {"username": "ada", "password": "correct horse"}
    assert browser.post("/api/v1/auth/login/", credentials, "application/json", headers=headers).status_code == 200
    body = {"name": "Cells", "task": "detection"}
    assert browser.post("/api/v1/projects/", body, "application/json").status_code == 403
    headers = {"x-csrftoken": browser.cookies["csrftoken"].value}
    assert browser.post("/api/v1/projects/", body, "application/json", headers=headers).status_code == 201
    assert browser.post("/api/v1/auth/logout/", headers=headers).status_code == 204
    assert browser.get("/api/v1/projects/").status_code == 401


def test_missing_field_is_named_in_the_error(user: None) -> None:
    answer = Client().post("/api/v1/auth/token/", {"username": "ada"}, "application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "password: This field is required."


def test_broken_json_is_refused_with_a_sentence(user: None) -> None:
    answer = Client().post("/api/v1/auth/token/", "{not json", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The body is not valid JSON")
