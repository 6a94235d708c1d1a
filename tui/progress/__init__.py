"""What a learner has done and can do, kept between runs."""
