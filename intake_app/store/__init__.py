"""The only SQL. Functions take a connection of a transaction that an action opened; nothing here commits but `database`."""
