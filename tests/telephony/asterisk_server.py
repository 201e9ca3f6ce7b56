"""A private Asterisk for tests: own folder, free ports, a configuration written by the project, no root.

with run_asterisk() as asterisk:           # one node, its carrier's address in asterisk.carrier
    asterisk.cli("core show version")
    asterisk.kill(); asterisk.start()      # a node that died with -9 and came back
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dialer.carriers.asterisk.config.files import configuration_files, write_configuration
from dialer.carriers.asterisk.config.folders import Folders
from dialer.carriers.asterisk.settings import Node, Telephony
from dialer.carriers.asterisk.settings_file import parse_telephony
from tests.telephony.callee import Carrier

START_SECONDS = 60
REQUEST_SECONDS = 30  # of a machine with something else to do
STOP_SECONDS = 3
ICE_ADDRESS = "10.99.0.1/32"
CALLER_IDS = ("+442079460100", "+442079460101")


@dataclass(frozen=True)
class Program:
    """Asterisk on this machine."""

    command: tuple[str, ...]
    modules: str
    data: str


def find_asterisk() -> Program | None:
    """The unpacked one of `make test-deps`; else the system's own."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("TELESALES_ASTERISK") or cache / "telesales" / "asterisk")
    if (folder / "ready").exists():
        usr = folder / "root" / "usr"
        loader = next(iter(sorted([*usr.glob("lib64/ld-linux*"), *usr.glob("lib/ld-linux*")])))
        modules = next(usr.glob("lib/*/asterisk/modules"))
        program = usr / "sbin" / "asterisk"
        command = (str(loader), "--library-path", str(modules.parents[1]), str(program))
        return Program(command, str(modules), str(usr / "share" / "asterisk"))
    installed = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin")
    return Program((installed,), "", "/usr/share/asterisk") if installed else None


@dataclass
class AsteriskServer:
    """One node. `telephony` may describe several; each is a server of its own."""

    program: Program
    telephony: Telephony
    node: Node
    environ: dict[str, str]
    folder: Path
    carrier: tuple[str, int]
    process: "subprocess.Popen[bytes] | None" = None
    password: str = field(init=False)

    def __post_init__(self) -> None:
        self.password = self.environ[self.node.ari_password_env]

    @property
    def sip(self) -> tuple[str, int]:
        """Where it takes SIP over UDP."""
        return self.node.network.sip_address, self.node.network.sip_port

    @property
    def recordings(self) -> Path:
        return self.folder / "spool" / "recording"

    def write(self) -> None:
        """Write its configuration."""
        folders = Folders.under(str(self.folder), modules=self.program.modules, data=self.program.data)
        for name in folders.own:
            Path(name).mkdir(parents=True, exist_ok=True)
        files = configuration_files(self.telephony, self.node, lambda name: self.environ[name], folders)
        write_configuration(files, Path(folders.settings))

    def start(self) -> None:
        """Start it and wait until ARI answers."""
        with (self.folder / "console.log").open("ab") as console:
            self.process = subprocess.Popen(
                [*self.program.command, "-C", str(self.folder / "etc" / "asterisk.conf"), "-f", "-n"],
                stdout=console, stderr=console, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"Asterisk ended with {self.process.returncode}\n{self.log()}")
            if self._is_booted():
                return
            time.sleep(0.02)
        raise RuntimeError(f"Asterisk did not start in {START_SECONDS} s\n{self.log()}")

    def _is_booted(self) -> bool:
        try:
            return bool(self.ari("GET", "asterisk/ping").get("ping") == "pong")
        except urllib.error.HTTPError as error:
            error.close()
            return error.code == 403  # up, and not for us
        except (OSError, ValueError):
            return False

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end; kill it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def ari(self, method: str, path: str, body: object = None) -> dict:
        """One request to ARI; `{}` when it answers nothing."""
        request = urllib.request.Request(f"{self.node.ari_url}/{path}", method=method)
        word = b64encode(f"{self.node.ari_user}:{self.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {word}")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=REQUEST_SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def cli(self, command: str) -> str:
        """A command of Asterisk's own console."""
        done = subprocess.run(
            [*self.program.command, "-C", str(self.folder / "etc" / "asterisk.conf"), "-rx", command],
            capture_output=True, text=True, timeout=REQUEST_SECONDS, check=False,
        )  # fmt: skip
        return done.stdout

    def hang_up_all(self) -> None:
        """Leave nothing for the next test."""
        for kind in ("channels", "bridges"):
            for one in self.ari("GET", kind):
                try:
                    self.ari("DELETE", f"{kind}/{one['id']}")
                except urllib.error.HTTPError as error:  # it ended by itself
                    error.close()

    def log(self) -> str:
        """The end of what it said."""
        texts = [path.read_text(errors="replace")[-3000:] for path in (self.folder / "log").glob("*.log")]
        return "\n".join([*texts, (self.folder / "console.log").read_text(errors="replace")[-2000:]])


def free_port(kind: int = socket.SOCK_STREAM, ip: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((ip, 0))
        return int(probe.getsockname()[1])


def own_loopback() -> str:
    """An address of the loopback network that no other test process uses."""
    pid = os.getpid()
    return f"127.{100 + secrets.randbelow(100)}.{pid >> 8 & 255}.{max(2, pid & 255)}"


def outside_address() -> str | None:
    """The machine's own address beside loopback; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("203.0.113.1", 9))
        except OSError:
            return None
        return str(probe.getsockname()[0])


@contextlib.contextmanager
def ice_address() -> Iterator[None]:
    """Asterisk offers browsers no candidate on loopback: a machine that has nothing else gets an address on `lo`.

    That needs root; others use their own network, or `unshare -Urn` with such an address.
    """
    if outside_address() is not None or os.geteuid() != 0 or not shutil.which("ip"):
        yield
        return
    subprocess.run(["ip", "address", "replace", ICE_ADDRESS, "dev", "lo"], check=True)
    yield


def write_telephony_file(
    names: tuple[str, ...], carrier: tuple[str, int], *, node: str = "", network: str = "", trunk: str = ""
) -> str:
    """A telephony file with one trunk on each node, all to one carrier."""
    parts = []
    for name in names:
        http = free_port()
        first = 10_000 + secrets.randbelow(40) * 1000
        variable = f"ARI_PASSWORD_{name.upper()}"
        parts.append(
            f'[[nodes]]\nname = "{name}"\nari_url = "http://127.0.0.1:{http}/ari"\nari_password_env = "{variable}"\n'
            f'browser_url = "ws://127.0.0.1:{http}/ws"\n{node}\n'
            f'[nodes.network]\nhttp_port = {http}\nsip_address = "127.0.0.1"\nsip_port = {free_port(socket.SOCK_DGRAM)}\n'
            f"rtp_first = {first}\nrtp_last = {first + 999}\n{network}\n"
        )
    for name in names:
        numbers = ", ".join(f'"{number}"' for number in CALLER_IDS)
        parts.append(
            f'[[trunks]]\nname = "{name}-out"\nnode = "{name}"\nhost = "{carrier[0]}"\nport = {carrier[1]}\n'
            f'max_channels = 1000\ncalls_per_second = 200.0\ncodecs = ["ulaw"]\ncaller_ids = [{numbers}]\n{trunk}\n'
        )
    return "\n".join(parts)


@contextlib.contextmanager
def run_asterisks(
    names: tuple[str, ...], *, secrets_of_trunks: Mapping[str, str] | None = None, **extra: str
) -> Iterator[list[AsteriskServer]]:
    """Several nodes, described by one telephony file."""
    program = find_asterisk()
    assert program is not None, "Asterisk is not here: run `make test-deps`"
    ip = own_loopback()
    carrier = (ip, free_port(socket.SOCK_DGRAM, ip))
    with ice_address(), tempfile.TemporaryDirectory(prefix="ts-ast-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "telephony.toml"
        path.write_text(write_telephony_file(names, carrier, **extra))
        telephony = parse_telephony(path.read_text(), str(path))
        environ = {node.ari_password_env: secrets.token_urlsafe(24) for node in telephony.nodes}
        environ |= {"TELEPHONY_FILE": str(path), **(secrets_of_trunks or {})}
        servers = [
            AsteriskServer(program, telephony, node, environ, Path(folder) / node.name, carrier)
            for node in telephony.nodes
        ]
        try:
            for server in servers:
                server.write()
                server.start()
            yield servers
        finally:
            for server in servers:
                server.stop()


@contextlib.contextmanager
def run_asterisk(**extra: str) -> Iterator[AsteriskServer]:
    """One node."""
    with run_asterisks(("one",), **extra) as (server,):
        yield server


@contextlib.asynccontextmanager
async def carrier_of(server: AsteriskServer) -> AsyncIterator[Carrier]:
    """The carrier behind the trunks of a node; fails at its end when somebody's script failed."""
    async with Carrier(*server.carrier) as carrier:
        yield carrier
    assert not carrier.problems, carrier.problems
