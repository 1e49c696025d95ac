-- The functions that change `videos`; 034 has one for storyboards. The platform's triggers fire here, so they run with the platform's search_path
-- (set in 22): all our names and operators are qualified, and temporary tables come last. Each writes all columns of its state, so that nothing of
-- an earlier state is left.

-- Whether what this transaction has deferred may fire with the rights of the owner of `videos`, as it does before PostgreSQL 18: not if it has written to
-- a table of somebody who may not act as that role, such as a temporary one of our caller's, and that table defers anything. Row by row, since there
-- may be thousands of triggers.
CREATE OR REPLACE FUNCTION thumbnails.may_fire() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN thumbnails.trusts(ARRAY(
    SELECT (SELECT c.relowner FROM pg_class c WHERE c.oid = l.relation AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgdeferrable))
      FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.mode = 'RowExclusiveLock')) IS NOT FALSE;
END
$$;

-- Ends such a write, and returns whether something was written. Deferred constraint triggers and foreign keys, also of tables that the platform's
-- triggers write to, fire now, as the owner and where their error is caught, and not at the commit, where they would undo the whole call. There may
-- be thousands of triggers: if none is deferred and no function defers any, a session does not check again within half a minute. Afterwards they
-- are deferred again.
CREATE OR REPLACE FUNCTION thumbnails.end_write(p_written boolean) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  half_minute text := (pg_catalog.date_part('epoch', pg_catalog.statement_timestamp()) OPERATOR(pg_catalog./) 30)::pg_catalog.int8::pg_catalog.text;
BEGIN
  IF NOT COALESCE(pg_catalog.current_setting('thumbnails.defers_not', true) OPERATOR(pg_catalog.=) half_minute, false) THEN
    IF EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tginitdeferred)
       OR EXISTS (SELECT FROM pg_catalog.pg_proc AS p WHERE p.prosrc OPERATOR(pg_catalog.~*) 'set[[:space:]]+constraints'
                   AND p.pronamespace OPERATOR(pg_catalog.<>) 'thumbnails'::pg_catalog.regnamespace) THEN
      IF thumbnails.may_fire() THEN
        SET CONSTRAINTS ALL IMMEDIATE;
        SET CONSTRAINTS ALL DEFERRED;
      END IF;
    ELSE
      PERFORM pg_catalog.set_config('thumbnails.defers_not', half_minute, false);
    END IF;
  END IF;
  RETURN pg_catalog.set_config('thumbnails.writing', '', true) IS NOT NULL AND p_written;
END
$$;

-- Shows a state, adds `p_metadata` to the row's, and leaves the picture as it is. `p_picture` is the row's picture at the claim: if it has another by now, the row is left as it is
-- (except for `completed`). `p_waits`: whether to wait for a row that another transaction has locked (a tenth of a second, then SQLSTATE 55P03)
-- instead of leaving it. False if nothing was written. A trigger that restores the old state is an error.
CREATE OR REPLACE FUNCTION thumbnails.write_state(
  p_id uuid, p_picture text, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb, p_waits boolean) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
#variable_conflict use_variable
DECLARE
  -- Marks the row as being written by us. An expression is cheaper than PERFORM, which is a query.
  p_shown text := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true);
  p_started pg_catalog.timestamptz := CASE WHEN p_state OPERATOR(pg_catalog.=) 'processing' THEN pg_catalog.clock_timestamp() END;
BEGIN
  IF NOT p_waits THEN
    PERFORM FROM public.videos v WHERE v.id OPERATOR(pg_catalog.=) p_id FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      RETURN thumbnails.end_write(false);
    END IF;
  END IF;
  -- A loop, since an id may occur twice.
  FOR p_shown IN UPDATE public.videos v
     SET thumbnail_generation_status = p_state,
         thumbnail_generation_error = p_error,
         thumbnail_generation_error_code = p_class,
         thumbnail_generation_attempts = p_attempts,
         thumbnail_generation_started_at = COALESCE(p_started, v.thumbnail_generation_started_at),
         thumbnail_generation_last_attempt_at = COALESCE(p_started, v.thumbnail_generation_last_attempt_at),
         thumbnail_metadata = CASE WHEN p_metadata IS NULL THEN v.thumbnail_metadata
           WHEN pg_catalog.jsonb_typeof(v.thumbnail_metadata) OPERATOR(pg_catalog.=) 'object' THEN v.thumbnail_metadata OPERATOR(pg_catalog.||) p_metadata
           ELSE p_metadata END
   WHERE v.id OPERATOR(pg_catalog.=) p_id
     AND (v.thumbnail_url IS NULL OR thumbnails.lacks(v.thumbnail_url) OR v.thumbnail_url OPERATOR(pg_catalog.=) p_picture
          OR p_state OPERATOR(pg_catalog.=) 'completed')
  RETURNING v.thumbnail_generation_status LOOP
    IF COALESCE(p_shown OPERATOR(pg_catalog.<>) p_state, true) THEN
      RAISE EXCEPTION 'a trigger of the platform''s puts the state back';
    END IF;
  END LOOP;
  RETURN thumbnails.end_write(FOUND);
END
$$;

-- What stays in a row's metadata beside those of a new picture: the URL of one that was not ours and was replaced, and the storyboard, which is not the
-- picture's. `write_picture` calls it, with the platform's search_path. STABLE as what it calls, or it would be parsed and planned for each row.
CREATE OR REPLACE FUNCTION thumbnails.lasting(metadata jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
    'replaced', pg_catalog.jsonb_extract_path(metadata, 'replaced'), 'storyboard', pg_catalog.jsonb_extract_path(metadata, 'storyboard')))
$$;

-- Shows a picture. The condition is checked again on the locked version: a new video or a picture from outside, even one that was just committed,
-- refuses the result, and so does a trigger that removes the picture. False if nothing was written.
CREATE OR REPLACE FUNCTION thumbnails.write_picture(
  p_id uuid, p_source text, p_old text, p_url text, p_metadata jsonb, p_attempts integer, p_started timestamptz) RETURNS boolean
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
#variable_conflict use_variable
DECLARE
  p_written boolean := pg_catalog.set_config('thumbnails.writing', p_id::pg_catalog.text, true) IS NULL;
  p_shown text;
BEGIN
  UPDATE public.videos v
     SET thumbnail_url = p_url,
         thumbnail_generation_status = 'completed',
         thumbnail_generation_error = NULL,
         thumbnail_generation_error_code = NULL,
         thumbnail_generation_attempts = p_attempts,
         thumbnail_generation_started_at = p_started,
         thumbnail_generation_last_attempt_at = p_started,
         thumbnail_generated_at = pg_catalog.clock_timestamp(),
         thumbnail_metadata = thumbnails.lasting(v.thumbnail_metadata) OPERATOR(pg_catalog.||) p_metadata
   WHERE v.id OPERATOR(pg_catalog.=) p_id AND COALESCE(v.video_url OPERATOR(pg_catalog.=) p_source, v.video_url IS NULL AND p_source IS NULL)
     AND COALESCE(v.thumbnail_url OPERATOR(pg_catalog.=) p_old, v.thumbnail_url IS NULL AND p_old IS NULL)
  RETURNING v.thumbnail_url INTO p_shown;
  p_written := FOUND;
  IF p_written AND (thumbnails.lacks(p_shown) OR p_shown OPERATOR(pg_catalog.=) p_old AND p_url OPERATOR(pg_catalog.<>) p_old) THEN
    RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
  END IF;
  RETURN thumbnails.end_write(p_written);
END
$$;

-- Like `write_state`, but goes on without it: a refusal by the platform is noted in the history, and the next write mends it. A lock time-out is
-- ignored, since the result will follow. OTHERS does not catch an ASSERT of the platform's, so that is listed, too, here and everywhere. Nor does it
-- catch the server's end of a trigger that takes too long: then nothing ends the next trigger of this statement, so `thumbnails.cut` forbids it.
CREATE OR REPLACE FUNCTION thumbnails.show_state(
  p_job thumbnails.jobs, p_state text, p_error text, p_class text, p_attempts integer, p_metadata jsonb DEFAULT NULL, p_waits boolean DEFAULT false)
RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  refused_text text;
BEGIN
  -- The row has no state of a storyboard.
  IF p_job.kind <> 'thumbnail' OR current_setting('thumbnails.cut', true) = 'on' THEN
    RETURN false;
  END IF;
  FOR round IN 1..2 LOOP
    BEGIN
      RETURN thumbnails.write_state(p_job.video_id, p_job.old_thumbnail, p_state, p_error, p_class, p_attempts, p_metadata, p_waits);
    EXCEPTION WHEN OTHERS OR assert_failure OR query_canceled THEN
      IF p_waits AND SQLSTATE = '55P03' THEN
        RETURN false;
      ELSIF SQLSTATE = '57014' THEN
        PERFORM set_config('thumbnails.cut', 'on', true);
      END IF;
      refused_text := format('the platform refused ''%s'' on its row: %s (%s)', p_state, left(SQLERRM, 1000), SQLSTATE);
      EXIT WHEN SQLSTATE <> '42804';
      DISCARD PLANS; -- See `settle`.
    END;
  END LOOP;
  -- Only once, however often it is retried.
  INSERT INTO thumbnails.events (video_id, class, text)
  SELECT p_job.video_id, 'platform', refused_text
   WHERE NOT EXISTS (SELECT FROM thumbnails.events e WHERE e.video_id = p_job.video_id AND e.class = 'platform' AND thumbnails.words(e.text) = thumbnails.words(refused_text));
  RETURN false;
END
$$;

-- Records an object for the garbage collector; NULL is none.
CREATE OR REPLACE FUNCTION thumbnails.put_down(p_key text, p_video_id uuid, p_keep_seconds double precision DEFAULT 86400) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  -- Usually there is none, and IF costs less than a statement.
  IF p_key IS NOT NULL THEN
    INSERT INTO thumbnails.object_deletions AS d (key, video_id, not_before)
    VALUES (p_key, p_video_id, clock_timestamp() + make_interval(secs => p_keep_seconds))
    -- It may have been shown again since.
    ON CONFLICT (key) DO UPDATE SET not_before = greatest(d.not_before, excluded.not_before);
  END IF;
END
$$;

-- Notes in a video's history what is no transition, among it that it brought its decoder down, `p_decoder_end` in a few words.
CREATE OR REPLACE FUNCTION thumbnails.note_event(p_video_id uuid, p_class text, p_text text, p_decoder_end text DEFAULT NULL) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO thumbnails.events (video_id, class, text, detail)
  SELECT p_video_id, p_class, left(p_text, 1000),
         CASE WHEN p_decoder_end IS NOT NULL THEN jsonb_build_object('decoderEnd', left(p_decoder_end, 40), 'worker', current_setting('application_name')) END
$$;
