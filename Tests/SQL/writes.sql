-- What becomes of a write of the platform's: a table of cases. What the row shows afterwards, and what is noted.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(49);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
DELETE FROM thumbnails.inbox;
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE SEQUENCE pg_temp.nth;
-- `p_row`: how the row was, unlike a finished video with our picture; `p_write`: the SET clause of an UPDATE, or `INSERT` (with ON CONFLICT DO UPDATE where
-- `SET` follows). OURS, LATER and HERS are the URLs of our picture, of a later one and of another row's. Times are only said to be there.
CREATE FUNCTION pg_temp.written(p_row jsonb, p_write text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n integer := nextval('pg_temp.nth');
  v_id uuid := pg_temp.id(n);
  names jsonb := '{"url": "video_url", "picture": "thumbnail_url", "state": "thumbnail_generation_status", "code": "thumbnail_generation_error_code", "error": "thumbnail_generation_error",
    "attempts": "thumbnail_generation_attempts", "started": "thumbnail_generation_started_at", "made": "thumbnail_generated_at", "metadata": "thumbnail_metadata"}';
  places jsonb := jsonb_build_object('LATER', format('http://p/thumbnails/%s/0123456789abcdef-2.jpg', v_id), 'OURS', format('http://p/thumbnails/%s/0123456789abcdef-1.jpg', v_id),
                                     'ELSEWHERE', format('http://q/thumbnails/%s/0123456789abcdef-1.jpg', v_id), 'HERS', 'http://p/thumbnails/00000000-0000-4000-8000-999999999999/0123456789abcdef-9.jpg');
  part text;
  columns text;
  told text;
BEGIN
  FOR part IN SELECT k FROM jsonb_object_keys(places) AS k LOOP
    p_row := replace(p_row::text, part, places ->> part)::jsonb;
    p_write := replace(p_write, part, places ->> part);
  END LOOP;
  FOR part IN SELECT k FROM jsonb_object_keys(names) AS k LOOP
    p_write := regexp_replace(p_write, '\m' || part || '\M(?= =|,|$)', names ->> part, 'g');
  END LOOP;
  p_row := jsonb_build_object('status', 'completed', 'url', 'http://x/1', 'picture', places ->> 'OURS', 'state', 'completed', 'attempts', 1, 'started', '2024-01-01', 'made', '2024-01-01', 'metadata', '{"method": "x"}'::jsonb) || p_row;
  p_row := (SELECT jsonb_object_agg(coalesce(names ->> e.key, e.key), e.value) FROM jsonb_each(p_row) AS e) || jsonb_build_object('id', v_id, 'created_at', now(), 'updated_at', now(), 'title', '');
  columns := (SELECT string_agg(format('%I', k), ', ') FROM jsonb_object_keys(p_row) AS k);
  IF p_write !~ '^INSERT' OR p_write ~ 'SET' THEN
    SET LOCAL session_replication_role = replica;
    INSERT INTO videos SELECT v.* FROM jsonb_populate_record(NULL::videos, p_row) AS v;
    SET LOCAL session_replication_role = origin;
  END IF;
  IF p_write ~ '^INSERT' THEN
    EXECUTE format('INSERT INTO videos (%1$s) SELECT %1$s FROM jsonb_populate_record(NULL::videos, $1) %2$s', columns, replace(replace(p_write, 'INSERT', ''), 'SET', 'ON CONFLICT (id) DO UPDATE SET')) USING p_row;
  ELSE
    EXECUTE format('UPDATE videos SET %s WHERE id = $1', p_write) USING v_id;
  END IF;
  SELECT concat_ws(' | ',
    (SELECT concat_ws(' ', CASE WHEN v.status::text <> 'completed' THEN v.status::text END, v.thumbnail_generation_status, v.thumbnail_generation_error_code, v.thumbnail_generation_error,
       'attempts ' || v.thumbnail_generation_attempts, CASE WHEN v.thumbnail_generation_started_at IS NOT NULL THEN 'started' END, CASE WHEN v.thumbnail_generated_at > '2025-01-01' THEN 'made now' END, v.thumbnail_url, v.thumbnail_metadata)
       FROM videos v WHERE v.id = v_id),
    (SELECT string_agg(concat_ws(' ', i.reason, 'of ' || i.old_source, 'key ' || right(i.old_key, 5), 'was ' || i.old_state), ', ' ORDER BY i.id) FROM thumbnails.inbox i WHERE i.video_id = v_id))
    INTO told;
  FOR part IN SELECT k FROM jsonb_object_keys(places) AS k LOOP
    told := replace(told, places ->> part, part);
  END LOOP;
  RETURN told;
END $$;
CREATE TEMP TABLE cases (nth integer GENERATED ALWAYS AS IDENTITY, before jsonb, written text, result text, name text);
INSERT INTO cases (before, written, result, name) VALUES
  ('{"picture": null, "state": "pending", "status": "processing"}', 'status = ''completed''', 'pending attempts 0 started {"method": "x"} | finished of http://x/1 was pending', 'finished'),
  ('{"picture": null, "state": "pending", "code": "source", "error": "503", "attempts": 3, "status": "processing"}', 'status = ''completed''',
   'pending attempts 0 started {"method": "x"} | finished of http://x/1 was pending', 'once more after a failure: it begins anew'),
  ('{}', 'status = ''processing''', 'processing completed attempts 1 started OURS {"method": "x"}', 'finished no more, with its picture'),
  ('{"status": "processing"}', 'status = ''completed''', 'completed attempts 1 started OURS {"method": "x"}', 'and finished again: nothing to do'),
  ('{"status": "processing", "state": "pending"}', 'status = ''completed''',
   'pending attempts 1 started OURS {"method": "x"} | finished of http://x/1 key 1.jpg was pending', 'unless another picture is wanted'),
  ('{"status": "processing", "state": "failed", "code": "source"}', 'status = ''completed''',
   'failed source attempts 1 started OURS {"method": "x"} | finished of http://x/1 key 1.jpg was failed', 'or the last attempt has failed'),
  ('{"picture": null, "state": "pending"}', 'url = ''http://x/2''', 'pending attempts 0 started {"method": "x"} | source of http://x/1 was pending', 'another URL'),
  ('{"picture": null, "state": "pending"}', 'url = ''http://x/1?sig=2''', 'pending attempts 1 started {"method": "x"} | source of http://x/1 was pending', 'another signature, while it waits'),
  ('{"picture": null, "state": "processing"}', 'url = ''http://x/1?sig=2''', 'processing attempts 1 started {"method": "x"} | source of http://x/1 was processing', 'or is in work: nothing changes'),
  ('{"picture": null, "state": "failed", "code": "source", "error": "403", "attempts": 3}', 'url = ''http://x/1?sig=2''',
   'pending attempts 0 started {"method": "x"} | source of http://x/1 was failed', 'after a failure it begins anew'),
  ('{"picture": null, "state": "pending", "status": "processing"}', 'status = ''completed'', url = ''http://x/1?sig=2''',
   'pending attempts 0 started {"method": "x"} | finished of http://x/1 was pending', 'as with the end of the upload'),
  ('{}', 'url = ''http://x/2''', 'pending attempts 0 started OURS {"method": "x"} | source of http://x/1 key 1.jpg was completed', 'another URL beside our picture'),
  ('{}', 'url = '' ''', 'completed attempts 1 started OURS {"method": "x"} | source of http://x/1 key 1.jpg was completed', 'none beside it'),
  ('{}', 'url = ''http://x/1#t=2''', 'completed attempts 1 started OURS {"method": "x"} | source of http://x/1 key 1.jpg was completed', 'the same video'),
  ('{"picture": "http://e/1.jpg"}', 'url = ''http://x/2''', 'completed attempts 1 started http://e/1.jpg {"method": "x"} | source of http://x/1 was completed', 'another URL beside a picture from outside'),
  ('{"picture": "http://e/1.jpg", "state": "pending"}', 'url = ''http://x/2''', 'pending attempts 1 started http://e/1.jpg {"method": "x"} | source of http://x/1 was pending', 'whatever its state'),
  ('{"status": "processing"}', 'url = ''http://x/2''', 'processing pending attempts 0 started OURS {"method": "x"}', 'of a video that is not finished: its picture is another one''s'),
  ('{"status": "processing", "picture": null, "state": null}', 'url = ''http://x/2''', 'processing attempts 1 started {"method": "x"}', 'without a picture there is nothing to note'),
  ('{"picture": null, "state": "pending"}', 'picture = ''http://e/1.jpg''', 'completed attempts 1 made now http://e/1.jpg {"source": "external"} | picture of http://x/1 was pending', 'a picture from outside'),
  ('{"picture": null, "state": "processing"}', 'picture = ''http://e/1.jpg'', state = ''completed'', metadata = ''{"method": "y"}''',
   'completed attempts 1 started made now http://e/1.jpg {"method": "y"} | picture of http://x/1 was processing', 'from another program that works as the original'),
  ('{"picture": null, "state": "failed", "code": "source", "error": "503"}', 'picture = ''http://e/1.jpg''',
   'completed attempts 1 made now http://e/1.jpg {"source": "external"} | picture of http://x/1 was failed', 'after a failure'),
  ('{}', 'picture = ''http://e/1.jpg''', 'completed attempts 1 made now http://e/1.jpg {"source": "external"} | picture of http://x/1 key 1.jpg was completed', 'over ours'),
  ('{}', 'picture = NULL', 'pending attempts 0 started {"method": "x"} | picture of http://x/1 key 1.jpg was completed', 'ours is taken off'),
  ('{"picture": "http://e/1.jpg"}', 'picture = ''''', 'pending attempts 0 started  {"method": "x"} | picture of http://x/1 was completed', 'or that from outside'),
  ('{}', 'picture = ''ELSEWHERE''', 'completed attempts 1 started ELSEWHERE {"method": "x"}', 'ours at another address'),
  ('{}', 'picture = ''ELSEWHERE'', state = ''failed''', 'failed attempts 1 started ELSEWHERE {"method": "x"}', 'also with another state'),
  ('{"picture": "LATER", "metadata": {"method": "z"}}', 'picture = ''OURS'', metadata = ''{}''', 'completed attempts 1 started LATER {"method": "z"}', 'a row that was loaded before its later picture'),
  ('{"picture": "LATER", "metadata": {"method": "z"}}', 'picture = ''OURS'', url = ''http://x/2''',
   'completed attempts 1 made now OURS {"source": "external"} | source of http://x/1 key 2.jpg was completed', 'unless its video is another one, too'),
  ('{"status": "processing", "picture": null, "state": null}', 'picture = ''HERS''',
   'processing completed attempts 1 made now HERS {"source": "external"} | picture of http://x/1', 'another row''s picture, of an unfinished video: it has to stay'),
  ('{"status": "processing", "picture": null, "state": null}', 'picture = ''http://e/1.jpg''', 'processing completed attempts 1 made now http://e/1.jpg {"source": "external"}', 'any other is not ours to note'),
  ('{"picture": null, "state": "pending"}', 'state = ''failed''', 'failed attempts 1 started {"method": "x"} | state of http://x/1 was pending', 'a state alone'),
  ('{"picture": null, "state": "pending"}', 'state = ''pending''', 'pending attempts 1 started {"method": "x"}', 'the same state'),
  ('{"picture": null, "state": "pending", "status": "processing"}', 'state = '''', status = status', 'processing attempts 1 started {"method": "x"}', 'a form''s empty one, of an unfinished video'),
  ('{"status": "processing", "picture": null, "state": "failed"}', 'status = ''completed'', state = ''''',
   'pending attempts 0 started {"method": "x"} | finished of http://x/1 was failed', 'or of one that is finished with it'),
  ('{"state": "pending", "error": "x", "code": "source", "attempts": 2}', 'state = ''completed'', error = NULL, code = NULL, attempts = 0, picture = ''OURS''',
   'pending source x attempts 2 started OURS {"method": "x"}', 'another picture is wanted: a row that was loaded before changes nothing'),
  ('{"state": "pending"}', 'state = ''completed'', status = status', 'pending attempts 1 started OURS {"method": "x"}', 'in whatever way it is saved'),
  ('{"picture": null, "state": null}', 'title = ''x''', 'attempts 1 started {"method": "x"}', 'any other column'),
  ('{}', 'id = ''00000000-0000-4000-8000-000000000999''', 'gone', 'another id: both are noted, and the object stays'),
  ('{"picture": null, "state": null}', 'INSERT', 'pending attempts 0 started {"method": "x"} | finished', 'a finished video'),
  ('{"picture": null, "state": null, "status": "processing"}', 'INSERT', 'processing attempts 1 started {"method": "x"}', 'an unfinished one'),
  ('{"picture": "http://e/1.jpg", "state": null}', 'INSERT', 'completed attempts 1 http://e/1.jpg {"source": "external"}', 'one with a picture from outside'),
  ('{"picture": "http://e/1.jpg", "state": "pending"}', 'INSERT', 'completed attempts 1 http://e/1.jpg {"source": "external"}', 'whose state is a default'),
  ('{"picture": "OURS", "state": "pending"}', 'INSERT', 'pending attempts 1 started OURS {"method": "x"} | finished', 'but not one with ours, which waits for another'),
  ('{"picture": "HERS", "state": null}', 'INSERT', 'completed attempts 1 HERS {"source": "external"} | finished', 'nor with another row''s, which is made by us'),
  ('{"picture": null, "state": "failed", "code": "media", "attempts": 3}', 'INSERT', 'failed media attempts 3 started {"method": "x"}', 'a state that comes with the row stays'),
  ('{"picture": null, "state": ""}', 'INSERT', 'pending attempts 0 started {"method": "x"} | finished', 'an empty one does not'),
  ('{}', 'INSERT SET state = excluded.state, picture = excluded.picture', 'completed attempts 1 started OURS {"method": "x"}', 'an import over a row that is there'),
  ('{"picture": null, "state": null}', 'INSERT SET state = excluded.state, status = excluded.status', 'attempts 1 started {"method": "x"}', 'if it has no state, the row keeps its own'),
  ('{"picture": null, "state": "failed", "code": "media", "attempts": 3}', 'INSERT SET state = excluded.state, status = excluded.status',
   'failed media attempts 3 started {"method": "x"}', 'and else takes it');
SELECT is(pg_temp.written(before, written), result, name) FROM cases ORDER BY nth;
SELECT * FROM finish();
ROLLBACK;
