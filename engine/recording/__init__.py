"""What all numbers share that remember where they came from: never cut off unasked, and with the usual names."""
