"""A tool has added and dropped columns for years: PostgreSQL counts the dropped ones, too, and has none left for ours."""

REFUSED = "has used up nearly all of the 1,600 columns a table can have, dropped ones included, and needs 8 more"
