"""Who takes part in the demo: four nodes, their places among the ports, and the people with their passwords."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
# Printed, the same for all and good for nothing else: the demo listens on this computer only.
PASSWORD = "thu-nghiem-1022"
SYNC_SECONDS = 3
LINK_OFFSET = 4
CONTROL_OFFSET = 9
# Routes and answers the samples.
CENTRE_LEADER = "lanhdao"


@dataclass(frozen=True)
class Person:
    """An account of the demo."""

    username: str
    name: str
    roles: tuple[str, ...]
    agency: str | None = None  # of somebody who handles for another agency than the office's own


@dataclass(frozen=True)
class Member:
    """One node of the demo."""

    role: str
    office: str
    folder: str
    offset: int
    admin: Person
    people: tuple[Person, ...]  # the first one receives reports

    def instance(self, root: Path) -> Path:
        """Where the node keeps its files."""
        return root / self.folder

    def port(self, first: int) -> int:
        """Where its pages are."""
        return first + self.offset

    def link_port(self, first: int) -> int:
        """Where it finds the centre, through a link that can be cut."""
        return first + LINK_OFFSET + self.offset


CENTRE = Member(
    "central",
    "1022",
    "central",
    0,
    Person("quantri", "Lê Thị Quản", ("administrator",)),
    (
        Person("tongdai", "Nguyễn Thị Hà", ("operator",)),
        Person("dieuphoi", "Trần Văn Phối", ("dispatcher", "operator")),
        Person("soyte", "Phạm Thị Lý", ("case_handler",), "SYT"),
        Person("qltt", "Bùi Văn Giá", ("case_handler",), "CQLTT"),
        Person(CENTRE_LEADER, "Hoàng Văn Duyệt", ("approver", "case_handler", "dispatcher")),
        Person("giamsat", "Đỗ Văn Soát", ("auditor",)),
    ),
)
OFFICES = (
    Member(
        "office",
        "0380",
        "office-0380",
        1,
        Person("quantri", "Vũ Văn Quản", ("administrator",)),
        (
            Person("tiepnhan", "Trần Thị Bình", ("intake_officer",)),
            Person("xuly", "Ngô Văn Lý", ("case_handler",)),
            Person("lanhdao", "Mai Văn Duyệt", ("approver",)),
        ),
    ),
    Member(
        "office",
        "0382",
        "office-0382",
        2,
        Person("quantri", "Cao Thị Quản", ("administrator",)),
        (
            Person("tiepnhan", "Lê Văn An", ("intake_officer",)),
            Person("xuly", "Đinh Thị Lý", ("case_handler",)),
        ),
    ),
    Member(
        "office",
        "3042",
        "laptop-3042",
        3,
        Person("quantri", "Hà Văn Quản", ("administrator",)),
        (Person("canbo", "Lò Thị Mai", ("commune_officer",)),),
    ),
)
MEMBERS = (CENTRE, *OFFICES)


def ports(first: int) -> list[int]:
    """Every port the demo listens on."""
    own = [member.port(first) for member in MEMBERS]
    links = [member.link_port(first) for member in OFFICES]
    return [*own, *links, first + CONTROL_OFFSET]
