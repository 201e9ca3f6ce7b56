"""Every route says who may use it, and the guard keeps to it."""

import functools

import pytest
from flask import Flask
from werkzeug.routing import Rule

from telesales.access.guard import access_of
from telesales.access.roles import PEOPLE, Role
from tests.actors import as_role
from tests.factories_agents import make_client
from tests.visiting import Visitor

UNGUARDED = {"static"}
VALUES = {"int": 1, "float": 1.0, "path": "x", "default": "x", "string": "x", "any": "x", "uuid": "x"}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in UNGUARDED]


def requests_of(app: Flask) -> list[tuple[str, str, str]]:
    """Method, path and endpoint of everything that can be asked for."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in rules_of(app):
        values = {name: VALUES[_kind(rule, name)] for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, method=next(iter(rule.methods)))
        found += [(method, path, rule.endpoint) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return sorted(found)


def _kind(rule: Rule, name: str) -> str:
    converter = type(rule._converters[name]).__name__.removesuffix("Converter").lower()
    return {"integer": "int", "unicode": "string"}.get(converter, converter)


@pytest.fixture
def hollow(app: Flask, monkeypatch) -> Flask:
    """The application whose views do nothing: only the way to them is tried."""
    for rule in rules_of(app):
        view = app.view_functions[rule.endpoint]
        monkeypatch.setitem(app.view_functions, rule.endpoint, _hollowed(view))
    return app


def _hollowed(view):
    @functools.wraps(view)
    def nothing(**_arguments: object) -> tuple[str, int]:
        return "", 204

    return nothing


def _nothing(**_arguments: object) -> tuple[str, int]:
    return "", 204


def test_every_route_declares_who_may_use_it(built_app: Flask):
    silent = [rule.rule for rule in rules_of(built_app) if access_of(built_app, rule.endpoint) is None]

    assert silent == []


def test_a_route_that_declares_nothing_is_refused(app: Flask, monkeypatch):
    monkeypatch.setitem(app.view_functions, "agents.sign_in", _nothing)

    response = app.test_client().get("/sign-in", headers={"Accept": "application/json"})

    assert (response.status_code, response.json["error"]) == (403, "access-undeclared")


def test_the_public_routes_are_these(built_app: Flask):
    """A new public route is a decision: it is written down here too."""
    found = {
        rule.endpoint for rule in rules_of(built_app) if access_of(built_app, rule.endpoint) == frozenset()
    }

    assert found <= PUBLIC


PUBLIC = {
    "agents.sign_in",
    "agents.enter",
    "agents.show_link",
    "agents.enter_by_link",
    "agents.leave",
    "agents.choose_language",
    "health.show_health",
    "whiteboard.show_board",  # the secret in its address is the permission
    "whiteboard.show_screen",  # likewise
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_is_declared_and_nothing_else(hollow: Flask, role: Role):
    client = make_client()
    actor = as_role(hollow.test_client(), role, client_id=client.id if role is Role.CLIENT else None)
    wrong = []
    for method, path, endpoint in requests_of(hollow):
        allowed = access_of(hollow, endpoint)
        expected = 204 if not allowed or role in allowed else 403
        status = actor.get(path).status_code if method == "GET" else actor.post(path).status_code
        if status != expected:
            wrong.append((method, path, status, expected))

    assert wrong == []


def test_nobody_gets_nothing_but_public_routes(hollow: Flask):
    browser = hollow.test_client()
    with browser.session_transaction() as cookie:
        cookie["csrf_token"] = "given"
    wrong = []
    for method, path, endpoint in requests_of(hollow):
        if method != "GET":
            continue
        expected = 401 if access_of(hollow, endpoint) else 204
        status = browser.get(path, headers={"Accept": "application/json"}).status_code
        if status != expected:
            wrong.append((path, status, expected))

    assert wrong == []


def test_no_form_is_taken_without_its_token(hollow: Flask):
    browser = hollow.test_client()
    client = make_client()
    for role in PEOPLE:
        as_role(browser, role, client_id=client.id if role is Role.CLIENT else None)
        posts = [
            path
            for method, path, endpoint in requests_of(hollow)
            if method != "GET" and role in (access_of(hollow, endpoint) or (role,))
        ]

        assert {path: browser.post(path).status_code for path in posts} == dict.fromkeys(posts, 400)


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_answers_everybody_who_may_see_it(app: Flask, role: Role):
    client = make_client()
    actor = as_role(app.test_client(), role, client_id=client.id if role is Role.CLIENT else None)
    wrong = []
    for method, path, endpoint in requests_of(app):
        allowed = access_of(app, endpoint)
        if method != "GET" or (allowed and role not in allowed):
            continue
        response = actor.get(path, headers={"Accept": "text/html"})
        problem = _problem_with(response)
        if problem:
            wrong.append((path, problem))

    assert wrong == []


def _problem_with(response) -> str:
    if response.status_code >= 500 and response.status_code != 503:
        return str(response.status_code)
    policy = response.headers.get("Content-Security-Policy", "")
    needed = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
    if not all(part in policy for part in needed) or "unsafe" in policy:
        return f"policy {policy!r}"
    if response.headers.get("X-Content-Type-Options") != "nosniff" or "no-store" not in response.headers.get(
        "Cache-Control", ""
    ):
        return "headers"
    return ""


def test_visitors_page_has_the_strict_headers_too(client):
    assert _problem_with(Visitor(client).client.get("/sign-in")) == ""
