-- The functions that triggers on `videos` call. The triggers themselves are made in the transaction of the table's own changes (07).
--
-- `guard` keeps the state columns from `anon` and `authenticated`; `project` shows in the platform's own row what can be told at once; `note`
-- and `note_truncate` append to the inbox. Our own writes name their row in the setting `thumbnails.writing`: they are not projected, and nothing
-- goes into the inbox for them.

-- Puts back what `anon` and `authenticated` write to the state columns: its triggers fire for these roles alone. It runs with the writer's own
-- rights, and without a search_path of its own. On INSERT the values of OLD are NULL.
CREATE OR REPLACE FUNCTION thumbnails.guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
  NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
  NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
  NEW.thumbnail_generation_attempts := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN 0 ELSE OLD.thumbnail_generation_attempts END;
  NEW.thumbnail_generation_started_at := OLD.thumbnail_generation_started_at;
  NEW.thumbnail_generation_last_attempt_at := OLD.thumbnail_generation_last_attempt_at;
  NEW.thumbnail_generated_at := OLD.thumbnail_generated_at;
  NEW.thumbnail_metadata := CASE WHEN TG_OP OPERATOR(pg_catalog.=) 'INSERT' THEN '{}' ELSE OLD.thumbnail_metadata END;
  RETURN NEW;
END
$$;

-- Whether two URLs of a video's thumbnail show the same picture: the same URL, or the same object of ours behind another address.
CREATE OR REPLACE FUNCTION thumbnails.is_same_picture(a text, b text, video_id uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT a IS NOT DISTINCT FROM b OR coalesce(thumbnails.object_key(a, video_id) = thumbnails.object_key(b, video_id), false)
$$;

-- Before a write of `status`, `video_url` or `thumbnail_url`: assignments only, for what is written to NEW in an AFTER trigger is
-- discarded. Generated columns have no value here yet: what is not seen here, `merge` writes.
CREATE OR REPLACE FUNCTION thumbnails.project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  starts boolean;
  missing text;
BEGIN
  -- The status as text: the enum may have the word no longer.
  IF current_setting('thumbnails.writing', true) = NEW.id::text THEN
    RETURN NEW;
  ELSIF TG_OP = 'UPDATE' AND NEW.thumbnail_url IS NULL AND OLD.status IS DISTINCT FROM NEW.status AND NEW.status::text = 'completed'
        AND OLD.video_url = NEW.video_url THEN
    starts := true; -- as most do
  ELSIF TG_OP = 'INSERT' THEN
    -- A state that came with the row (a restored dump, another program) is respected, but not a default that a picture from outside belies.
    IF NEW.thumbnail_generation_status IS NULL OR NEW.thumbnail_generation_status = 'pending' AND NOT thumbnails.lacks(NEW.thumbnail_url)
                                                  AND thumbnails.object_key(NEW.thumbnail_url, NEW.id) IS NULL THEN
      IF thumbnails.lacks(NEW.thumbnail_url) THEN
        -- In case that ON CONFLICT takes from here what it writes to the row that is there.
        starts := NEW.status::text = 'completed' AND set_config('thumbnails.inserted', statement_timestamp()::text, true) <> '';
      ELSE
        NEW.thumbnail_generation_status := 'completed';
        NEW.thumbnail_generation_started_at := NULL;
        NEW.thumbnail_metadata := '{"source": "external"}';
      END IF;
    END IF;
  ELSIF NOT thumbnails.lacks(NEW.thumbnail_url) AND NOT thumbnails.is_same_picture(NEW.thumbnail_url, OLD.thumbnail_url, NEW.id) THEN
    -- A real thumbnail from outside completes the row. One that another program made as the original did keeps the times it wrote.
    IF (OLD.thumbnail_generation_status, NEW.thumbnail_generation_status) IS DISTINCT FROM ('processing', 'completed') THEN
      NEW.thumbnail_generation_started_at := NULL;
      NEW.thumbnail_metadata := '{"source": "external"}';
    END IF;
    NEW.thumbnail_generation_status := 'completed';
    NEW.thumbnail_generated_at := clock_timestamp();
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_error_code := NULL;
  ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url AND current_setting('thumbnails.hold', true) IS DISTINCT FROM 'on' THEN
    IF thumbnails.lacks(NEW.thumbnail_url) THEN
      -- The same video under a fresh signature goes on as it was where it waits or is at work. If it had failed, that may have been why.
      starts := NEW.status::text = 'completed' AND (coalesce(OLD.thumbnail_generation_status, '') NOT IN ('pending', 'processing') OR OLD.status IS DISTINCT FROM NEW.status
                                 OR NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url));
    ELSE
      -- Another video: a picture of ours is made anew (at once, or when it is finished), one from outside is not ours to replace.
      starts := thumbnails.object_key(NEW.thumbnail_url, NEW.id) IS NOT NULL AND NOT thumbnails.is_blank(NEW.video_url)
                AND NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url);
    END IF;
  ELSE
    starts := NEW.status::text = 'completed' AND thumbnails.lacks(NEW.thumbnail_url) AND (OLD.status IS DISTINCT FROM NEW.status OR NOT thumbnails.lacks(OLD.thumbnail_url));
  END IF;

  IF starts THEN
    -- Asked once a second by a session, and by the short question first. What is there and cannot work, `merge` says.
    IF current_setting('thumbnails.configured', true) IS DISTINCT FROM left(statement_timestamp()::text, 19) THEN
      BEGIN
        IF NOT (EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('thumbnail_handlers_url', 'supabase_url') AND btrim(c.value) <> '')
            AND EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('webhook_secret', 'service_role_key') AND btrim(c.value) <> '')
            AND set_config('thumbnails.configured', left(statement_timestamp()::text, 19), false) <> '') THEN
          missing := thumbnails.missing_configuration();
        END IF;
      EXCEPTION WHEN OTHERS THEN
        missing := 'Missing configuration in system_config: the table is not there, or cannot be read';
      END;
    END IF;
    NEW.thumbnail_generation_status := 'pending';
    -- An assignment costs more than the question whether it changes anything.
    IF missing IS NOT NULL OR NEW.thumbnail_generation_error IS NOT NULL OR NEW.thumbnail_generation_error_code IS NOT NULL
       OR NEW.thumbnail_generation_attempts IS DISTINCT FROM 0 THEN
      NEW.thumbnail_generation_attempts := 0;
      NEW.thumbnail_generation_error := missing;
      NEW.thumbnail_generation_error_code := CASE WHEN missing IS NOT NULL THEN 'configuration' END;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND NEW.thumbnail_generation_status = 'pending' AND current_setting('thumbnails.inserted', true) = statement_timestamp()::text THEN
    NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
    NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
    NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
    NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
  END IF;
  RETURN NEW;
END
$$;

-- After a row was written or deleted by the platform: a hint in the inbox (two where its id has changed), and a wake-up. Nothing else happens in
-- the platform's transaction, and nothing is asked of the row but what a hint needs: `merge` looks for itself.
CREATE OR REPLACE FUNCTION thumbnails.note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reason text;
BEGIN
  IF TG_NARGS = 1 THEN
    IF (OLD.status, OLD.video_url, OLD.thumbnail_url) IS DISTINCT FROM (NEW.status, NEW.video_url, NEW.thumbnail_url) THEN
      RETURN NULL; -- The other trigger has noted it.
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.thumbnail_url IS NULL AND OLD.status IS DISTINCT FROM NEW.status AND NEW.status::text = 'completed'
     AND OLD.id = NEW.id AND current_setting('thumbnails.writing', true) IS DISTINCT FROM NEW.id::text THEN
    reason := 'finished'; -- as most do
  ELSIF current_setting('thumbnails.writing', true) = NEW.id::text THEN
    -- Our own write, and none of ours takes a picture off: an AFTER trigger of the platform's does, beside it.
    IF thumbnails.lacks(NEW.thumbnail_url) > thumbnails.lacks(OLD.thumbnail_url) THEN
      RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
    END IF;
    -- Where one has changed the URL in it, that is the same video, or it would be made anew for ever.
    IF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
      UPDATE thumbnails.jobs j SET source_url = NEW.video_url WHERE j.video_id = NEW.id AND j.source_url IS NOT DISTINCT FROM OLD.video_url;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key) VALUES (OLD.id, 'gone', OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id));
  ELSIF NEW.status::text IS DISTINCT FROM 'completed' AND OLD.id = NEW.id
        -- Another video than that of its picture, which the BEFORE trigger did not see.
        AND (OLD.video_url IS NOT DISTINCT FROM NEW.video_url OR NEW.thumbnail_generation_status IS DISTINCT FROM 'completed')
        AND (OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url OR coalesce(strpos(NEW.thumbnail_url, 'thumbnails/'), 0) = 0) THEN
    -- A video that is not finished is looked at when it is. But a picture of another row's that it shows has to be known: that is kept for it.
    NULL;
  ELSIF TG_OP = 'INSERT' THEN
    reason := 'finished';
  ELSIF OLD.id <> NEW.id THEN
    -- The object of its picture stays: the row shows it still.
    INSERT INTO thumbnails.inbox (video_id, reason, old_key) VALUES (OLD.id, 'gone', thumbnails.object_key(nullif(OLD.thumbnail_url, NEW.thumbnail_url), OLD.id));
    reason := 'finished';
  ELSIF OLD.status IS DISTINCT FROM NEW.status AND (thumbnails.lacks(NEW.thumbnail_url) OR NEW.thumbnail_generation_status <> 'completed') THEN
    reason := 'finished';
  ELSIF OLD.video_url IS DISTINCT FROM NEW.video_url AND current_setting('thumbnails.hold', true) IS DISTINCT FROM 'on' THEN
    reason := 'source';
  ELSIF NOT thumbnails.is_same_picture(OLD.thumbnail_url, NEW.thumbnail_url, NEW.id) THEN
    reason := 'picture';
  ELSIF OLD.thumbnail_generation_status IS DISTINCT FROM NEW.thumbnail_generation_status AND OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url THEN
    reason := 'state';
  END IF;
  IF reason IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state)
  VALUES (NEW.id, reason, OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id), OLD.thumbnail_generation_status);
  -- The schema is asked for before the call, for most have none, and that look is the cheaper one.
  IF to_regnamespace('net') IS NOT NULL AND reason IS DISTINCT FROM 'state' AND thumbnails.lacks(NEW.thumbnail_url)
     -- As many as are posted in a transaction: the rows behind them cost no call.
     AND current_setting('thumbnails.pg_net_posted', true) IS DISTINCT FROM '4' THEN
    PERFORM thumbnails.post_by_pg_net(NEW.id);
  END IF;
  -- An assignment is an expression, and PERFORM a query.
  reason := thumbnails.wake_relay();
  RETURN NULL;
END
$$;

-- Before TRUNCATE: what has a job or an object of ours is gone.
CREATE OR REPLACE FUNCTION thumbnails.note_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key)
  SELECT v.id, 'gone', v.video_url, thumbnails.object_key(v.thumbnail_url, v.id) FROM public.videos v WHERE thumbnails.object_key(v.thumbnail_url, v.id) IS NOT NULL
  UNION ALL
  SELECT j.video_id, 'gone', NULL, NULL FROM thumbnails.jobs j;
  RETURN NULL;
END
$$;
