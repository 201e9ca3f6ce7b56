"""Where one Asterisk keeps its things."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders of a node; the ones of Debian's package unless told otherwise."""

    settings: str = "/etc/asterisk"
    modules: str = ""  # empty: where this Asterisk was built to look
    data: str = "/usr/share/asterisk"
    state: str = "/var/lib/asterisk"
    spool: str = "/var/spool/asterisk"  # recordings wait here until they are fetched
    run: str = "/run/asterisk"
    log: str = "/var/log/asterisk"
    cache: str = "/var/cache/asterisk"

    @classmethod
    def under(cls, folder: str, *, modules: str, data: str) -> "Folders":
        """A private Asterisk: all that it writes in one folder, its program elsewhere."""
        return cls(
            settings=f"{folder}/etc",
            modules=modules,
            data=data,
            state=f"{folder}/state",
            spool=f"{folder}/spool",
            run=f"{folder}/run",
            log=f"{folder}/log",
            cache=f"{folder}/cache",
        )

    @property
    def own(self) -> tuple[str, ...]:
        """Folders that Asterisk writes into."""
        return (
            self.state,
            f"{self.state}/keys",
            self.spool,
            f"{self.spool}/recording",
            f"{self.spool}/tmp",  # noqa: S108 - a folder of its own
            self.run,
            self.log,
            self.cache,
        )
