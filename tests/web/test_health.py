from flask.testing import FlaskClient


def test_health_names_every_part_and_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.get("/healthz")

    parts = answer.json["parts"]
    assert set(parts) == {
        "database",
        "redis",
        "workers",
        "dialer",
        "clock",
        "carrier",
        "recorder",
        "push",
        "recordings",
    }
    assert answer.status_code == 503
    assert parts["database"]["ok"]
    assert parts["redis"]["ok"]
    assert parts["dialer"] == {"ok": False, "detail": "not running"}
