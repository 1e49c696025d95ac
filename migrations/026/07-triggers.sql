-- The functions of the triggers on `videos`, which 08 creates. Our own writes name their row in the setting `thumbnails.writing`, and are neither
-- projected nor noted. `project` and `note` deal with what is usual under the platform's search_path, since setting another costs more than all of
-- that; so each name and operator is qualified. For the rest they set it, and put it back; an error does that, too.

-- Undoes what `anon` and `authenticated` write to the state columns: its triggers fire for these roles alone. It runs with the writer's rights and
-- search_path. On INSERT the values of OLD are NULL.
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

-- Whether two URLs show the same picture of a video: they are equal, or name the same object of ours at another address.
CREATE OR REPLACE FUNCTION thumbnails.is_same_picture(a text, b text, video_id uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT a IS NOT DISTINCT FROM b OR coalesce(thumbnails.object_key(a, video_id) = thumbnails.object_key(b, video_id), false)
$$;

-- Before a write of `status`, `video_url` or `thumbnail_url`. Only a BEFORE trigger can change NEW. Generated columns have no value here yet: what
-- depends on them, `merge` writes.
CREATE OR REPLACE FUNCTION thumbnails.project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  path pg_catalog.text;
  starts boolean;
  missing pg_catalog.text;
BEGIN
  -- The status is compared as text, since its enum may have lost the word.
  IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed' AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed'
     AND NEW.thumbnail_url IS NULL AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url
     AND (NEW.thumbnail_generation_error, NEW.thumbnail_generation_error_code) IS NULL AND NEW.thumbnail_generation_attempts OPERATOR(pg_catalog.=) 0
     AND NOT NEW.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard' AND NOT OLD.thumbnail_metadata OPERATOR(pg_catalog.?) 'storyboard'
     AND pg_catalog.current_setting('thumbnails.configured', true)
         OPERATOR(pg_catalog.=) pg_catalog.date_part('epoch', pg_catalog.statement_timestamp())::pg_catalog.int8::pg_catalog.text THEN
    NEW.thumbnail_generation_status := 'pending';
    RETURN NEW;
  ELSIF TG_OP OPERATOR(pg_catalog.=) 'INSERT' AND COALESCE(NEW.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed', true)
        AND NEW.thumbnail_url IS NULL AND NEW.thumbnail_generation_status IS NULL
     OR pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text THEN
    RETURN NEW;
  END IF;
  path := pg_catalog.current_setting('search_path');
  -- An assignment is an expression, which is cheaper than the query of PERFORM.
  starts := pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL;

  IF NEW.thumbnail_generation_status = '' THEN
    NEW.thumbnail_generation_status := NULL; -- a form's
  END IF;
  IF TG_OP = 'INSERT' THEN
    -- A state that came with the row (a restored dump, another program) is kept, unless it is a default beside a picture from outside.
    IF NEW.thumbnail_generation_status IS NULL OR NEW.thumbnail_generation_status = 'pending' AND NOT thumbnails.lacks(NEW.thumbnail_url)
                                                  AND NOT thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) THEN
      IF thumbnails.lacks(NEW.thumbnail_url) THEN
        -- ON CONFLICT may copy this state into an existing row; the setting tells that UPDATE.
        starts := NEW.status::text = 'completed' AND set_config('thumbnails.inserted', statement_timestamp()::text, true) <> '';
      ELSE
        NEW.thumbnail_generation_status := 'completed';
        NEW.thumbnail_generation_started_at := NULL;
        NEW.thumbnail_metadata := '{"source": "external"}';
      END IF;
    END IF;
  ELSIF NOT thumbnails.lacks(NEW.thumbnail_url) AND NOT thumbnails.is_same_picture(NEW.thumbnail_url, OLD.thumbnail_url, NEW.id) THEN
    -- An earlier picture of ours is a row's that was loaded before and is saved whole: the later one stays.
    IF thumbnails.token_of(NEW.thumbnail_url, NEW.id) < thumbnails.token_of(OLD.thumbnail_url, NEW.id) AND thumbnails.is_same_source(OLD.video_url, NEW.video_url) THEN
      NEW.thumbnail_url := OLD.thumbnail_url;
      NEW.thumbnail_metadata := OLD.thumbnail_metadata;
      path := set_config('search_path', path, true);
      RETURN NEW;
    END IF;
    -- A real thumbnail from outside completes the row. If another program made it as the original did, it keeps that program's times.
    IF (OLD.thumbnail_generation_status, NEW.thumbnail_generation_status) IS DISTINCT FROM ('processing', 'completed') THEN
      NEW.thumbnail_generation_started_at := NULL;
      NEW.thumbnail_metadata := '{"source": "external"}';
    END IF;
    NEW.thumbnail_generation_status := 'completed';
    NEW.thumbnail_generated_at := clock_timestamp();
    NEW.thumbnail_generation_error := NULL;
    NEW.thumbnail_generation_error_code := NULL;
  ELSIF NEW.video_url IS DISTINCT FROM OLD.video_url AND thumbnails.holds() IS NOT TRUE THEN
    IF thumbnails.lacks(NEW.thumbnail_url) THEN
      -- Only the signature has changed: a waiting or running job goes on. A failed one starts again, since the signature may have been why.
      starts := NEW.status::text = 'completed' AND (coalesce(OLD.thumbnail_generation_status, '') NOT IN ('pending', 'processing') OR OLD.status IS DISTINCT FROM NEW.status
                                 OR NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url));
    ELSE
      -- Another video: a picture of ours is made again (now, or when the video is finished); one from outside is not replaced.
      starts := thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata) AND NOT thumbnails.is_blank(NEW.video_url)
                AND NOT thumbnails.is_same_source(OLD.video_url, NEW.video_url);
    END IF;
  ELSE
    starts := NEW.status::text = 'completed' AND thumbnails.lacks(NEW.thumbnail_url) AND (OLD.status IS DISTINCT FROM NEW.status OR NOT thumbnails.lacks(OLD.thumbnail_url));
  END IF;

  IF starts THEN
    -- Each session checks once a second, with the cheaper query first. What is set but wrong, `merge` reports.
    IF current_setting('thumbnails.configured', true) IS DISTINCT FROM date_part('epoch', statement_timestamp())::bigint::text THEN
      BEGIN
        PERFORM thumbnails.check_config();
        IF NOT (EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('thumbnail_handlers_url', 'supabase_url') AND btrim(c.value) <> '')
            AND EXISTS (SELECT FROM public.system_config c WHERE c.key IN ('webhook_secret', 'service_role_key') AND btrim(c.value) <> '')
            AND set_config('thumbnails.configured', date_part('epoch', statement_timestamp())::bigint::text, false) <> '') THEN
          missing := (thumbnails.readiness()).missing;
        END IF;
      EXCEPTION WHEN OTHERS THEN
        missing := 'Missing configuration in system_config: the table is not there, or cannot be read';
      END;
    END IF;
    NEW.thumbnail_generation_status := 'pending';
    -- Comparing is cheaper than an assignment.
    IF missing IS NOT NULL OR NEW.thumbnail_generation_error IS NOT NULL OR NEW.thumbnail_generation_error_code IS NOT NULL
       OR NEW.thumbnail_generation_attempts IS DISTINCT FROM 0 THEN
      NEW.thumbnail_generation_attempts := 0;
      NEW.thumbnail_generation_error := missing;
      NEW.thumbnail_generation_error_code := CASE WHEN missing IS NOT NULL THEN 'configuration' END;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND (NEW.thumbnail_generation_status = 'pending' AND current_setting('thumbnails.inserted', true) = statement_timestamp()::text
      -- Another video's picture is to be made anew, which only this state says: it outlasts stale states of rows that are saved whole.
      OR OLD.thumbnail_generation_status = 'pending' AND NOT starts AND thumbnails.is_ours(NEW.thumbnail_url, NEW.id, NEW.thumbnail_metadata)) THEN
    NEW.thumbnail_generation_status := OLD.thumbnail_generation_status;
    NEW.thumbnail_generation_error := OLD.thumbnail_generation_error;
    NEW.thumbnail_generation_error_code := OLD.thumbnail_generation_error_code;
    NEW.thumbnail_generation_attempts := OLD.thumbnail_generation_attempts;
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.thumbnail_metadata ? 'storyboard' OR NEW.thumbnail_metadata ? 'storyboard') THEN
    NEW.thumbnail_metadata := thumbnails.keep_storyboard(OLD.thumbnail_metadata, NEW.thumbnail_metadata, OLD.video_url, NEW.video_url);
  END IF;
  path := set_config('search_path', path, true);
  RETURN NEW;
END
$$;

-- After the platform wrote or deleted a row: appends a hint to the inbox (two if the id has changed) and wakes workers. Nothing else happens in the
-- platform's transaction; `merge` looks for itself.
CREATE OR REPLACE FUNCTION thumbnails.note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  path pg_catalog.text;
  reason pg_catalog.text;
BEGIN
  IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' AND TG_NARGS OPERATOR(pg_catalog.=) 0 AND NEW.status::pg_catalog.text OPERATOR(pg_catalog.=) 'completed'
     AND OLD.status::pg_catalog.text OPERATOR(pg_catalog.<>) 'completed' AND NEW.thumbnail_url IS NULL AND OLD.thumbnail_url IS NULL AND OLD.id OPERATOR(pg_catalog.=) NEW.id
     AND pg_catalog.to_regnamespace('net') IS NULL THEN
    INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_state) VALUES (NEW.id, 'finished', OLD.video_url, OLD.thumbnail_generation_status);
    reason := thumbnails.wake_relay();
    RETURN NULL;
  ELSIF pg_catalog.current_setting('thumbnails.writing', true) OPERATOR(pg_catalog.=) NEW.id::pg_catalog.text AND NOT thumbnails.lacks(NEW.thumbnail_url)
        AND OLD.video_url OPERATOR(pg_catalog.=) NEW.video_url THEN
    RETURN NULL; -- our picture
  END IF;
  path := pg_catalog.current_setting('search_path');
  reason := CASE WHEN pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true) IS NULL THEN '' END;

  IF TG_NARGS = 1 AND (OLD.status, OLD.video_url, OLD.thumbnail_url) IS DISTINCT FROM (NEW.status, NEW.video_url, NEW.thumbnail_url) THEN
    NULL; -- The other trigger notes it.
  ELSIF current_setting('thumbnails.writing', true) = NEW.id::text THEN
    -- None of our writes removes a picture, so an AFTER trigger of the platform's has.
    IF thumbnails.lacks(NEW.thumbnail_url) > thumbnails.lacks(OLD.thumbnail_url) THEN
      RAISE EXCEPTION 'a trigger of the platform''s takes the thumbnail off again';
    END IF;
    -- If such a trigger changed the URL, it is still the same video, or it would be made again for ever.
    IF NEW.video_url IS DISTINCT FROM OLD.video_url THEN
      UPDATE thumbnails.jobs j SET source_url = NEW.video_url WHERE j.video_id = NEW.id AND j.source_url IS NOT DISTINCT FROM OLD.video_url;
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key) VALUES (OLD.id, 'gone', OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id));
  ELSIF NEW.status::text IS DISTINCT FROM 'completed' AND OLD.id = NEW.id
        -- Not if it is another video than its picture's, which the BEFORE trigger did not see.
        AND (OLD.video_url IS NOT DISTINCT FROM NEW.video_url OR NEW.thumbnail_generation_status IS DISTINCT FROM 'completed')
        AND (OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url OR coalesce(strpos(NEW.thumbnail_url, 'thumbnails'), 0) = 0) THEN
    -- An unfinished video is noted when it is finished. But if it shows another row's picture, that has to be known, so that it is kept.
    NULL;
  ELSIF TG_OP = 'INSERT' THEN
    -- A row that is there again with its picture says nothing new, but the object may have been deleted meanwhile.
    -- This row met no other one, so a later UPDATE in the same function copies nothing of it.
    reason := CASE WHEN set_config('thumbnails.inserted', '', true) = ''
                        AND NEW.thumbnail_generation_status <> 'pending' AND thumbnails.object_key(NEW.thumbnail_url, NEW.id) IS NOT NULL THEN 'shown' ELSE 'finished' END;
  ELSIF OLD.id <> NEW.id THEN
    -- The object of its picture stays, since the row still shows it.
    INSERT INTO thumbnails.inbox (video_id, reason, old_key) VALUES (OLD.id, 'gone', thumbnails.object_key(nullif(OLD.thumbnail_url, NEW.thumbnail_url), OLD.id));
    reason := 'finished';
  ELSIF OLD.status IS DISTINCT FROM NEW.status AND (thumbnails.lacks(NEW.thumbnail_url) OR NEW.thumbnail_generation_status <> 'completed') THEN
    reason := 'finished';
  ELSIF OLD.video_url IS DISTINCT FROM NEW.video_url AND thumbnails.holds() IS NOT TRUE THEN
    reason := 'source';
  ELSIF NOT thumbnails.is_same_picture(OLD.thumbnail_url, NEW.thumbnail_url, NEW.id) THEN
    reason := 'picture';
  ELSIF OLD.thumbnail_generation_status IS DISTINCT FROM NEW.thumbnail_generation_status AND OLD.thumbnail_url IS NOT DISTINCT FROM NEW.thumbnail_url THEN
    reason := 'state';
  END IF;
  IF reason IS NOT NULL THEN
    INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key, old_state)
    VALUES (NEW.id, reason, OLD.video_url, thumbnails.object_key(OLD.thumbnail_url, OLD.id), OLD.thumbnail_generation_status);
    -- Most have no such schema, and this check is cheaper than the call.
    IF to_regnamespace('net') IS NOT NULL AND reason IS DISTINCT FROM 'state' AND thumbnails.lacks(NEW.thumbnail_url)
       -- After four posts in a transaction, further rows cost no call.
       AND current_setting('thumbnails.pg_net_posted', true) IS DISTINCT FROM '4' THEN
      PERFORM thumbnails.post_by_pg_net(NEW.id);
    END IF;
    PERFORM thumbnails.wake_relay();
  END IF;
  path := set_config('search_path', path, true);
  RETURN NULL;
END
$$;

-- Before TRUNCATE: notes all rows with a job or an object of ours; of this table, whatever it is named by now. 029 makes the table of storyboards.
CREATE OR REPLACE FUNCTION thumbnails.note_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format($q$INSERT INTO thumbnails.inbox (video_id, reason, old_source, old_key)
  SELECT v.id, 'gone', v.video_url, thumbnails.object_key(v.thumbnail_url, v.id) FROM %s v WHERE thumbnails.object_key(v.thumbnail_url, v.id) IS NOT NULL
  UNION ALL
  SELECT j.video_id, 'gone', NULL, NULL FROM thumbnails.jobs j$q$, TG_RELID::regclass)
    || CASE WHEN to_regclass('thumbnails.storyboards') IS NOT NULL THEN $q$ UNION ALL SELECT b.video_id, 'gone', NULL, NULL FROM thumbnails.storyboards b$q$ ELSE '' END;
  RETURN NULL;
END
$$;
