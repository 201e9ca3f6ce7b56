"""The people of the demo: twelve simulated agents, and one person to be for each role. Pure data."""

from dataclasses import dataclass

from telesales.access.roles import Role

DOMAIN = "demo.example"
TEAM = "Harbour"
CLIENT = "Northwind Demo"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the demo. `skill` 0.6…1.4 makes some sell more than others; `works_on` names campaigns."""

    key: str
    name: str
    role: Role = Role.AGENT
    latin: str = ""
    skill: float = 1.0
    works_on: tuple[str, ...] = ("en",)
    locale: str = ""

    @property
    def email(self) -> str:
        """Address that no mail can reach."""
        return f"{self.key}@{DOMAIN}"


SIMULATED = (
    Member("li.na", "李娜", latin="Li Na", skill=1.35, works_on=("zh",)),
    Member("chen.wei", "陈伟", latin="Chen Wei", skill=1.05, works_on=("zh",)),
    Member("wang.xiaoming", "王小明", latin="Wang Xiaoming", skill=0.85, works_on=("zh",)),
    Member("zhang.huimin", "张慧敏", latin="Zhang Huimin", skill=1.15, works_on=("zh",)),
    Member("lin.jiayi", "林佳怡", latin="Lin Jiayi", skill=0.75, works_on=("zh",)),
    Member("omar.haddad", "Omar Haddad", skill=1.25),
    Member("ana.souza", "Ana Souza", skill=1.1),
    Member("priya.raman", "Priya Raman", skill=1.3),
    Member("tom.lindqvist", "Tom Lindqvist", skill=0.8),
    Member("grace.okafor", "Grace Okafor", skill=1.0),
    Member("diego.fernandez", "Diego Fernández", skill=0.9),
    Member("elif.yilmaz", "Elif Yılmaz", skill=0.95),
)
PERSONS = (
    Member("alex.morgan", "Alex Morgan", Role.ADMINISTRATOR),
    Member("mei.lin", "林梅", Role.MANAGER, latin="Lin Mei", locale="en"),
    Member("sofia.rossi", "Sofia Rossi", Role.SUPERVISOR),
    Member("ruth.becker", "Ruth Becker", Role.REVIEWER),
    Member("sam.rivera", "Sam Rivera", works_on=("en", "zh")),
    Member("nora.north", "Nora North", Role.CLIENT),
)
MEMBERS = (*SIMULATED, *PERSONS)
