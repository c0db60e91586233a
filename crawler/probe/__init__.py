"""The first contact with the live site: what is believed of it, held against it."""
