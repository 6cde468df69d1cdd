"""What PostgreSQL is handed at once says the same as one value, or one row, after the other."""

from __future__ import annotations

from intake_app.store.bulk import Bulk, bulk_of, spelled, unnested
from intake_app.store.tables_central import metadata


def test_a_list_becomes_one_array_among_the_other_parameters() -> None:
    spelling = spelled("SELECT a FROM t WHERE b = ? AND c IN (?,?,?) AND d LIKE 'x%' AND e NOT IN (?, ?) AND f = ?")
    assert spelling.sql == "SELECT a FROM t WHERE b = %s AND c = ANY(%s) AND d LIKE 'x%%' AND e <> ALL(%s) AND f = %s"
    assert spelling.arguments((1, 2, 3, 4, 5, 6, 7)) == (1, [2, 3, 4], [5, 6], 7)


def test_a_statement_without_a_list_keeps_its_parameters() -> None:
    spelling = spelled("SELECT a FROM t WHERE b IN (?) AND c = ?")
    assert (spelling.sql, spelling.arguments((1, 2))) == ("SELECT a FROM t WHERE b IN (%s) AND c = %s", (1, 2))


def test_lists_of_other_lengths_are_the_same_statement() -> None:
    assert spelled("SELECT 1 WHERE a IN (?,?)").sql == spelled("SELECT 1 WHERE a IN (?,?,?)").sql


def test_only_an_insert_of_parameters_alone_goes_in_bulk() -> None:
    assert bulk_of("INSERT INTO t (a, b) VALUES (?,?)") == Bulk("t", "a, b", "")
    assert bulk_of("INSERT INTO t (a, b) VALUES (?,1)") is None
    assert bulk_of("UPDATE t SET a = ?") is None


def test_rows_that_may_meet_others_come_as_one_array_a_column() -> None:
    into = bulk_of("INSERT INTO feed (scope_no, removed) VALUES (?,?) ON CONFLICT (scope_no) DO NOTHING")
    assert into is not None
    arrays = "unnest(%s::bigint[],%s::smallint[]) ON CONFLICT (scope_no) DO NOTHING"
    assert unnested(metadata, into) == f"INSERT INTO feed (scope_no, removed) SELECT * FROM {arrays}"
