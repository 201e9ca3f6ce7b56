"""`make test`: every test, on every database that is here. Missing parts are named, with the remedy."""

import os
import subprocess
import sys

from tests.parts import find_chromium
from tests.servers import find_postgresql


def main() -> int:
    database = "both" if find_postgresql() else "sqlite"
    if database == "sqlite":
        print("SKIPPED PostgreSQL is not installed: run `make test-deps` (tests run on SQLite alone)")
    if find_chromium() is None:
        print("SKIPPED Chromium is not installed: run `make test-deps` (browser tests are left out)")
    common = [sys.executable, "-m", "pytest", "-q", "-rs", f"--database={database}"]
    quick = subprocess.run(
        [
            *common,
            "-n",
            str(os.cpu_count() or 2),
            "--dist",
            "loadgroup",
            "-m",
            "not floor and not browser",
            *sys.argv[1:],
        ],
        check=False,
    )
    # Whole floors and browsers measure time: they run after the others, alone.
    slow = subprocess.run([*common, "-m", "floor or browser", *sys.argv[1:]], check=False)
    return max(quick.returncode, slow.returncode)


if __name__ == "__main__":
    sys.exit(main())
