"""The terminal side of gradwalk: the Textual app and the command line."""
