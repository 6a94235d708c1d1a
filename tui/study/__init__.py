"""What the screens on which a learner works share: the question, predicting, lessons, drill and hunt."""
