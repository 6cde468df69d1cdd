"""The words of deadlines: how one stands, and in what a rule counts."""

from __future__ import annotations

from forms.marking import N_

DEADLINE_STATES = {
    "on_track": N_("Within the time"),
    "due_soon": N_("Due soon"),
    "overdue": N_("Overdue"),
    "paused": N_("Clock stopped"),
    "on_time": N_("On time"),
    "late": N_("Late"),
    "none": N_("No deadline"),
}
UNITS_OF_TIME = {
    "working_hours": N_("Working hours"),
    "working_days": N_("Working days"),
    "calendar_days": N_("Calendar days"),
    "hours": N_("Hours, day and night"),
}
