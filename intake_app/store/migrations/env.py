"""What Alembic runs to bring a database up. `store/schema.upgrade` hands the engine in; there is no alembic.ini and no way down.

Each revision is one transaction of its own, the number in `alembic_version` included: killed at any moment, the database is at
one revision or at the next, never between.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, Engine, event

from intake_app.store.tables_central import metadata


def bring_up(engine: Engine) -> None:
    """Run what is missing on one connection, which is begun as store/database begins its writers."""
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # A table that is made anew under its old name would take the rows that point to it along; checked below instead.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()  # ends what SQLAlchemy takes for begun; a pragma is no part of a transaction
        # The driver begins nothing by itself, so the DDL would commit line by line.
        begin = _begin_immediate if sqlite else _begin
        event.listen(connection, "begin", begin)
        try:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                transaction_per_migration=True,
                transactional_ddl=True,
                on_version_apply=_check_references if sqlite else None,
            )
            context.run_migrations()
        finally:
            event.remove(connection, "begin", begin)
            connection.rollback()
            if sqlite:
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _check_references(ctx: object, **_step: object) -> None:
    """Stop a revision that leaves a row pointing at nothing; it is rolled back with all it did."""
    connection = context.get_bind()
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        raise RuntimeError(f"the migration leaves rows that point at nothing: {lost[:3]}")


bring_up(context.config.attributes["engine"])
