"""`make test`: every test, on every database that is here. Missing parts are named, with the remedy."""

import os
import shutil
import subprocess
import sys

from tests.parts import find_chromium
from tests.servers import find_postgresql
from tests.telephony.asterisk_server import find_asterisk


def main() -> int:
    postgresql = find_postgresql() is not None
    if not postgresql:
        print("SKIPPED PostgreSQL is not installed: run `make test-deps` (tests run on SQLite alone)")
    if find_chromium() is None:
        print("SKIPPED Chromium is not installed: run `make test-deps` (browser tests are left out)")
    if find_asterisk() is None:
        print("SKIPPED Asterisk is not here: run `make test-deps` (tests of real calls are left out)")
    apart = "floor or browser or telephony"
    in_parts = ["-n", str(os.cpu_count() or 2), "--dist", "loadgroup"]
    quick = [*in_parts, "-m", f"not ({apart})"]
    # Telephones wait for sound most of their time: the others have the processors meanwhile, but never first.
    telephones = start("-m", "telephony and not browser")
    results = [run(*quick, patient=True)]
    if postgresql:
        results.append(run("--database=postgresql", "--only-database", *quick, patient=True))
    results.append(run(*in_parts, "-m", "browser and not telephony", patient=True))
    results.append(telephones.wait())
    # Whole floors, and browsers that telephone, need time as it is: they run after the others, alone. A browser keeps
    # an event loop in its process for good, so that telephones, which need their own, have one to themselves.
    results.append(run("-m", "floor or (browser and telephony)"))
    return max(results)


def run(*options: str, patient: bool = False) -> int:
    return start(*options, patient=patient).wait()


def start(*options: str, patient: bool = False) -> subprocess.Popen[bytes]:
    """`patient`: let everybody else go first."""
    first = ["nice", "-n", "5"] if patient and shutil.which("nice") else []
    return subprocess.Popen([*first, sys.executable, "-m", "pytest", "-q", "-rs", *options, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
