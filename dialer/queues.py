"""RQ queues: names and time limits in one table. One worker process serves one queue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """How the jobs of one queue are run. Times in seconds."""

    name: str
    timeout: int
    failure_ttl: int = 86_400
    in_process: bool = False  # SimpleWorker: start in milliseconds, app loaded once
    nice: int = 0  # how far its jobs step back when calls need the processor


DIAL = QueuePolicy("dial", timeout=10, in_process=True)
SETTLE = QueuePolicy("settle", timeout=60, in_process=True)
IMPORT = QueuePolicy("import", timeout=7_200)
REPORT = QueuePolicy("report", timeout=1_800, nice=10)
QUEUES = (DIAL, SETTLE, IMPORT, REPORT)
