"""Taking a file: bounded, made into what telephones play, and nothing left behind."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from telesales.messages.rules import MOST_BYTES, SoundProblem, SoundRefusedError

BLOCK = 1 << 20
LONGEST_WORK_SECONDS = 60


@dataclass(frozen=True, slots=True)
class TakenSound:
    """A message as it is kept."""

    wav: bytes  # 8000 Hz, 16 bit, one channel
    seconds: float
    sha256: str


def take_sound(stream: IO[bytes]) -> TakenSound:
    """Read what somebody sent. Raises SoundRefusedError."""
    with tempfile.TemporaryDirectory(prefix="message-") as folder:
        source, target = Path(folder) / "sent", Path(folder) / "kept"
        _copy(stream, source)
        answer = _run_converter(source, target)
        if "problem" in answer:
            raise SoundRefusedError(SoundProblem(answer["problem"]))
        wav = target.read_bytes()
    return TakenSound(wav, float(answer["seconds"]), hashlib.sha256(wav).hexdigest())


def _copy(stream: IO[bytes], target: Path) -> None:
    left = MOST_BYTES
    with target.open("wb") as file:
        while block := stream.read(BLOCK):
            left -= len(block)
            if left < 0:
                raise SoundRefusedError(SoundProblem.TOO_LARGE)
            file.write(block)


def _run_converter(source: Path, target: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "telesales.messages.convert", str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            capture_output=True,
            check=True,
            timeout=LONGEST_WORK_SECONDS,
            cwd=_SOURCE_ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise SoundRefusedError(SoundProblem.UNKNOWN_FORM) from error
    return answer


_SOURCE_ROOT = Path(__file__).parents[2]
