"""How many rows a second an import takes, the whole way: file, number, zone, do-not-call, duplicates, two indexes.

`python -m bench.imports [rows]` on SQLite, and on PostgreSQL when DATABASE_URL names an empty one.
"""

import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from telesales.app import create_app
from telesales.config import Settings
from telesales.extensions import db, transaction
from telesales.leads.importing.inline import import_file
from telesales.leads.importing.rows import RowReader, RowRejectedError
from telesales.leads.models import Lead, LeadList
from telesales.phone import InvalidNumberError, parse_number
from telesales.tenancy.models import Client
from telesales.tenancy.scope import every_client

ROWS = 200_000
HEADER = "Name,Phone,Street,City,State,Zip\n"
STATES = (
    ("New York", "NY", "10001"),
    ("Miami", "FL", "33101"),
    ("Dallas", "TX", "75201"),
    ("Reno", "NV", "89501"),
)
RESULTS = Path(__file__).parent / "results" / "imports.json"


def area_codes() -> list[int]:
    """American area codes with the exchange 555, which is given to nobody."""
    found = []
    for code in range(201, 990):
        try:
            parse_number(f"+1{code}5550100", None)
        except InvalidNumberError:
            continue
        found.append(code)
    return found


def write_file(path: Path, rows: int) -> None:
    """Write a list of which 3 % are bad and 2 % repeated."""
    codes = area_codes()
    with path.open("w") as file:
        file.write(HEADER)
        for n in range(rows):
            nth = n - 7 if n % 50 == 9 else n
            number = (
                f"({codes[nth % len(codes)]}) 555-{nth // len(codes) % 10_000:04}" if n % 33 else "555-01"
            )
            city, state, code = STATES[n % len(STATES)]
            file.write(f"Lead Number {n},{number},{n} Main St,{city},{state},{code}\n")


def measure(url: str, path: Path, rows: int) -> dict[str, object]:
    """Import the file into an empty database."""
    settings = Settings(
        data_dir=path.parent, database_url=url, secret_key="bench", demo=False, log_level="ERROR"
    )
    app = create_app(settings)
    with app.app_context(), every_client():
        db.drop_all()
        db.create_all()
        with transaction():
            client = Client(name="Bench")
            db.session.add(client)
            db.session.flush()
            lead_list = LeadList(client_id=client.id, name="Bench", region="US")
            db.session.add(lead_list)
        started, worked = time.perf_counter(), time.process_time()
        found = import_file(path, lead_list, folder=path.parent, limit=1 << 30)
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
        stored = db.session.scalar(select(func.count()).select_from(Lead))
        counts = dict(found.counts)
        db.session.remove()
        db.drop_all()
        db.engine.dispose()
    assert sum(counts.values()) == rows, counts
    assert stored == counts["imported"], counts
    return {
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "cpu_seconds": round(cpu, 2),  # of this process: what an unloaded machine would take at least
        "rows_per_cpu_second": round(rows / cpu),
        "counts": counts,
    }


def measure_reading(path: Path) -> int:
    """Rows a second without a database."""
    lines = [line.rstrip("\n").split(",") for line in path.open()][1:50_001]
    columns = HEADER.strip().split(",")
    fields = ("name", "number", "address", "city", "state", "postal_code")
    reader = RowReader(columns=columns, mapping=dict(zip(fields, columns, strict=True)), region="US")
    started = time.perf_counter()
    for cells in lines:
        try:
            reader.read(cells)
        except RowRejectedError:
            continue
    return round(len(lines) / (time.perf_counter() - started))


def main() -> None:
    """Measure, print, keep."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_file(path, rows)
        results: dict[str, object] = {"rows": rows, "reading_rows_per_second": measure_reading(path)}
        results["sqlite"] = measure("", path, rows)
        if url := os.environ.get("DATABASE_URL"):
            results["postgresql"] = measure(url, path, rows)
    results["load_average"] = round(os.getloadavg()[0], 1)
    results["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
