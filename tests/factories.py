"""All `make_…` functions; each domain keeps its own file."""

from importlib import import_module
from pathlib import Path

for _path in sorted(Path(__file__).parent.glob("factories_*.py")):
    _module = import_module(f"tests.{_path.stem}")
    globals().update({name: value for name, value in vars(_module).items() if name.startswith("make_")})
