"""The push process itself, with a real Redis."""

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from dialer.live import PRESENCE_KEY
from telesales.push.messages import STREAM, stream_fields
from tests.push_client import PushProcess, run_push, wait_until
from tests.servers import free_port, start_redis


@pytest.fixture(scope="module")
def push(redis_url: str) -> Iterator[PushProcess]:
    with run_push(redis_url, public_url="https://sales.example") as process:
        yield process


@pytest.fixture
def server(redis_url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    yield client
    client.close()


def say(server: redis.Redis, topic: str, data: object, event: str = "news") -> str:
    return str(server.xadd(STREAM, stream_fields(topic, event, data)))


def test_a_listener_hears_its_topics_and_no_others(push: PushProcess, server: redis.Redis):
    ear = push.listen("a:1", "a:2")
    assert ear.next().event == "hello"

    say(server, "b:1", "not for us")
    say(server, "a:2", {"name": "李娜"})

    heard = ear.next()
    assert (heard.event, heard.data) == ("news", {"name": "李娜"})
    ear.close()


@pytest.mark.parametrize("by_header", [True, False])
def test_who_was_away_hears_what_it_missed(push: PushProcess, server: redis.Redis, by_header: bool):
    ear = push.listen("c:1")
    assert ear.next().event == "hello"
    say(server, "c:1", 0)
    last = ear.next().id
    ear.close()
    say(server, "c:1", 1)
    say(server, "d:1", "not for us")
    say(server, "c:1", 2)

    headers = {"Last-Event-ID": last} if by_header else {}
    again = push.listen("c:1", last="" if by_header else last, **headers)

    assert again.next().event == "hello"
    assert [again.next().data, again.next().data] == [1, 2]
    again.close()


def test_what_cannot_be_replayed_is_told_as_a_gap(push: PushProcess, server: redis.Redis):
    say(server, "c:1", 1)

    ear = push.listen("c:1", last="1-0")

    assert [ear.next().event, ear.next().event] == ["hello", "gap"]
    ear.close()


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_bad_token_is_refused(push: PushProcess, token: str):
    ear = push.listen(token=token)

    assert ear.answer.status == 403
    ear.close()


@pytest.mark.parametrize(
    ("origin", "answer"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://sales.example", "https://sales.example"),
        ("https://sales.example.evil", None),
        ("https://evil.example", None),
        ("null", None),
    ],
)
def test_only_our_own_pages_may_listen_from_another_origin(
    push: PushProcess, origin: str, answer: str | None
):
    ear = push.listen("a:1", Origin=origin)

    assert ear.answer.getheader("Access-Control-Allow-Origin") == answer
    ear.close()


def test_an_open_desk_counts_as_present_while_it_is_open(push: PushProcess, server: redis.Redis):
    server.delete(PRESENCE_KEY)
    ear = push.listen("desk:42", "standings:all")
    ear.next()
    wait_until(lambda: server.zscore(PRESENCE_KEY, "42") is not None)
    first = server.zscore(PRESENCE_KEY, "42")
    wait_until(lambda: server.zscore(PRESENCE_KEY, "42") > first)

    ear.close()

    server.delete(PRESENCE_KEY)
    say(server, "desk:42", "so that the server notices")
    key = next(server.scan_iter(match="ts:alive:push:*"))
    server.delete(key)
    wait_until(lambda: server.exists(key))  # a pulse later
    server.delete(PRESENCE_KEY, key)
    wait_until(lambda: server.exists(key))
    assert server.zscore(PRESENCE_KEY, "42") is None


def test_a_slow_browser_is_dropped_and_others_do_not_notice(push: PushProcess, server: redis.Redis):
    slow, quick = push.listen("e:1"), push.listen("e:1")
    quick.next()
    big = "x" * 500_000

    for number in range(40):
        say(server, "e:1", [number, big])
        assert quick.next_named("news").data[0] == number

    with pytest.raises((EOFError, OSError, http.client.HTTPException)):
        slow.next_named("never")
    slow.close()
    quick.close()


def test_the_process_remembers_across_its_own_restart(redis_url: str, server: redis.Redis):
    port = free_port()
    with run_push(redis_url, port) as first:
        ear = first.listen("f:1")
        last = ear.next().id
        ear.close()
    say(server, "f:1", "while nobody was there")

    with run_push(redis_url, port) as second:
        ear = second.listen("f:1", last=last)
        assert ear.next_named("news").data == "while nobody was there"
        ear.close()


def test_a_killed_redis_is_told_and_healed(tmp_path: Path):
    port = free_port()
    redis_process = start_redis(tmp_path, port)
    try:
        with run_push(f"redis://127.0.0.1:{port}/0") as push:
            ear = push.listen("g:1")
            assert ear.next().data == {"live": True}

            redis_process.send_signal(signal.SIGKILL)
            redis_process.wait()
            assert ear.next_named("beat").data == {"live": False}
            assert push.health() == 503

            redis_process = start_redis(tmp_path, port)
            assert ear.next_named("beat").data == {"live": True}
            client = redis.Redis(port=port)
            say(client, "g:1", "back")
            assert ear.next_named("news").data == "back"
            client.close()
            ear.close()
    finally:
        redis_process.kill()
        redis_process.wait()


def test_it_leaves_at_once_when_told(redis_url: str):
    with run_push(redis_url) as push:
        ear = push.listen("h:1")
        ear.next()

        push.process.terminate()

        assert push.process.wait(3) == 0
        with pytest.raises((EOFError, OSError)):
            ear.next()
        ear.close()


def test_the_push_process_does_not_load_the_application():
    code = "import sys, telesales.push.server as s; sys.exit(bool({'flask','sqlalchemy','rq'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
