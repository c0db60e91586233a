"""The commands that only read the database, without Scrapy, whose start takes longer than theirs.

`crawler.commands` hands them to Scrapy; ``republika`` runs them by itself.
"""
