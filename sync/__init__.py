"""Reconciliation: what an event is, how a report folds from events, and how two machines agree.

Pure: no database, no clock, no randomness, no sockets. `transport`, `schedule` are the only adapters.
"""
