"""Raw pages as WARC: written while crawling, replayed, and read again."""
