"""The pages of an office: five steps a view (may I, find, validate, act, redirect), no query and no rule of their own.

The centre's operators use the same pages; what only the centre has lies in intake_app/central.
"""
