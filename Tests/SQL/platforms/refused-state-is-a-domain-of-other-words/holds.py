"""The platform has a column of that name already, of a domain with other words."""

REFUSED = "value for domain thumb_state violates"
