"""The platform has columns of those names already, with CHECKs that a picture from outside does not pass."""

REFUSED = 'violates check constraint "has_times"'
