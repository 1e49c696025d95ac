"""Functions and operators in `public` have names of PostgreSQL's own, and the path looks there first: ours never call them."""

from habit import expect


def holds(db):
    expect("the path", db.worker("SHOW search_path"), "public, pg_catalog")
    # What stands for the platform and the onlooker here writes no schemas.
    for session in (db.platform, db.root):
        session("SET search_path = pg_catalog, public")
    db.expect_life()
    db.expect_idle()
    db.migrate(anew=True)
    db.expect_life()
    # The platform's own statements, of one who knows the traps: the triggers fire under this path, with the rights of the owner.
    db.root("""CREATE DOMAIN public.text AS pg_catalog.int4 CHECK (VALUE > 0);
               CREATE FUNCTION public.trap(jsonb, pg_catalog.text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'an operator of public'; END $$;
               CREATE FUNCTION public.trap(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'an operator of public'; END $$;
               CREATE OPERATOR public.? (LEFTARG = jsonb, RIGHTARG = pg_catalog.text, FUNCTION = public.trap);
               CREATE OPERATOR public.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.trap)""")
    for call in ("date_part(pg_catalog.text, timestamptz)", "statement_timestamp()", "to_regnamespace(pg_catalog.text)", "pg_try_advisory_xact_lock_shared(bigint)"):
        db.root(f"CREATE FUNCTION public.{call} RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a function of public'; END $$")
    platform = db.session()
    for change in ("status = 'completed'", "video_url = 'http://x/another.mp4'", "thumbnail_url = 'http://x/theirs.jpg'", "title = 'another'"):
        # In one second, so that each but the first is the usual one, for which the configuration was just checked.
        with platform.transaction():
            for video in [db.add("processing") for _ in range(3)]:
                platform(f"UPDATE public.videos SET {change} WHERE id OPERATOR(pg_catalog.=) '{video}'")
    expect("the path is put back", platform("SHOW search_path"), "public, pg_catalog")
    platform("DELETE FROM public.videos")
