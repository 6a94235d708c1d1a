"""The session's side of a lecture: the presenter's screens are told of, a follower's go where they are."""
