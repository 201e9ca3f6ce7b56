"""`make test`: every test, on every database that is here. Missing parts are named, with the remedy."""

import os
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
    quick = ["-n", str(os.cpu_count() or 2), "--dist", "loadgroup", "-m", f"not ({apart})"]
    results = [run(*quick)]
    # Telephones wait for sound most of their time: PostgreSQL and browsers have the processors meanwhile.
    telephones = start("-m", "telephony and not browser")
    if postgresql:
        results.append(run("--database=postgresql", "--only-database", *quick))
    results.append(run("-m", "browser and not telephony"))
    results.append(telephones.wait())
    # Whole floors, and browsers that telephone, need time as it is: they run after the others, alone. A browser keeps
    # an event loop in its process for good, so that telephones, which need their own, have one to themselves.
    results.append(run("-m", "floor or (browser and telephony)"))
    return max(results)


def run(*options: str) -> int:
    return start(*options).wait()


def start(*options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "pytest", "-q", "-rs", *options, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
