"""Republika (republika.co.id) as data: pages in, clean records in SQLite out."""

__version__ = "0.1.0"
