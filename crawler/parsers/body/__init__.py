"""The text of an article, and what stands among it: told apart."""
