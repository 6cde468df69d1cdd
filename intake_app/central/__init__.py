"""Pages of the centre: what arrived, who gets it, which computers are out there. A blueprint per subject."""
