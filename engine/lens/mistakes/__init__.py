"""Wrong backward steps of arrays: what somebody may have computed in place of the right contribution, and why."""
