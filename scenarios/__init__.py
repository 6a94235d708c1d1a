"""The built-in scenarios: one TOML file each, shipped inside the wheel."""
