-- A user starts the work on a video again once a minute, whatever the way. What is written beside that is done when the minute is over; nothing
-- is refused but a request by hand. Those who are trusted are not limited.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(65);
SET LOCAL client_min_messages = warning;
DO $$ BEGIN CREATE ROLE authenticated NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE service_role NOLOGIN BYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE ROLE application NOLOGIN;
GRANT USAGE ON SCHEMA public TO authenticated, service_role, application;
GRANT ALL ON videos TO authenticated, service_role, application;
GRANT EXECUTE ON FUNCTION manually_trigger_thumbnail_generation(uuid) TO authenticated, service_role, application;
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
DO $$ BEGIN PERFORM set_config('request.jwt.claims', '{"sub": "00000000-0000-4000-9000-000000000001"}', true); END $$;
CREATE TABLE ways (name text PRIMARY KEY, statements text[]);
INSERT INTO ways VALUES
  ('another URL', ARRAY['UPDATE videos SET video_url = CASE video_url WHEN ''http://x/1'' THEN ''http://x/2'' ELSE ''http://x/1'' END WHERE id = $1']),
  ('no picture', ARRAY['UPDATE videos SET thumbnail_url = NULL WHERE id = $1']),
  ('a placeholder', ARRAY['UPDATE videos SET thumbnail_url = ''data:image/svg+xml,x'' WHERE id = $1']),
  ('finished again', ARRAY['UPDATE videos SET status = ''processing'', thumbnail_url = NULL WHERE id = $1', 'UPDATE videos SET status = ''completed'' WHERE id = $1']),
  ('deleted and inserted', ARRAY['DELETE FROM videos WHERE id = $1',
     'INSERT INTO videos (id, user_id, status, video_url) VALUES ($1, ''00000000-0000-4000-9000-000000000001'', ''completed'', ''http://x/1'')']),
  ('another id and back', ARRAY['UPDATE videos SET id = ''00000000-0000-4000-8000-00000000000f'', thumbnail_url = NULL WHERE id = $1',
     'UPDATE videos SET id = $1 WHERE id = ''00000000-0000-4000-8000-00000000000f''']);
CREATE FUNCTION pg_temp.id() RETURNS uuid LANGUAGE sql AS $$ SELECT '00000000-0000-4000-8000-000000000001'::uuid $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(1000) > 0 LOOP NULL; END LOOP; END $$;
-- `is_each`: whether each statement is merged by itself.
CREATE FUNCTION pg_temp.act(way text, who text, is_each boolean DEFAULT false) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  FOREACH statement IN ARRAY (SELECT w.statements FROM ways w WHERE w.name = way) LOOP
    PERFORM set_config('role', who, true);
    EXECUTE statement USING pg_temp.id();
    RESET ROLE;
    IF is_each THEN PERFORM pg_temp.merge(); END IF;
  END LOOP;
  PERFORM pg_temp.merge();
END $$;
CREATE FUNCTION pg_temp.trigger(who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer json;
BEGIN
  PERFORM set_config('role', who, true);
  answer := manually_trigger_thumbnail_generation(pg_temp.id());
  RESET ROLE;
  RETURN coalesce(answer ->> 'error', 'started');
END $$;
CREATE FUNCTION pg_temp.work() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  c record;
BEGIN
  SELECT * INTO c FROM thumbnails.claim(pg_temp.id(), 30);
  IF c.outcome <> 'claimed' THEN RETURN c.outcome; END IF;
  RETURN thumbnails.complete(pg_temp.id(), c.token, format('http://p/thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(), c.token), format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(), c.token), '{}');
END $$;
CREATE FUNCTION pg_temp.anew() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM videos; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.events;
  INSERT INTO videos (id, user_id, status, video_url) VALUES (pg_temp.id(), '00000000-0000-4000-9000-000000000001', 'completed', 'http://x/1');
  PERFORM pg_temp.merge();
  RETURN pg_temp.work();
END $$;
CREATE FUNCTION pg_temp.due_in() RETURNS double precision LANGUAGE sql AS $$ SELECT extract(epoch FROM due_at - clock_timestamp()) FROM thumbnails.jobs WHERE video_id = pg_temp.id() AND kind = 'thumbnail' $$;
CREATE FUNCTION pg_temp.pass_minute() RETURNS void LANGUAGE sql AS $$
  UPDATE thumbnails.events SET at = at - interval '1 minute'; UPDATE thumbnails.jobs SET due_at = due_at - interval '1 minute' $$;

-- Each way by itself.
CREATE FUNCTION pg_temp.try(way text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEXT is(pg_temp.anew(), 'ok', way || ': it is made');
  PERFORM pg_temp.act(way, 'authenticated');
  RETURN NEXT is(pg_temp.work(), 'ok', way || ': started again, it is made at once');
  FOR n IN 1..2 LOOP
    PERFORM pg_temp.act(way, 'authenticated', n = 2);
    RETURN NEXT is(pg_temp.work(), 'not_due', way || ': not twice in a minute, however often it is tried');
    RETURN NEXT ok(pg_temp.due_in() BETWEEN 50 AND 60, way || ': but when it is over');
  END LOOP;
  PERFORM pg_temp.pass_minute();
  RETURN NEXT is(pg_temp.work(), 'ok', way || ': nothing is lost');
  PERFORM pg_temp.act(way, 'service_role');
  RETURN NEXT is(pg_temp.work(), 'ok', way || ': who is trusted is not limited');
END $$;
SELECT pg_temp.try(name) FROM ways ORDER BY name;
-- One way after the other.
SELECT is(pg_temp.anew(), 'ok', 'one way after the other: it is made');
SELECT pg_temp.act('another URL', 'authenticated') \g /dev/null
SELECT is(pg_temp.work(), 'ok', 'another URL, at once');
SELECT pg_temp.act('no picture', 'authenticated') \g /dev/null
SELECT is(pg_temp.work(), 'not_due', 'no picture: later');
SELECT is(pg_temp.trigger('authenticated'), 'Triggered less than a minute ago', 'by hand: refused');
SELECT is(pg_temp.work(), 'not_due', 'and not due for that');
SELECT is(pg_temp.trigger('application'), 'Triggered less than a minute ago', 'also for any other role that is not trusted, whose the row is');
SELECT is(pg_temp.trigger('service_role'), 'started', 'who is trusted may');
SELECT is(pg_temp.work(), 'ok', 'at once');
SELECT pg_temp.act('no picture', 'application') \g /dev/null
SELECT is(pg_temp.work(), 'not_due', 'any other role''s writes wait as well');
-- While a worker has it.
SELECT is(pg_temp.anew(), 'ok', 'while a worker has it: it was made');
SELECT pg_temp.act('another URL', 'authenticated') \g /dev/null
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(), 30);
SELECT set_config('role', 'authenticated', true) \g /dev/null
UPDATE videos SET video_url = 'http://x/3' WHERE id = pg_temp.id();
RESET ROLE;
SELECT is(thumbnails.complete(pg_temp.id(), (SELECT token FROM c), 'http://p/1', 'thumbnails/1', '{}'), 'fenced', 'its result is of another video');
SELECT is(pg_temp.work(), 'not_due', 'which is not made at once');
SELECT ok(pg_temp.due_in() BETWEEN 50 AND 60, 'but when the minute is over');
-- By hand, as before.
SELECT is(pg_temp.anew(), 'ok', 'by hand: it was made');
UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id();
SELECT is(pg_temp.trigger('authenticated'), 'started', 'once');
SELECT is(pg_temp.trigger('authenticated'), 'Triggered less than a minute ago', 'not twice');
SELECT is(thumbnails.is_trusted('nobody of that name'), false, 'a role that is gone is not trusted');
SELECT * FROM finish();
ROLLBACK;
