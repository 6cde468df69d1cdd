"""A client of Kinto that keeps its offline records in SQLite: one JSON order a line, one JSON answer a line.

It runs in the peers' own virtual environment and does what an application on Kinto has to do by itself: read its outbox in
batches, mark what was taken, and write what it pulled to disk, every commit fsynced.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

RECORDS = "/v1/buckets/intake/collections/reports/records"


def session() -> requests.Session:
    """A session of its own connection."""
    made = requests.Session()
    made.trust_env = False
    made.auth = ("office", "mat-khau")
    return made


def opened(name: str) -> sqlite3.Connection:
    """The records of one computer."""
    database = sqlite3.connect(name, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, document TEXT, version INTEGER, unsent INTEGER)"
    )
    return database


class Client:
    """The orders."""

    def __init__(self) -> None:
        self.databases: dict[str, sqlite3.Connection] = {}
        self.sessions: dict[str, requests.Session] = {}
        self.since: dict[str, str] = {}

    def _database(self, name: str) -> sqlite3.Connection:
        if name not in self.databases:
            self.databases[name] = opened(name)
        return self.databases[name]

    def setup(self, url: str) -> int:
        """Make the bucket and the collection."""
        for path in ("/v1/buckets/intake", "/v1/buckets/intake/collections/reports"):
            session().put(url + path, json={}).raise_for_status()
        return 0

    def fill(self, name: str, file: str) -> int:
        """Put the lines of a file into the outbox."""
        lines = [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]
        database = self._database(name)
        database.execute("BEGIN")
        rows = [(line["source_id"], json.dumps(line, ensure_ascii=False)) for line in lines]
        database.executemany("INSERT INTO record VALUES (?,?,NULL,1)", rows)
        database.execute("COMMIT")
        return len(lines)

    def push(self, name: str, url: str, batch: int) -> int:
        """Send what is unsent; what somebody else changed first is sent again over it (the client wins)."""
        database, http, sent = self._database(name), self.sessions.setdefault(name, session()), 0
        while True:
            rows = database.execute(
                "SELECT id, document, version FROM record WHERE unsent = 1 LIMIT ?", (batch,)
            ).fetchall()
            if not rows:
                return sent
            wanted = [_put(*row) for row in rows]
            body = json.dumps({"requests": wanted}, ensure_ascii=False, separators=(",", ":")).encode()
            answer = http.post(url + "/v1/batch", data=body, headers={"Content-Type": "application/json"})
            answer.raise_for_status()
            database.execute("BEGIN")
            for (key, _, _), one in zip(rows, answer.json()["responses"], strict=True):
                sent += self._taken(database, key, one)
            database.execute("COMMIT")

    @staticmethod
    def _taken(database: sqlite3.Connection, key: str, answer: dict[str, Any]) -> int:
        if answer["status"] in (200, 201):
            version = answer["body"]["data"]["last_modified"]
            database.execute("UPDATE record SET unsent = 0, version = ? WHERE id = ?", (version, key))
            return 1
        if answer["status"] != 412:
            raise RuntimeError(str(answer))
        version = answer["body"]["details"]["existing"]["last_modified"]
        database.execute("UPDATE record SET version = ? WHERE id = ?", (version, key))
        return 0

    def pull(self, name: str, url: str) -> int:
        """Fetch what is new."""
        database, http, count = self._database(name), self.sessions.setdefault(name, session()), 0
        since = f"&_since={self.since[name]}" if name in self.since else ""
        page: str | None = f"{url}{RECORDS}?_sort=last_modified{since}"
        while page:
            answer = http.get(page)
            answer.raise_for_status()
            rows = [
                (one["id"], json.dumps(one, ensure_ascii=False), one["last_modified"]) for one in answer.json()["data"]
            ]
            database.execute("BEGIN")
            database.executemany("INSERT OR REPLACE INTO record VALUES (?,?,?,0)", rows)
            database.execute("COMMIT")
            count += len(rows)
            self.since[name] = answer.headers["ETag"].strip('"')
            page = answer.headers.get("Next-Page")
        return count

    def edit(self, name: str, count: int, value: str) -> int:
        """Change one field of the first records."""
        return (
            self._database(name)
            .execute(
                "UPDATE record SET unsent = 1, document = json_set(document, '$.status', ?)"
                " WHERE id IN (SELECT id FROM record ORDER BY id LIMIT ?)",
                (value, count),
            )
            .rowcount
        )


def _put(key: str, document: str, version: int | None) -> dict[str, Any]:
    wanted: dict[str, Any] = {"method": "PUT", "path": f"{RECORDS}/{key}", "body": {"data": json.loads(document)}}
    if version:
        wanted["headers"] = {"If-Match": f'"{version}"'}
    return wanted


def main() -> None:
    """Answer orders until the input ends."""
    client = Client()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        act: Callable[..., int] = getattr(client, order.pop("order"))
        began = time.perf_counter()
        try:
            answer: dict[str, Any] = {"count": act(**order)}
        except Exception as problem:
            answer = {"error": repr(problem)}
        print(json.dumps(answer | {"seconds": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    main()
