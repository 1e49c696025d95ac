-- What the platform and other programs write, and what becomes of it: state, inbox, jobs and history.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(108);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.key(n integer, token bigint) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), token) $$;
CREATE FUNCTION pg_temp.state(n integer) RETURNS text LANGUAGE sql AS $$ SELECT thumbnail_generation_status FROM videos WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.video(n integer) RETURNS videos LANGUAGE sql AS $$ SELECT v FROM videos v WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.jobs(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.hints() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(right(video_id::text, 2)::integer || reason, ' ' ORDER BY id) FROM thumbnails.inbox $$;
CREATE FUNCTION pg_temp.merge() RETURNS void LANGUAGE plpgsql AS $$ BEGIN WHILE thumbnails.merge(100) > 0 LOOP NULL; END LOOP; END $$;
CREATE FUNCTION pg_temp.put_down(n integer) RETURNS text[] LANGUAGE sql AS $$ SELECT array_agg(key ORDER BY key) FROM thumbnails.object_deletions WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.history(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', coalesce(from_status, '-') || '>' || coalesce(to_status, '-'), class), ', ' ORDER BY id)
    FROM thumbnails.events WHERE video_id = pg_temp.id(n) $$;

SELECT has_trigger('videos', name, name || ' is there')
  FROM unnest(ARRAY['zz_thumbnails_a_guard_insert', 'zz_thumbnails_a_guard_update', 'zz_thumbnails_b_project_insert', 'zz_thumbnails_b_project_update',
    'zz_thumbnails_c_note_insert', 'zz_thumbnails_c_note_update', 'zz_thumbnails_c_note_update_state', 'zz_thumbnails_c_note_delete', 'zz_thumbnails_c_note_truncate']) AS name;
SELECT is((SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE tgrelid = 'videos'::regclass AND NOT tgisinternal AND p.pronamespace = 'thumbnails'::regnamespace),
  9::bigint, 'and no other of ours');

INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 9) AS n;
SELECT is(pg_temp.hints(), '1finished 2finished 3finished 4finished 5finished 6finished 7finished 8finished 9finished', 'each finished video gives one hint');
SELECT is((SELECT count(*) FROM thumbnails.jobs), 0::bigint, 'and nothing else happens in the platform''s transaction');
SELECT is((SELECT count(*) FROM thumbnails.events), 0::bigint, 'not even history');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.history(1), '->pending', 'it becomes pending, once');
SELECT is(pg_temp.hints(), NULL, 'a hint is used up');
-- Our own writes fire nothing: the history is that of the functions.
CREATE TEMP TABLE c AS SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(1, 9) AS n;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM c WHERE c.n = $1 $$;
CREATE FUNCTION pg_temp.complete(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete(pg_temp.id(n), pg_temp.token(n), 'http://p/' || pg_temp.key(n, pg_temp.token(n)), pg_temp.key(n, pg_temp.token(n)), '{"method": "x"}') $$;
DO $$
BEGIN
  PERFORM thumbnails.renew(pg_temp.id(1), pg_temp.token(1), 30);
  PERFORM pg_temp.complete(1);
END $$;
SELECT is(pg_temp.history(1), '->pending, pending>processing, processing>completed', 'claim, renew and complete fire no trigger');
SELECT is(pg_temp.hints(), NULL, 'and give no hint');
SELECT is(current_setting('thumbnails.writing', true), '', 'the mark of our own writes is taken away again');
-- What is nothing to us.
UPDATE videos SET title = 'x', updated_at = now(), thumbnail_metadata = thumbnail_metadata || '{"seen": true}' WHERE id = pg_temp.id(1);
UPDATE videos SET status = status, video_url = video_url, thumbnail_url = thumbnail_url, thumbnail_generation_status = thumbnail_generation_status WHERE id = pg_temp.id(1);
SELECT is(pg_temp.hints(), NULL, 'other columns and saves that change nothing give none');
SELECT is(pg_temp.state(1), 'completed', 'and change no state');
-- The same picture behind another address.
UPDATE videos SET thumbnail_url = 'https://cdn.example/' || pg_temp.key(1, pg_temp.token(1)) || '?width=320' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.hints(), NULL, 'the same object behind another address is the same picture');
SELECT is(((pg_temp.video(1)).thumbnail_metadata ->> 'method', (pg_temp.video(1)).thumbnail_metadata ->> 'source')::text, '(x,)', 'and stays ours');

UPDATE videos SET thumbnail_url = NULL WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1), 'pending', 'a thumbnail that is taken away is waited for at once');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(1), 1::bigint, 'and made anew');
SELECT is(pg_temp.put_down(1), ARRAY[pg_temp.key(1, pg_temp.token(1))], 'its object is left to the collector');
SELECT ok((SELECT bool_and(not_before BETWEEN clock_timestamp() + interval '23 hours' AND clock_timestamp() + interval '25 hours') FROM thumbnails.object_deletions), 'for a day later');
UPDATE videos SET thumbnail_url = 'http://elsewhere/1.jpg' WHERE id = pg_temp.id(1);
SELECT is(((pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_error, (pg_temp.video(1)).thumbnail_metadata)::text,
  '(completed,,"{""source"": ""external""}")', 'a thumbnail from outside completes');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(1), 0::bigint, 'and ends the job');
SELECT matches(pg_temp.history(1), 'pending>completed external$', 'and is in the history');
SELECT is((SELECT count(*) FROM unnest(ARRAY['data:image/svg+xml;base64,x', '', NULL]) AS u WHERE NOT thumbnails.lacks(u)), 0::bigint, 'a placeholder, '''' and NULL are no thumbnail');
UPDATE videos SET thumbnail_url = '' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1), 'pending', '''''');
UPDATE videos SET thumbnail_url = 'http://elsewhere/1.jpg' WHERE id = pg_temp.id(1);
UPDATE videos SET thumbnail_url = 'data:image/svg+xml;base64,x' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.state(1), 'pending', 'nor is a placeholder');
SELECT pg_temp.merge() \g /dev/null
UPDATE videos SET thumbnail_url = 'data:image/svg+xml;base64,y' WHERE id = pg_temp.id(1);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(1) || pg_temp.jobs(1), 'pending1', 'another placeholder is none either');
TRUNCATE c;
INSERT INTO c SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM unnest(ARRAY[1]) AS n;
UPDATE videos SET thumbnail_url = '' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.complete(1), 'ok', 'a placeholder that becomes another during the work refuses no result');
SELECT is(pg_temp.state(1), 'completed', 'which is written over it');
INSERT INTO c SELECT n, (pg_temp.job(n)).token FROM generate_series(2, 9) AS n;

-- A worker that has the row is fenced off by what happens outside.
UPDATE videos SET thumbnail_url = 'http://elsewhere/2.jpg' WHERE id = pg_temp.id(2);
SELECT is(((pg_temp.video(2)).thumbnail_generation_status, (pg_temp.video(2)).thumbnail_generation_started_at, (pg_temp.video(2)).thumbnail_generated_at > now())::text, '(completed,,t)',
  'a thumbnail from outside completes a row in work, and took no time');
SELECT is(pg_temp.complete(2), 'fenced', 'and its worker is fenced off, before the hint is merged');
SELECT is(pg_temp.jobs(2), 0::bigint, 'the job ends');
SELECT is(pg_temp.put_down(2), ARRAY[pg_temp.key(2, pg_temp.token(2))], 'its object is put down');
SELECT pg_temp.merge() \g /dev/null
SELECT is(((pg_temp.video(2)).thumbnail_url, pg_temp.state(2))::text, '(http://elsewhere/2.jpg,completed)', 'the outside one stands');
SELECT matches(pg_temp.history(2), 'processing>completed external', 'the history tells it');
UPDATE videos SET thumbnail_url = 'http://elsewhere/3.jpg' WHERE id = pg_temp.id(3);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(3), 0::bigint, 'merged first, it ends the job, too');
SELECT is(pg_temp.complete(3), 'fenced', 'whose worker is fenced off');
SELECT is(pg_temp.put_down(3), ARRAY[pg_temp.key(3, pg_temp.token(3))], 'and whose object is put down');
SELECT is((pg_temp.video(3)).thumbnail_url, 'http://elsewhere/3.jpg', 'the outside one stands then, too');
SELECT matches(pg_temp.history(3), 'processing>completed external', 'and the history tells it');
UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = pg_temp.id(4);
UPDATE videos SET status = 'processing', thumbnail_generation_status = 'processing' WHERE id = pg_temp.id(4);
SELECT pg_temp.merge() \g /dev/null
SELECT is((pg_temp.job(4)).token, pg_temp.token(4), 'a status that changes does not take the job from its worker');
SELECT is(pg_temp.state(4), 'processing', 'nor the row');
UPDATE videos SET status = 'completed' WHERE id = pg_temp.id(4);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.complete(4), 'ok', 'who finishes it');
SELECT is(pg_temp.state(4), 'completed', 'and says so');
UPDATE videos SET video_url = NULL WHERE id = pg_temp.id(5);
SELECT pg_temp.merge() \g /dev/null
SELECT is(((pg_temp.video(5)).thumbnail_generation_status, (pg_temp.video(5)).thumbnail_generation_error, (pg_temp.video(5)).thumbnail_generation_error_code)::text,
  '(failed,"Video URL is null",media)', 'a video_url that goes is a failure with a reason');
SELECT matches(pg_temp.history(5), '>failed media$', 'in the history, too');
SELECT is(pg_temp.complete(5), 'fenced', 'and its worker is fenced off');

-- A row that is saved whole, as it was when it was read: while it waited, now that a worker has it.
UPDATE videos SET title = 'saved', status = 'completed', video_url = 'http://x/6', thumbnail_url = NULL, thumbnail_generation_status = 'pending', thumbnail_generation_error = NULL,
  thumbnail_generation_error_code = NULL, thumbnail_generation_attempts = 0, thumbnail_generation_started_at = NULL, thumbnail_generation_last_attempt_at = NULL,
  thumbnail_generated_at = NULL, thumbnail_metadata = '{}' WHERE id IN (pg_temp.id(6), pg_temp.id(7));
SELECT pg_temp.merge() \g /dev/null
SELECT is(((pg_temp.job(6)).token, (pg_temp.job(6)).attempts)::text, format('(%s,1)', pg_temp.token(6)), 'a stale row that is saved takes no job from its worker');
SELECT ok((pg_temp.job(6)).due_at > clock_timestamp(), 'nor its lease');
SELECT ok(thumbnails.renew(pg_temp.id(6), pg_temp.token(6), 30), 'it renews');
SELECT is(pg_temp.complete(6), 'ok', 'and hands its picture in');
SELECT is(((pg_temp.video(6)).title, pg_temp.state(6), (pg_temp.video(6)).thumbnail_generation_attempts, (pg_temp.video(6)).thumbnail_metadata)::text, '(saved,completed,1,"{""method"": ""x""}")',
  'which the row then shows, with all that belongs to it');
-- The stale row comes after the picture: it is made again.
UPDATE videos SET status = 'completed', video_url = 'http://x/6', thumbnail_url = NULL, thumbnail_generation_status = 'pending', thumbnail_generation_attempts = 0,
  thumbnail_metadata = '{}' WHERE id = pg_temp.id(6);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(6) || pg_temp.jobs(6), 'pending1', 'a picture that a stale row has emptied is made again');
SELECT is(pg_temp.put_down(6), ARRAY[pg_temp.key(6, pg_temp.token(6))], 'the lost one''s object is put down');
UPDATE c SET token = (thumbnails.claim(pg_temp.id(6), 30)).token WHERE n = 6;
SELECT is(pg_temp.complete(6), 'ok', 'the new one counts');
UPDATE videos SET status = 'completed', thumbnail_url = NULL, thumbnail_generation_status = 'processing' WHERE id = pg_temp.id(6);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(6), 1::bigint, 'a stale row may say processing, too');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(6), 30)), 'claimed', 'and can be claimed at once');
-- One that was failed for good.
SELECT thumbnails.fail(pg_temp.id(8), pg_temp.token(8), 'media', 'no video stream', false) \g /dev/null
UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_error = NULL, thumbnail_generation_error_code = NULL WHERE id = pg_temp.id(8);
SELECT pg_temp.merge() \g /dev/null
UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = pg_temp.id(8);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(8), 1::bigint, 'who writes pending over a failure starts it anew');
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(8), 30)), '(claimed,1)', 'with its first attempt');
-- One that waits for its next attempt.
SELECT thumbnails.fail(pg_temp.id(9), pg_temp.token(9), 'source', '503', true) \g /dev/null
UPDATE videos SET thumbnail_generation_status = 'pending' WHERE id = pg_temp.id(9);
SELECT pg_temp.merge() \g /dev/null
SELECT ok((pg_temp.job(9)).due_at <= clock_timestamp() AND (pg_temp.job(9)).attempts = 0, 'and over a wait');

-- Rows that come as they are.
INSERT INTO videos (id, status) VALUES (pg_temp.id(10), 'completed');
SELECT pg_temp.merge() \g /dev/null
SELECT matches(pg_temp.history(10), '>failed media$', 'a row that comes without URL');
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(11), 'completed', 'http://x/11', 'http://p/11.jpg');
SELECT is(((pg_temp.video(11)).thumbnail_generation_status, (pg_temp.video(11)).thumbnail_metadata ->> 'source')::text || coalesce(pg_temp.hints(), ''), '(completed,external)',
  'a row that comes with its thumbnail needs nothing');
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(12), 'completed', 'http://x/12', '');
SELECT is(pg_temp.state(12) || pg_temp.hints(), 'pending12finished', 'one that comes with '''' has none');
INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_error, thumbnail_generation_error_code, thumbnail_generation_attempts)
VALUES (pg_temp.id(13), 'completed', 'http://x/13', 'failed', 'no video stream', 'media', 2);
SELECT is(pg_temp.state(13) || pg_temp.hints(), 'failed12finished', 'a state that comes with the row is respected');
UPDATE videos SET thumbnail_url = 'http://elsewhere/13.jpg' WHERE id = pg_temp.id(13);
SELECT is(((pg_temp.video(13)).thumbnail_generation_status, (pg_temp.video(13)).thumbnail_generation_error, (pg_temp.video(13)).thumbnail_generation_error_code)::text, '(completed,,)',
  'until its picture comes from outside: no error is left');
DELETE FROM thumbnails.inbox WHERE video_id = pg_temp.id(13);
INSERT INTO videos (id, status, video_url, thumbnail_generation_status) VALUES (pg_temp.id(14), 'completed', 'http://x/14', 'pending');
SELECT is(pg_temp.hints(), '12finished 14finished', 'and pending is a promise');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(14), 1::bigint, 'which is kept');
-- An old writer, without tokens.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(15), 'completed', 'http://x/15');
SELECT pg_temp.merge() \g /dev/null
UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = now() WHERE id = pg_temp.id(15);
SELECT pg_temp.merge() \g /dev/null
SELECT ok((pg_temp.job(15)).due_at BETWEEN now() + interval '29 min' AND now() + interval '31 min', 'an old writer has half an hour');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(15), 30)), 'not_due', 'meanwhile nobody else works on it');
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = 'its words' WHERE id = pg_temp.id(15);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.history(15), '->pending, pending>processing external, processing>failed external', 'what an old writer does is in the history');
SELECT is(pg_temp.jobs(15), 1::bigint, 'and when it fails the video is not given up');
UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = 'infinity' WHERE id = pg_temp.id(15);
SELECT pg_temp.merge() \g /dev/null
SELECT ok((pg_temp.job(15)).due_at < clock_timestamp() + interval '31 min', 'an absurd time does not make it longer');
UPDATE videos SET thumbnail_url = 'http://p/15.jpg', thumbnail_generation_status = 'completed', thumbnail_generated_at = now(), thumbnail_metadata = '{"by": "original"}',
  thumbnail_generation_started_at = now() - interval '7 s' WHERE id = pg_temp.id(15);
SELECT pg_temp.merge() \g /dev/null
SELECT is(((pg_temp.video(15)).thumbnail_metadata, now() - (pg_temp.video(15)).thumbnail_generation_started_at)::text || pg_temp.jobs(15), '("{""by"": ""original""}",00:00:07)0',
  'a picture of the original''s keeps what it knew, and ends the job');
-- The state of a row that has its picture.
UPDATE videos SET thumbnail_generation_status = 'processing' WHERE id = pg_temp.id(11);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(11) || pg_temp.jobs(11), 'completed0', 'a row with its picture is completed, whatever is written over it');

-- Missing configuration is on the row. A session looks once a second.
DELETE FROM system_config;
SELECT pg_sleep(1) \g /dev/null
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(16), 'completed', 'http://x/16');
SELECT is(((pg_temp.video(16)).thumbnail_generation_status, (pg_temp.video(16)).thumbnail_generation_error, (pg_temp.video(16)).thumbnail_generation_error_code)::text,
  '(pending,"Missing configuration in system_config: thumbnail_handlers_url / supabase_url, webhook_secret / service_role_key",configuration)', 'missing configuration is recorded on the row');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(16), 1::bigint, 'which waits in the queue for it');
SELECT is(pg_temp.history(16), '->pending configuration', 'and in the history');
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder'), ('auto_thumbnail_enabled', ' False ');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(17), 'completed', 'http://x/17');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.state(17) || pg_temp.jobs(17), 'pending1', 'switched off: it waits');
SELECT is((SELECT count(*) FROM thumbnails.due_videos(100, '{}')), 0::bigint, 'and nobody is woken for it');
UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled';
SELECT set_config('thumbnails.due_marks', '', false) \g /dev/null
SELECT ok(pg_temp.id(17) IN (SELECT thumbnails.due_videos(100, '{}')), 'switched on again it is due');

-- Videos that go.
INSERT INTO videos (id, status, video_url, thumbnail_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n, 'http://p/' || pg_temp.key(n, 1) FROM generate_series(20, 24) AS n;
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(25), 'completed', 'http://x/25'), (pg_temp.id(26), 'completed', 'http://x/26');
SELECT pg_temp.merge() \g /dev/null
UPDATE videos SET thumbnail_url = 'http://p/' || pg_temp.key(20, 1) || '?t=1#t' WHERE id = pg_temp.id(21);
UPDATE videos SET thumbnail_url = 'http://p/thumbnails/by-hand.jpg' WHERE id = pg_temp.id(22);
SELECT pg_temp.merge() \g /dev/null
DELETE FROM thumbnails.object_deletions;
CREATE TEMP TABLE taken AS SELECT * FROM thumbnails.claim(pg_temp.id(26), 30);
DELETE FROM videos WHERE id IN (pg_temp.id(20), pg_temp.id(21), pg_temp.id(22), pg_temp.id(25), pg_temp.id(26));
SELECT is((SELECT array_agg(right(video_id::text, 2) || reason ORDER BY video_id) FROM thumbnails.inbox), ARRAY['20gone', '21gone', '22gone', '25gone', '26gone'], 'a deletion is one hint');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(25), 30)), 'not_found', 'a deleted video is not found');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(25) + pg_temp.jobs(26), 0::bigint, 'and is queued no more');
SELECT is(thumbnails.complete(pg_temp.id(26), (SELECT token FROM taken), 'http://p/' || pg_temp.key(26, 2), pg_temp.key(26, 2), '{}'), 'fenced', 'a result of it is refused');
SELECT is((SELECT array_agg(key ORDER BY key) FROM thumbnails.object_deletions), ARRAY[pg_temp.key(20, 1), pg_temp.key(26, 2)],
  'its own object is left to the collector, and not what its URL says of another one''s');
-- A video that goes and comes again under its id.
DELETE FROM videos WHERE id = pg_temp.id(23);
INSERT INTO videos (id, status, video_url, thumbnail_url) VALUES (pg_temp.id(23), 'completed', 'http://x/23', 'http://p/' || pg_temp.key(23, 1));
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(25), 'completed', 'http://x/25');
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.put_down(23), NULL, 'an object that a row shows again is not put down');
SELECT is(pg_temp.jobs(25), 1::bigint, 'a video that comes again is queued again');
-- Another id.
UPDATE videos SET id = pg_temp.id(35) WHERE id = pg_temp.id(25);
UPDATE videos SET id = pg_temp.id(34) WHERE id = pg_temp.id(24);
SELECT pg_temp.merge() \g /dev/null
SELECT is(pg_temp.jobs(25) || ' ' || pg_temp.jobs(35), '0 1', 'a video that is given another id takes its place in the queue with it');
SELECT is((SELECT (outcome, video_url)::text FROM thumbnails.claim(pg_temp.id(35), 30)), '(claimed,http://x/25)', 'and can be claimed');
SELECT is(pg_temp.state(34) || pg_temp.jobs(34), 'completed0', 'one with its picture keeps it');
SELECT is(pg_temp.put_down(24), NULL, 'whose object is not put down while the row shows it');
-- All of them.
CREATE TEMP TABLE shown AS SELECT thumbnails.object_key(thumbnail_url, id) AS key FROM videos WHERE thumbnails.object_key(thumbnail_url, id) IS NOT NULL;
CREATE TEMP TABLE ids AS SELECT video_id FROM thumbnails.jobs UNION SELECT thumbnails.key_video(key) FROM shown;
DELETE FROM thumbnails.object_deletions;
TRUNCATE videos;
SELECT set_eq($$ SELECT video_id FROM thumbnails.inbox WHERE reason = 'gone' $$, 'TABLE ids', 'TRUNCATE: what has a job or an object of ours is noted');
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs) + (SELECT count(*) FROM thumbnails.inbox), 0::bigint, 'nothing is left in the queue');
SELECT set_eq('SELECT key FROM thumbnails.object_deletions', 'TABLE shown', 'and objects are collected');
SELECT is((SELECT count(*) > 2 FROM shown) AND (SELECT count(*) > 5 FROM ids), true, 'all there were');
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1');
SELECT pg_temp.merge() \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'claimed', 'and it goes on');

-- Two triggers share an UPDATE: one looks at every row, the other at a state or an id that is named.
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'processing', 'http://x/' || n FROM generate_series(2, 3) AS n;
UPDATE videos SET thumbnail_generation_status = 'failed' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.hints(), '1state', 'another program''s state gives a hint');
UPDATE videos SET thumbnail_generation_status = 'failed', title = 'x' WHERE id = pg_temp.id(1);
SELECT is(pg_temp.hints(), '1state', 'the same once more does not');
UPDATE videos SET status = 'completed', thumbnail_generation_status = 'processing' WHERE id = pg_temp.id(2);
SELECT is(pg_temp.hints(), '1state 2finished', 'finished with a state: one hint');
UPDATE videos SET id = pg_temp.id(4), status = 'completed' WHERE id = pg_temp.id(3);
SELECT is(pg_temp.hints(), '1state 2finished 3gone 4finished', 'finished under another id: one of each');
DELETE FROM thumbnails.inbox;
UPDATE videos SET id = pg_temp.id(3) WHERE id = pg_temp.id(4);
SELECT is(pg_temp.hints(), '4gone 3finished', 'another id alone: one of each');
DELETE FROM thumbnails.inbox;
SELECT thumbnails.fail(pg_temp.id(1), j.token, 'media', 'no picture', false) FROM thumbnails.jobs j WHERE j.video_id = pg_temp.id(1) \g /dev/null
SELECT is(pg_temp.hints(), NULL, 'what we write ourselves gives none');
SELECT * FROM finish();
ROLLBACK;
