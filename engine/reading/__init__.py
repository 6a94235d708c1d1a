"""Scenario files: from TOML to what is walked or trained; every error gets its place in the file here."""
