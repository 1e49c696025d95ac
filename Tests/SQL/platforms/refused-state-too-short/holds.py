"""The platform has a column of that name already, which is too short: a picture that a user sets would be refused."""

REFUSED = "value too long for type character varying(8)"
