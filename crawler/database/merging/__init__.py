"""Databases of several machines made one, the same in whatever order they come."""
