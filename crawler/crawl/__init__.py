"""One crawl: its run, its health, its manners."""
