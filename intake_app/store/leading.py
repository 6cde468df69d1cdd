"""Which of several workers at a centre does what is done once for all of them: the one that holds a lock of the database.

The lock belongs to a connection. When its holder dies, however it dies, the server lets go of it and the next who asks has it.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from intake_app.store.database import Database
from intake_app.store.postgres import LEADING


class Lead:
    """The lead among the workers of a centre, as one of them sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._has = False
        self._turn = threading.Lock()

    def holds(self) -> bool:
        """Whether this worker leads; it takes the lead where nobody has it."""
        with self._turn:
            try:
                self._has = self._ask()
            except DBAPIError:
                # The connection is gone, and with it the lock: perhaps another worker leads already.
                self._drop()
            return self._has

    def _ask(self) -> bool:
        if self._connection is None:
            self._connection = self._database.engine.connect()
        if self._has:
            self._connection.exec_driver_sql("SELECT 1")
            return True
        return bool(self._connection.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (LEADING,)).scalar())

    def _drop(self) -> None:
        connection, self._connection, self._has = self._connection, None, False
        if connection is not None:
            connection.invalidate()  # back in the pool it would go on holding the lock
            connection.close()

    def give_up(self) -> None:
        """Let another worker lead."""
        with self._turn:
            if self._has and self._connection is not None:
                with suppress(DBAPIError):  # who is cut off leads no more anyway
                    self._connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (LEADING,))
            self._drop()
