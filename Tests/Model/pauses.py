"""Functions that can be held between any two of their statements.

Every PL/pgSQL function of ours that writes is given a pause after each statement. A pause does nothing, unless the session has been told to
stop at it (`model.pause_at`) and somebody holds the advisory lock of the session: then it waits for that, as for any other lock.
"""

# Of the lock's two numbers the first; the second is the session's process.
LOCKS = 7204
PAUSE = f"""
    CREATE FUNCTION public.pause() RETURNS boolean LANGUAGE plpgsql SET lock_timeout = 0 AS $$
    DECLARE
      stop integer := coalesce(nullif(current_setting('model.pause_at', true), ''), '0')::integer;
      passed integer := coalesce(nullif(current_setting('model.passed', true), ''), '0')::integer + 1;
    BEGIN
      IF stop > 0 THEN
        PERFORM set_config('model.passed', passed::text, true);
        IF passed = stop THEN
          PERFORM pg_advisory_lock_shared({LOCKS}, pg_backend_pid());
          PERFORM pg_advisory_unlock_shared({LOCKS}, pg_backend_pid());
        END IF;
      END IF;
      RETURN false;
    END
    $$"""
WRITERS = """SELECT pg_get_functiondef(p.oid), p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    WHERE p.provolatile = 'v' AND l.lanname = 'plpgsql' AND p.prosrc LIKE '%%\nBEGIN\n%%'
      AND (p.pronamespace = 'thumbnails'::regnamespace OR p.proname IN ('auto_retry_stuck_thumbnails', 'manually_trigger_thumbnail_generation',
                                                                        'batch_trigger_thumbnail_generation'))
      AND p.proname NOT IN ('fold_events', 'prune_history', 'hand_out')"""
# As a condition, for PERFORM would set FOUND.
CALL = " IF public.pause() THEN NULL; END IF;"


def with_pauses(source):
    """The body with a pause after each statement: statements end at the end of a line."""
    declarations, body = source.split("\nBEGIN\n", 1)
    lines = [line + CALL if line.endswith(";") and not line.lstrip().startswith(("RETURN", "EXIT", "CONTINUE")) else line for line in body.split("\n")]
    return declarations + "\nBEGIN\n" + "\n".join(lines)


def add_pauses(connection):
    cursor = connection.cursor()
    cursor.execute(PAUSE)
    cursor.execute(WRITERS.replace("%%", "%"))
    for definition, source in cursor.fetchall():
        assert definition.count(source) == 1
        cursor.execute(definition.replace(source, with_pauses(source)))
    # Who waits for the platform gives up in proportion to how fast everything else goes here.
    cursor.execute("""SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace
        AND 'lock_timeout=500ms' = ANY (p.proconfig)""")
    for name, in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {name} SET lock_timeout = '50ms'")
