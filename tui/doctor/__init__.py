"""What `gradwalk doctor` finds: what is installed, at which terminal, in which language, and what is remembered."""
