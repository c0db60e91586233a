"""The archive in the browser: Datasette over the crawler's database, with pages of our own."""
