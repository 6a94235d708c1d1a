"""Walks and training runs as documents: JSON and CSV, with their schemas."""
