"""What the commands share.

Apart from `crawler.commands`, since Scrapy takes every command class in there for a command.
"""
