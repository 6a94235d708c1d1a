"""What a lecture is made of, apart from any screen: its messages, and the counts of what was answered."""
