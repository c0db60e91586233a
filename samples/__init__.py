"""A made-up Republika day, for trying the crawler without network."""
