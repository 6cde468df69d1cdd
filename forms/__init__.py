"""What people type and the words of refusal. Knows sync, never intake_app; choices that are data come by argument."""
