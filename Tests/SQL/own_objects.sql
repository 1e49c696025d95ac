-- What a user can have collected: objects of their own row's id, below our prefix. A row may name anything.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(14);
SET LOCAL client_min_messages = warning;
DO $$ BEGIN CREATE ROLE authenticated NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT ALL ON videos TO authenticated;
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-7.jpg', pg_temp.id(n)) $$;
-- Keys that are put down where a user's row names `url` and is deleted, emptied, replaced, or given another id.
CREATE FUNCTION pg_temp.put_down(url text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  keys text[] := '{}';
  statement text;
BEGIN
  FOREACH statement IN ARRAY ARRAY['DELETE FROM videos WHERE id = $1', 'UPDATE videos SET thumbnail_url = NULL WHERE id = $1',
                                   'UPDATE videos SET thumbnail_url = ''http://elsewhere/own.jpg'' WHERE id = $1',
                                   'UPDATE videos SET id = pg_temp.id(3), thumbnail_url = NULL WHERE id = $1',
                                   'UPDATE videos SET id = pg_temp.id(2), thumbnail_url = NULL WHERE id = $1'] LOOP
    DELETE FROM videos WHERE id <> pg_temp.id(9);
    PERFORM thumbnails.merge(1000);
    DELETE FROM thumbnails.object_deletions;
    SET LOCAL ROLE authenticated;
    INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1', url);
    EXECUTE statement USING pg_temp.id(1);
    RESET ROLE;
    PERFORM thumbnails.merge(1000);
    keys := keys || ARRAY(SELECT d.key FROM thumbnails.object_deletions AS d UNION ALL SELECT 'not merged: ' || i.reason FROM thumbnails.inbox AS i);
  END LOOP;
  RETURN (SELECT string_agg(k || ' ' || n, ', ') FROM (SELECT k, count(*) AS n FROM unnest(keys) AS k GROUP BY k ORDER BY k) AS counted);
END $$;
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(9), 'completed', 'http://x/9', 'http://p/' || pg_temp.key(9));

SELECT is(pg_temp.put_down('http://p/' || pg_temp.key(1)), pg_temp.key(1) || ' 5', 'its own, every time');
SELECT is(pg_temp.put_down('https://cdn.example/a/b/' || pg_temp.key(1) || '?width=320'), pg_temp.key(1) || ' 5', 'its own behind another address');
SELECT is(pg_temp.put_down(url), NULL, 'nothing of ' || url)
  FROM unnest(ARRAY['http://p/' || pg_temp.key(9), pg_temp.key(9), 'http://p/' || replace(pg_temp.key(9), '-', '%2d'),
                    format('http://p/thumbnails/%s/../%s/0123456789abcdef-7.jpg', pg_temp.id(1), pg_temp.id(9)),
                    format('http://p/thumbnails/%s/%s', pg_temp.id(1), pg_temp.key(9)),
                    format('http://p/thumbnails/%s/', pg_temp.id(1)), format('http://p/thumbnails/%s', pg_temp.id(1)),
                    format('http://p/thumbnails/%s/by-hand.jpg', pg_temp.id(1)), format('http://p/other/%s/0123456789abcdef-7.jpg', pg_temp.id(1)),
                    'http://p/thumbnails/check/probe-1.txt']) AS url;
SELECT is(pg_temp.put_down(format('http://p/%s?%s', pg_temp.key(9), pg_temp.key(1))), pg_temp.key(1) || ' 5', 'of two it names, its own');
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10)), 0::bigint, 'and nothing is taken before its time');
SELECT * FROM finish();
ROLLBACK;
