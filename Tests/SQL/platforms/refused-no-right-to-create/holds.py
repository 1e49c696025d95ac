"""The owner of `videos` may make nothing beside it: the program says which rights it needs, and changes nothing."""

REFUSED = None
PROGRAM_SAYS = ("platform may not make the schema thumbnails (GRANT CREATE ON DATABASE habit_refused_no_right_to_create TO platform); "
                "platform may not make functions and views in the schema public (GRANT CREATE ON SCHEMA public TO platform)")
