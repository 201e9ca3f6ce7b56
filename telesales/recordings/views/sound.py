"""The sound itself: decrypted in a stream, in parts, and every part written down before it is sent."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ContentRange

from telesales.access.guard import current_user, requires
from telesales.access.roles import MANAGERS
from telesales.errors import NotFoundError
from telesales.extensions import transaction, writing
from telesales.recordings import hearing, queries, vault, wording
from telesales.recordings.errors import RecordingUnreadableError
from telesales.recordings.hearing import LISTENERS
from telesales.recordings.models import AccessKind, Recording
from telesales.recordings.views.blueprint import bp
from telesales.recordings.wav import HEADER_BYTES

MOST_AT_ONCE = 1024 * 1024  # of one answer to a player: a minute or so, so that the log tells what was heard


@bp.get("/<int:recording_id>/sound.wav")
@requires(*LISTENERS)
def send_sound(recording_id: int) -> ResponseReturnValue:
    """For a player: it asks for parts and gets them one after another."""
    recording = _playable(recording_id)
    asked = request.range
    if asked is None or len(asked.ranges) != 1:
        return _send(recording, 0, recording.size, AccessKind.LISTENED)
    span = asked.range_for_length(recording.size)
    if span is None or asked.units != "bytes":
        answer = Response(status=416)
        answer.content_range = ContentRange("bytes", None, None, recording.size)
        return answer
    start, end = span[0], min(span[1], span[0] + MOST_AT_ONCE)
    answer = _send(recording, start, end, AccessKind.LISTENED)
    answer.status_code = 206
    answer.content_range = ContentRange("bytes", start, end, recording.size)
    return answer


@bp.get("/<int:recording_id>/download.wav")
@requires(*MANAGERS)
def download(recording_id: int) -> ResponseReturnValue:
    """The whole file."""
    recording = _playable(recording_id)
    name = f"call-{recording.attempt_id}-{recording.side}.wav"
    answer = _send(recording, 0, recording.size, AccessKind.DOWNLOADED)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _playable(recording_id: int) -> Recording:
    recording = queries.get_recording(recording_id)
    hearing.check_may_hear(_user(), recording.attempt)
    if not recording.is_kept:
        raise NotFoundError
    return recording


def _send(recording: Recording, start: int, end: int, kind: AccessKind) -> Response:
    """Nothing of the database is needed once the answer has begun."""
    opened = _open(recording)
    body: Iterator[bytes] = iter(())
    if request.method == "GET":
        _note(recording, kind, start, end)
        body = opened.read(start, end)
    answer = Response(body, mimetype="audio/wav")
    answer.content_length = end - start
    answer.accept_ranges = "bytes"
    return answer


def _open(recording: Recording) -> vault.OpenRecording:
    try:
        return vault.open_recording(recording)
    except RecordingUnreadableError as error:
        error.message = wording.problem(error.code)
        raise


def _note(recording: Recording, kind: AccessKind, start: int, end: int) -> None:
    part = (_second(recording, start), _second(recording, end))
    recording_id, play = recording.id, request.args.get("play", "")
    with writing(), transaction():
        hearing.note_access(queries.get_recording(recording_id), _user(), kind, part=part, play=play)


def _second(recording: Recording, byte: int) -> float:
    sound = recording.size - HEADER_BYTES
    return round(max(0, byte - HEADER_BYTES) / sound * recording.seconds, 2)


def _user() -> Any:
    return current_user()
