"""Reading the database: search and export over a read-only snapshot."""

# Matches at most that are ranked, the newest; a word as "yang" is in all articles.
RANKED = 10_000
KINDS = ("article", "gallery", "video", "infographic")
LANGUAGES = ("id", "en")
