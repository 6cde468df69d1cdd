"""The words of the counter: calls without a case, hand-overs, emergencies, papers."""

from __future__ import annotations

from forms.marking import N_

IDLE_CALLS = {
    "wrong_number": N_("Dialled wrongly"),
    "silent": N_("Nobody spoke"),
    "nuisance": N_("Nuisance"),
    "information": N_("Information only"),
}
SHIFT_OUTCOMES = {
    "answered_on_spot": N_("Answered on the spot"),
    "guided": N_("Guided to a procedure"),
    "to_handle": N_("To be handled"),
}
EMERGENCY = {
    "police": N_("police"),
    "fire": N_("fire, rescue"),
    "ambulance": N_("ambulance"),
    "hotline": N_("the hotline"),
}
PAPERS = {
    "receipt": N_("Receipt"),
    "transfer": N_("Transfer slip"),
    "guidance": N_("Guidance slip"),
    "reply": N_("Reply slip"),
    "register": N_("Register of receptions"),
    "tracking": N_("Register of reports"),
}
