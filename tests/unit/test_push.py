"""Push: pure parts."""

import pytest

from telesales.push import signing, topics
from telesales.push.history import History
from telesales.push.messages import Message, parse_id


@pytest.mark.parametrize(
    ("topic", "role", "client_id", "expected"),
    [
        ("desk:7", "agent", None, True),
        ("desk:8", "agent", None, False),
        ("desk:8", "administrator", None, False),
        ("desk:7x", "agent", None, False),
        ("floor:1", "supervisor", None, True),
        ("floor:1", "agent", None, False),
        ("floor:1", "manager", 3, True),  # where the campaign is of client 3: its caller looks
        ("floor:1x", "manager", None, False),
        ("floor:1", "client", 3, False),
        ("floor:99999999999999999999", "manager", None, False),
        ("import:1", "supervisor", 3, True),
        ("board:1", "manager", None, True),
        ("board:1", "client", 3, False),
        ("import:1", "manager", None, True),
        ("import:1", "reviewer", None, False),
        ("standings:all", "agent", None, True),
        ("standings:all", "client", 3, False),
        ("standings:3", "client", 3, True),
        ("standings:4", "client", 3, False),
        ("standings:4", "agent", None, True),
        ("standings:None", "client", None, False),
        ("everything", "administrator", None, False),
        ("", "administrator", None, False),
    ],
)
def test_a_person_hears_only_topics_of_their_role(
    topic: str, role: str, client_id: int | None, expected: bool
):
    assert topics.may_subscribe(topic, role, 7, client_id) is expected


def test_a_token_allows_the_topics_it_names():
    token = signing.sign(["desk:7", "standings:all"], "key")

    assert signing.topics_of(token, "key") == ["desk:7", "standings:all"]


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", signing.sign(["desk:7"], "another key"), signing.sign(["a"], "key")[:-1]],
    ids=["empty", "nonsense", "another key", "cut"],
)
def test_a_forged_token_is_refused(token: str):
    with pytest.raises(signing.TokenRefusedError):
        signing.topics_of(token, "key")


def test_a_token_is_refused_after_its_lifetime(monkeypatch: pytest.MonkeyPatch):
    token = signing.sign(["desk:7"], "key")
    monkeypatch.setattr(signing, "LIFETIME_S", -1)

    with pytest.raises(signing.TokenRefusedError):
        signing.topics_of(token, "key")


@pytest.mark.parametrize("text", ["", "5", "-", "a-b", "1-", "²-0", "-1-0"])
def test_an_id_that_is_none_is_not_understood(text: str):
    assert parse_id(text) is None


def message(number: int, topic: str = "a") -> Message:
    return Message("event", "{}", topic, (number, 0))


def test_history_returns_what_was_missed_in_order():
    history = History()
    for number, topic in enumerate("abcab", start=1):
        history.append(message(number, topic))

    assert [one.id for one in history.since((1, 0), {"a", "b"})] == [(2, 0), (4, 0), (5, 0)]
    assert history.newest == (5, 0)


def test_history_says_when_it_does_not_reach_back():
    history = History(length=3)
    for number in range(1, 8):
        history.append(message(number))

    assert history.ids[0] == (5, 0)
    assert not history.reaches((4, 0))
    assert history.reaches((5, 0))


def test_an_empty_history_has_no_gap():
    assert History().reaches((0, 0))
    assert History().since((0, 0), {"a"}) == []


def test_a_message_is_framed_for_both_kinds_of_answer():
    news = Message("sale", '{"name":"李娜"}', "a", (5, 1))

    assert news.plain.decode() == 'id: 5-1\nevent: sale\ndata: {"name":"李娜"}\n\n'
    assert news.chunked == b"%x\r\n" % len(news.plain) + news.plain + b"\r\n"
