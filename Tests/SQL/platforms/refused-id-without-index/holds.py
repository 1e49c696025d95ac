"""The key is (tenant, id), and no index begins with the id: every claim would read the whole table. Refused, and nothing is changed."""

REFUSED = "no index begins with it"
