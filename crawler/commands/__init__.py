"""The commands, each a process of its own. Scrapy imports all of them whichever is called.

So what only one needs, it imports when it runs.
"""
