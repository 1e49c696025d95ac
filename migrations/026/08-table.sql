-- Changes `videos` itself, in one short transaction, or in none if nothing is to be done. If another session holds the table, this stops: run it again.
DO $$
DECLARE
  missing text := pg_temp.missing_columns();
  wanted record;
  other record;
BEGIN
  IF missing IS NOT NULL THEN
    BEGIN
      EXECUTE 'ALTER TABLE public.videos ' || missing;
    EXCEPTION WHEN feature_not_supported THEN
      -- If a column elsewhere has this row type, a default has to be set apart, and existing rows do not get it.
      EXECUTE 'ALTER TABLE public.videos ' || regexp_replace(missing, ' DEFAULT [^,]+', '', 'g');
      EXECUTE 'ALTER TABLE public.videos ' || (SELECT string_agg('ALTER ' || m[1] || ' SET' || m[2], ', ')
                                                 FROM regexp_matches(missing, E'(\\S+) \\S+( DEFAULT [^,]+)', 'g') AS m);
    END;
  END IF;

  -- The original's `CHECK (x IN (NULL, …))` rejects nothing: any CHECK on this column alone is replaced. Its triggers would send a second webhook for
  -- every video: they are recognised by what their functions call, apart from comments.
  FOR other IN
    SELECT format('CONSTRAINT %s %s', c.conname, pg_get_constraintdef(c.oid)) AS what, format('ALTER TABLE public.videos DROP CONSTRAINT %I', c.conname) AS act
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
     WHERE c.conrelid = 'public.videos'::regclass AND c.contype = 'c' AND a.attname = 'thumbnail_generation_status'
       AND c.conname <> 'videos_thumbnail_generation_status_valid'
     UNION ALL
    SELECT format('TRIGGER %s (%s)', t.tgname, p.oid::regprocedure), format('DROP TRIGGER %I ON public.videos', t.tgname)
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgrelid = 'public.videos'::regclass AND NOT t.tgisinternal AND t.tgparentid = 0 AND p.pronamespace <> 'thumbnails'::regnamespace
       AND regexp_replace(regexp_replace(p.prosrc, '/[*].*?[*]/', '', 'g'), '--[^\n]*', '', 'g') ~ '/auto-generate-thumbnail'
  LOOP
    RAISE NOTICE 'removed from videos: %', other.what;
    EXECUTE other.act;
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'public.videos'::regclass AND conname = 'videos_thumbnail_generation_status_valid') THEN
    ALTER TABLE public.videos ADD CONSTRAINT videos_thumbnail_generation_status_valid
      -- A pattern, since every statement parses the condition, and a list is longer.
      CHECK (thumbnail_generation_status ~ '^(pending|processing|completed|failed)$') NOT VALID;
  END IF;

  -- Triggers fire in alphabetical order, and the platform's own BEFORE triggers have to come first.
  FOR wanted IN SELECT * FROM (VALUES
    ('zz_thumbnails_a_guard_insert', $t$BEFORE INSERT ON public.videos FOR EACH ROW
       WHEN (current_user ~ '^(anon|authenticated)$') EXECUTE FUNCTION thumbnails.guard()$t$),
    ('zz_thumbnails_a_guard_update', $t$BEFORE UPDATE OF thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code,
         thumbnail_generation_attempts, thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata
       ON public.videos FOR EACH ROW WHEN (current_user ~ '^(anon|authenticated)$') EXECUTE FUNCTION thumbnails.guard()$t$),
    ('zz_thumbnails_b_project_insert', $t$BEFORE INSERT ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.project()$t$),
    ('zz_thumbnails_b_project_update', $t$BEFORE UPDATE OF status, video_url, thumbnail_url ON public.videos FOR EACH ROW
       EXECUTE FUNCTION thumbnails.project()$t$),
    ('zz_thumbnails_c_note_insert', $t$AFTER INSERT ON public.videos FOR EACH ROW
       WHEN (NEW.status = 'completed' AND (NEW.thumbnail_generation_status = 'pending' OR NEW.thumbnail_generation_status IS NULL
             AND (NEW.thumbnail_url IS NULL OR NEW.thumbnail_url = '' OR NEW.thumbnail_url LIKE 'data:image/svg%'))
             OR NEW.thumbnail_url LIKE '%thumbnails%________-____-____-____-____________%'
             OR strpos(NEW.thumbnail_metadata ->> 'storyboard', NEW.id::text) = 0)
       EXECUTE FUNCTION thumbnails.note()$t$),
    -- Without a list of columns, since a BEFORE trigger may finish a video. Every statement parses the WHEN, so it is as short as possible.
    ('zz_thumbnails_c_note_update', $t$AFTER UPDATE ON public.videos FOR EACH ROW
       WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.video_url IS DISTINCT FROM NEW.video_url
             OR OLD.thumbnail_url IS DISTINCT FROM NEW.thumbnail_url)
       EXECUTE FUNCTION thumbnails.note()$t$),
    -- For writes that name these columns, other than our own.
    ('zz_thumbnails_c_note_update_state', $t$AFTER UPDATE OF id, thumbnail_generation_status ON public.videos FOR EACH ROW
       WHEN (NULLIF(current_setting('thumbnails.writing', true), '') IS NULL) EXECUTE FUNCTION thumbnails.note('state')$t$),
    ('zz_thumbnails_c_note_delete', $t$AFTER DELETE ON public.videos FOR EACH ROW EXECUTE FUNCTION thumbnails.note()$t$),
    ('zz_thumbnails_c_note_truncate', $t$BEFORE TRUNCATE ON public.videos FOR EACH STATEMENT EXECUTE FUNCTION thumbnails.note_truncate()$t$)) AS w (name, definition)
    WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = 'public.videos'::regclass AND t.tgname = w.name
                                                 AND obj_description(t.oid, 'pg_trigger') = thumbnails.hash(w.definition)) LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I %s', wanted.name, wanted.definition);
    EXECUTE format('COMMENT ON TRIGGER %I ON public.videos IS %L', wanted.name, thumbnails.hash(wanted.definition));
  END LOOP;
END
$$;
