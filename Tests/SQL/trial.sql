-- The trial that `--check` makes: what it finds, and that nothing of it stays.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(19);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
SELECT thumbnails.merge(1000) \g /dev/null
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
-- All that there is, in one text.
CREATE FUNCTION pg_temp.all() RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(E'\n', (SELECT string_agg(v::text, E'\n' ORDER BY id) FROM videos v), (SELECT string_agg(j::text, E'\n' ORDER BY video_id) FROM thumbnails.jobs j),
    (SELECT string_agg(i::text, E'\n' ORDER BY id) FROM thumbnails.inbox i), (SELECT string_agg(e::text, E'\n' ORDER BY id) FROM thumbnails.events e),
    (SELECT string_agg(d::text, E'\n' ORDER BY key) FROM thumbnails.object_deletions d), (SELECT string_agg(b::text, E'\n' ORDER BY class) FROM thumbnails.breakers b),
    (SELECT string_agg(s::text, E'\n') FROM thumbnails.set_aside s), current_setting('thumbnails.writing', true)) $$;
CREATE FUNCTION pg_temp.trial(OUT verdict text, OUT leaves text) LANGUAGE plpgsql AS $$
DECLARE
  before text := pg_temp.all();
BEGIN
  verdict := thumbnails.trial();
  leaves := CASE WHEN pg_temp.all() IS DISTINCT FROM before THEN pg_temp.all() END;
END $$;
SELECT is(t::text, '(,)', 'a table without videos: well, and nothing stays') FROM pg_temp.trial() AS t;
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(1), 'processing', 'http://x/1');
SELECT is(t::text, '(,)', 'one without a finished video') FROM pg_temp.trial() AS t;
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(2), 'completed', 'http://x/2', format('http://p/thumbnails/%s/0123456789abcdef-1.jpg', pg_temp.id(2)));
SELECT is(t::text, '(,)', 'one with a picture of ours') FROM pg_temp.trial() AS t;
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(3), 'completed', 'http://x/3');
SELECT thumbnails.merge(10) \g /dev/null
SELECT is(t::text, '(,)', 'beside one that waits') FROM pg_temp.trial() AS t;
SELECT thumbnails.claim(pg_temp.id(3), 30) \g /dev/null
SELECT is(t::text, '(,)', 'and one at work') FROM pg_temp.trial() AS t;
INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', 'a', 5, '{}', now() + interval '1 min', 'x');
SELECT is(t::text, '(,)', 'with another host''s breaker open') FROM pg_temp.trial() AS t;
SELECT thumbnails.pause(NULL, NULL, 'Ann', 'the store moves') \g /dev/null
SELECT is(t::text, '(,)', 'while everything is paused') FROM pg_temp.trial() AS t;
SELECT thumbnails.resume(NULL, NULL) \g /dev/null
INSERT INTO thumbnails.inbox (video_id, reason, xid) VALUES (pg_temp.id(3), 'finished', '7');
SELECT is(t::text, '(,)', 'with hints that wait') FROM pg_temp.trial() AS t;
DELETE FROM videos WHERE id = pg_temp.id(3);
SELECT thumbnails.merge(10) \g /dev/null
SET LOCAL thumbnails.hold = 'on';
SELECT is(t::text, '(,)', 'while URLs are held') FROM pg_temp.trial() AS t;
SET LOCAL thumbnails.hold = 'off';

-- What stands in the way: it is said, and nothing stays.
CREATE TABLE habit (word text);
INSERT INTO habit VALUES ('');
CREATE FUNCTION habit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  word text := (SELECT h.word FROM public.habit AS h);
BEGIN
  IF word = 'picture' AND NEW.thumbnail_url LIKE '%/thumbnails/%' OR word = 'state' AND NEW.thumbnail_generation_status = 'processing' THEN
    RAISE EXCEPTION 'the audit table is full' USING ERRCODE = 'AU001';
  ELSIF word = 'keeps' AND NEW.thumbnail_url LIKE '%/thumbnails/%' THEN
    RETURN NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER habit BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION habit();
SELECT is(t::text, '(,)', 'a trigger that does no harm') FROM pg_temp.trial() AS t;
UPDATE habit SET word = 'picture';
SELECT is((verdict ~ 'the audit table is full', leaves)::text, '(t,)', 'a trigger that refuses the picture: in its words') FROM pg_temp.trial();
UPDATE habit SET word = 'state';
SELECT is((verdict ~ 'the audit table is full \(AU001\)', leaves)::text, '(t,)', 'one that refuses the state') FROM pg_temp.trial();
UPDATE habit SET word = 'keeps';
SELECT is((verdict ~ 'a trigger of the platform''s keeps the row as it is', leaves)::text, '(t,)', 'one that keeps the row') FROM pg_temp.trial();
UPDATE habit SET word = '';
ALTER TABLE videos ADD CONSTRAINT own_rule CHECK (thumbnail_url NOT LIKE '%.jpg' OR thumbnail_url LIKE 'http://p/%');
SELECT is((verdict ~ 'own_rule', leaves)::text, '(t,)', 'a rule of the platform''s') FROM pg_temp.trial();
ALTER TABLE videos DROP CONSTRAINT own_rule;
ALTER TABLE videos DISABLE TRIGGER USER;
SELECT is((verdict ~ 'triggers on videos are disabled', leaves)::text, '(t,)', 'triggers that are switched off') FROM pg_temp.trial();
ALTER TABLE videos ENABLE TRIGGER USER;
ALTER TABLE videos ADD COLUMN owner text NOT NULL DEFAULT 'x';
ALTER TABLE videos ALTER owner DROP DEFAULT;
DELETE FROM videos;
SELECT is((verdict ~ 'there is no finished video to try it with that nobody works on', leaves)::text, '(t,)', 'a table that takes no video of ours, and has none') FROM pg_temp.trial();
INSERT INTO videos (status, video_url, owner) VALUES ('completed', 'https://example.com/waits.mp4', 'x');
SELECT is(t::text, '(,)', 'one whose only video is noted, and waits') FROM pg_temp.trial() AS t;
SELECT thumbnails.merge(10) \g /dev/null
SELECT is(t::text, '(,)', 'or is queued') FROM pg_temp.trial() AS t;
DELETE FROM videos;
SELECT thumbnails.merge(10) \g /dev/null
ALTER TABLE videos ALTER owner SET DEFAULT 'x';
CREATE FUNCTION own_id() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := gen_random_uuid(); RETURN NEW; END $$;
CREATE TRIGGER own_id BEFORE INSERT ON videos FOR EACH ROW EXECUTE FUNCTION own_id();
SELECT is((verdict ~ 'none can be made up: .* gives it another id', leaves)::text, '(t,)', 'one whose trigger gives another id: nothing is said against our triggers') FROM pg_temp.trial();
SELECT * FROM finish();
ROLLBACK;
