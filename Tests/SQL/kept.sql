-- What the platform's own triggers refuse is kept, written later by SQL alone, and costs no attempt.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(95);
DELETE FROM videos;
DELETE FROM system_config;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.video(n integer) RETURNS videos LANGUAGE sql AS $$ SELECT v FROM videos v WHERE id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.job(n integer) RETURNS thumbnails.jobs LANGUAGE sql AS $$ SELECT j FROM thumbnails.jobs j WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.jobs(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.jobs WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.key(n integer) RETURNS text LANGUAGE sql AS $$ SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', pg_temp.id(n), n) $$;
CREATE FUNCTION pg_temp.put_down(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thumbnails.object_deletions WHERE key = pg_temp.key(n) $$;
CREATE FUNCTION pg_temp.due(n integer) RETURNS void LANGUAGE sql AS $$
  UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id = pg_temp.id(n) $$;
CREATE FUNCTION pg_temp.history(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(concat_ws(' ', coalesce(from_status, '-') || '>' || coalesce(to_status, '-'), class), ', ' ORDER BY id)
    FROM thumbnails.events WHERE video_id = pg_temp.id(n) AND to_status IS NOT NULL $$;
CREATE TEMP TABLE t (n integer PRIMARY KEY, token bigint);
CREATE FUNCTION pg_temp.claim(first integer, last integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO t SELECT n, (thumbnails.claim(pg_temp.id(n), 30)).token FROM generate_series(first, last) AS n ON CONFLICT (n) DO UPDATE SET token = excluded.token $$;
CREATE FUNCTION pg_temp.token(n integer) RETURNS bigint LANGUAGE sql AS $$ SELECT token FROM t WHERE t.n = $1 $$;
CREATE FUNCTION pg_temp.complete(n integer) RETURNS text LANGUAGE sql AS $$
  SELECT thumbnails.complete(pg_temp.id(n), pg_temp.token(n), 'http://p/' || pg_temp.key(n), pg_temp.key(n), '{"method": "x", "bytesFetched": 7}') $$;
-- The platform's trigger, broken in one of several ways.
CREATE TABLE habit (word text);
INSERT INTO habit VALUES ('well');
CREATE FUNCTION habit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  word text := (SELECT h.word FROM public.habit AS h);
BEGIN
  IF word = 'raises' AND NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url OR word = 'raises always' THEN
    RAISE EXCEPTION 'the audit table is locked' USING ERRCODE = 'AU001';
  ELSIF word = 'server' THEN
    RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';
  ELSIF word = 'keeps' THEN
    RETURN NULL;
  ELSIF word = 'refuses failed' AND NEW.thumbnail_generation_status = 'failed' THEN
    RAISE EXCEPTION 'no failures here';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER habit BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION habit();
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(1, 20) AS n;
SELECT pg_temp.claim(1, 12) \g /dev/null

-- One that raises.
UPDATE habit SET word = 'raises';
SELECT is(pg_temp.complete(1), 'kept', 'a result the platform refuses is kept');
SELECT is(((pg_temp.job(1)).lane, (pg_temp.job(1)).attempts, (pg_temp.job(1)).releases, (pg_temp.job(1)).token)::text, '(9,1,1,)', 'in its job, which no worker takes');
SELECT is((pg_temp.job(1)).result - 'metadata', jsonb_build_object('state', 'completed', 'url', 'http://p/' || pg_temp.key(1), 'key', pg_temp.key(1), 'keepSeconds', 86400,
  'token', pg_temp.token(1), 'refused', '{"text": "the audit table is locked", "sqlstate": "AU001"}'::jsonb), 'with what the platform said');
SELECT ok((pg_temp.job(1)).due_at BETWEEN clock_timestamp() + interval '4 s' AND clock_timestamp() + interval '10 s', 'for a few seconds at first');
SELECT is(((pg_temp.video(1)).thumbnail_url, (pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_error_code, (pg_temp.video(1)).thumbnail_generation_error)::text,
  '(,pending,platform,"the platform refuses the result, which is kept: the audit table is locked (AU001)")', 'the row says so');
SELECT is(pg_temp.history(1), '->pending, pending>processing, processing>pending platform', 'and the history');
SELECT is(pg_temp.complete(1), 'kept', 'a call that is repeated is told the same');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), pg_temp.token(1), 'storage', 'x', NULL)), 'kept', 'and one that gives it back after all');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(1), pg_temp.token(1), 'source', 'x', true)), 'kept', 'or failed');
SELECT ok(NOT thumbnails.renew(pg_temp.id(1), pg_temp.token(1), 30), 'there is nothing to renew');
SELECT is(thumbnails.complete(pg_temp.id(1), pg_temp.token(1) - 1, 'http://p/x', 'thumbnails/x', '{}'), 'fenced', 'an older claim is fenced');
SELECT is(pg_temp.put_down(1), 0::bigint, 'its object is not put down');
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(not_due,"the audit table is locked")', 'a webhook is told why it waits');
SELECT is((SELECT count(*) FROM thumbnails.due_videos(100, '{}') AS d WHERE d = pg_temp.id(1)), 0::bigint, 'nobody is woken for it');
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is((pg_temp.job(1)).releases, 1::smallint, 'nothing happens before its time');
SELECT pg_temp.due(1) \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.due_videos(100, '{}') AS d WHERE d = pg_temp.id(1)), 0::bigint, 'nobody is woken for it then either');
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is(((pg_temp.job(1)).releases, (pg_temp.job(1)).attempts, (pg_temp.job(1)).result ->> 'token')::text, format('(2,1,%s)', pg_temp.token(1)), 'refused again it waits again');
SELECT ok((pg_temp.job(1)).due_at BETWEEN clock_timestamp() + interval '9 s' AND clock_timestamp() + interval '20 s', 'twice as long');
SELECT is(pg_temp.history(1), '->pending, pending>processing, processing>pending platform', 'which is told once');
SELECT is((SELECT (outcome, retry_after_seconds > 8)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(not_due,t)', 'and waited for');
SELECT pg_temp.due(1) \g /dev/null
SELECT is((SELECT (outcome, retry_after_seconds)::text FROM thumbnails.claim(pg_temp.id(1), 30)), '(not_due,10)', 'as when a webhook tries it');
UPDATE habit SET word = 'well';
SELECT pg_temp.due(1) \g /dev/null
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is(((pg_temp.video(1)).thumbnail_url, (pg_temp.video(1)).thumbnail_generation_status, (pg_temp.video(1)).thumbnail_generation_error, (pg_temp.video(1)).thumbnail_generation_error_code,
  (pg_temp.video(1)).thumbnail_generation_attempts, (pg_temp.video(1)).thumbnail_metadata ->> 'method')::text, format('(http://p/%s,completed,,,1,x)', pg_temp.key(1)),
  'once the platform takes it, it is written as if nothing had been');
SELECT is(pg_temp.jobs(1) + pg_temp.put_down(1), 0::bigint, 'and the job ends');
SELECT is(pg_temp.history(1), '->pending, pending>processing, processing>pending platform, pending>completed kept', 'the history tells it');
SELECT is(pg_temp.complete(1), 'already', 'a call that is repeated so late is told that it is done');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(1), 30)), 'completed', 'and a webhook');
SELECT is(pg_temp.put_down(1), 0::bigint, 'its object stays');

-- One that keeps the row as it is, without a word.
UPDATE habit SET word = 'keeps';
SELECT is(pg_temp.complete(2), 'kept', 'a trigger that keeps the row');
SELECT is((pg_temp.job(2)).result -> 'refused', '{"text": "a trigger of the platform''s keeps the row as it is", "sqlstate": ""}', 'is named');
SELECT is((SELECT text FROM thumbnails.events WHERE video_id = pg_temp.id(2) AND class = 'platform'),
          'the platform refuses the result, which is kept: a trigger of the platform''s keeps the row as it is', 'in the history, too, which names no code where there is none');
SELECT is(((pg_temp.video(2)).thumbnail_url, (pg_temp.video(2)).thumbnail_generation_status)::text, '(,processing)', 'the row is as it was');
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(3), 30)), 'busy', 'others'' workers go on');
UPDATE habit SET word = 'well';
SELECT pg_temp.due(2) \g /dev/null
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(2), 30)), format('(completed,http://p/%s)', pg_temp.key(2)), 'a webhook writes it, too, when its time has come');
SELECT is(((pg_temp.video(2)).thumbnail_generation_status, (pg_temp.video(2)).thumbnail_generation_attempts)::text || pg_temp.jobs(2), '(completed,1)0', 'as if nothing had been');
SELECT matches(pg_temp.history(2), 'pending>completed kept$', 'the history tells it');
SELECT is(pg_temp.complete(2), 'already', 'and a call that is repeated is told');
SELECT is(pg_temp.put_down(2), 0::bigint, 'its object stays');

-- One that refuses everything.
UPDATE habit SET word = 'raises always';
SELECT is(pg_temp.complete(3), 'kept', 'a trigger that refuses every write');
SELECT is((SELECT count(*) FROM thumbnails.events WHERE video_id = pg_temp.id(3) AND text = 'the platform refused ''pending'' on its row: the audit table is locked (AU001)'), 1::bigint,
  'its words are in the history, as the row cannot say them');
CREATE TEMP TABLE other AS SELECT * FROM thumbnails.claim(pg_temp.id(13), 30);
SELECT is((SELECT outcome FROM other), 'claimed', 'it stops no claim');
SELECT is((pg_temp.video(13)).thumbnail_generation_status, 'pending', 'which the row does not show');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(13), (SELECT token FROM other), 'source', '503', true)), 'ok', 'nor a failure');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(4), pg_temp.token(4), 'shutdown', 'x', NULL)), 'ok', 'nor a job that is given back');
SELECT is(((pg_temp.job(13)).attempts, (pg_temp.job(4)).attempts)::text, '(1,0)', 'the queue knows better');
UPDATE habit SET word = 'well';
SELECT pg_temp.due(3) \g /dev/null
SELECT is(auto_retry_stuck_thumbnails() ->> 'success', 'true', 'the sweep writes it, too');
SELECT is((pg_temp.video(3)).thumbnail_url || pg_temp.jobs(3), 'http://p/' || pg_temp.key(3) || '0', 'when its time has come');
SELECT is((pg_temp.video(13)).thumbnail_generation_status, 'pending', 'a row that shows too little comes right with its next write');
SELECT pg_temp.due(13) \g /dev/null
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(13), 30)), '(claimed,2)', 'as its second attempt');
SELECT is(((pg_temp.video(13)).thumbnail_generation_status, (pg_temp.video(13)).thumbnail_generation_attempts)::text, '(processing,2)', 'here it does');

-- A failure that is refused.
UPDATE habit SET word = 'refuses failed';
SELECT is((SELECT (outcome, next_attempt_at)::text FROM thumbnails.fail(pg_temp.id(5), pg_temp.token(5), 'media', 'no video stream', false)), '(kept,)', 'a final failure is kept, too');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(5), pg_temp.token(5), 'media', 'no video stream', false)), 'kept', 'a call that is repeated is told');
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(6), pg_temp.token(6), 'media', 'no audio either', false)), 'kept', 'another');
UPDATE habit SET word = 'well';
SELECT pg_temp.due(5), pg_temp.due(6) \g /dev/null
SELECT is((SELECT (outcome, detail)::text FROM thumbnails.claim(pg_temp.id(6), 30)), '(exhausted,"no audio either")', 'a webhook writes it, and is told');
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is(((pg_temp.video(n)).thumbnail_generation_status, (pg_temp.video(n)).thumbnail_generation_error_code, (pg_temp.video(n)).thumbnail_generation_attempts)::text || pg_temp.jobs(n),
  '(failed,media,1)0', 'it is failed for good: ' || n) FROM unnest(ARRAY[5, 6]) AS n;
SELECT matches(pg_temp.history(n), 'pending>failed media$', 'and in the history: ' || n) FROM unnest(ARRAY[5, 6]) AS n;
SELECT is((SELECT outcome FROM thumbnails.fail(pg_temp.id(n), pg_temp.token(n), 'media', 'x', false)), 'already', 'a call that is repeated so late is told: ' || n) FROM unnest(ARRAY[5, 6]) AS n;

-- What becomes of the video while its result is kept.
UPDATE habit SET word = 'raises';
SELECT is(ARRAY(SELECT pg_temp.complete(n) FROM generate_series(7, 12) AS n), array_fill('kept'::text, ARRAY[6]), 'six that are kept');
UPDATE habit SET word = 'well';
UPDATE videos SET video_url = 'http://x/7?id=2' WHERE id = pg_temp.id(7);
UPDATE videos SET thumbnail_url = 'http://elsewhere/8.jpg' WHERE id = pg_temp.id(8);
DELETE FROM videos WHERE id = pg_temp.id(9);
UPDATE videos SET video_url = 'http://x/10?token=2' WHERE id = pg_temp.id(10);
SELECT thumbnails.merge(100) \g /dev/null
SELECT is(((pg_temp.job(7)).lane < 9, (pg_temp.job(7)).result, (pg_temp.job(7)).attempts, (pg_temp.job(7)).due_at <= clock_timestamp())::text, '(t,,0,t)', 'another video: begins anew');
SELECT is(pg_temp.put_down(7), 1::bigint, 'and the kept object is put down');
SELECT is((pg_temp.video(8)).thumbnail_url || pg_temp.jobs(8), 'http://elsewhere/8.jpg0', 'a picture from outside stands');
SELECT is(pg_temp.put_down(8), 1::bigint, 'and the kept object is put down');
SELECT is(pg_temp.jobs(9), 0::bigint, 'a deleted one: nothing is left');
SELECT is(pg_temp.put_down(9), 1::bigint, 'and the kept object is put down');
SELECT is((pg_temp.job(10)).lane || ' ' || pg_temp.put_down(10), '9 0', 'the same video under a fresh signature: it is kept');
UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = 'x' WHERE id = pg_temp.id(10);
SELECT thumbnails.merge(100) \g /dev/null
UPDATE videos SET status = 'processing' WHERE id = pg_temp.id(10);
UPDATE videos SET status = 'completed', thumbnail_generation_status = 'pending' WHERE id = pg_temp.id(10);
SELECT thumbnails.merge(100) \g /dev/null
SELECT is((pg_temp.job(10)).lane || ' ' || pg_temp.put_down(10), '9 0', 'a row that is saved as it was: it is kept');
SELECT pg_temp.due(10) \g /dev/null
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is((pg_temp.video(10)).thumbnail_url, 'http://p/' || pg_temp.key(10), 'and written');
SELECT is((SELECT (outcome, attempt)::text FROM thumbnails.claim(pg_temp.id(11), 30, NULL, true)), '(claimed,1)', 'who asks for a new one gets it');
SELECT is(((pg_temp.job(11)).lane < 9, (pg_temp.job(11)).result)::text || pg_temp.put_down(11), '(t,)1', 'and the kept object is put down');
-- A shape that is named with a webhook asks for nothing new.
SELECT pg_temp.due(12) \g /dev/null
SELECT is((SELECT outcome FROM thumbnails.claim(pg_temp.id(12), 30, '9:16')), 'completed', 'a webhook that names a shape has nothing decoded again');
SELECT is((pg_temp.video(12)).thumbnail_url || pg_temp.put_down(12), 'http://p/' || pg_temp.key(12) || '0', 'the kept one is written');
-- Not merged yet, and found only when it is written.
SELECT pg_temp.claim(14, 17) \g /dev/null
UPDATE habit SET word = 'raises';
SELECT is(ARRAY(SELECT pg_temp.complete(n) FROM generate_series(14, 17) AS n), array_fill('kept'::text, ARRAY[4]), 'four more');
UPDATE habit SET word = 'well';
UPDATE videos SET video_url = 'http://x/14?id=2' WHERE id = pg_temp.id(14);
UPDATE videos SET thumbnail_url = 'http://elsewhere/15.jpg' WHERE id = pg_temp.id(15);
DELETE FROM videos WHERE id = pg_temp.id(16);
SELECT pg_temp.due(n) FROM generate_series(14, 16) AS n \g /dev/null
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is((pg_temp.video(14)).thumbnail_url, NULL, 'the old video''s picture is not written');
SELECT is(((pg_temp.job(14)).lane, (pg_temp.job(14)).attempts, (pg_temp.job(14)).source_url)::text, '(0,0,http://x/14?id=2)', 'and it begins anew');
SELECT is((pg_temp.video(15)).thumbnail_url, 'http://elsewhere/15.jpg', 'a picture from outside stands, too');
SELECT is(pg_temp.jobs(15) + pg_temp.jobs(16), 0::bigint, 'and ends the job; so does a deletion');
SELECT is(ARRAY(SELECT pg_temp.put_down(n) FROM generate_series(14, 16) AS n), ARRAY[1, 1, 1]::bigint[], 'the kept objects are put down');
-- By hand: at once, and nothing decoded again.
SELECT is(manually_trigger_thumbnail_generation(pg_temp.id(17)) ->> 'success', 'true', 'a trigger by hand');
SELECT is(((pg_temp.job(17)).lane, (pg_temp.job(17)).due_at <= clock_timestamp(), (pg_temp.job(17)).result IS NOT NULL)::text, '(9,t,t)', 'has it written at once');
SELECT is(batch_trigger_thumbnail_generation(100) #>> '{results}' LIKE '%' || pg_temp.id(17) || '%', false, 'the batch leaves it alone');
SELECT thumbnails.look_after(100) \g /dev/null
SELECT is((pg_temp.video(17)).thumbnail_url, 'http://p/' || pg_temp.key(17), 'and so it is');
-- The collector takes nothing that is kept, nor of its video.
SELECT pg_temp.claim(18, 18) \g /dev/null
UPDATE habit SET word = 'raises';
SELECT is(pg_temp.complete(18), 'kept', 'one more');
INSERT INTO thumbnails.object_deletions VALUES (pg_temp.key(18), pg_temp.id(18), now() - interval '1 s');
SELECT is((SELECT count(*) FROM thumbnails.take_deletions(10) AS d WHERE d.key = pg_temp.key(18)), 0::bigint, 'the collector takes nothing that is kept');
SELECT is((SELECT count(*) FROM thumbnails.list_orphans(ARRAY[pg_temp.key(18)])), 0::bigint, 'which is no orphan');
-- So it is where the server itself is in trouble: no attempt is lost.
SELECT pg_temp.claim(19, 19) \g /dev/null
UPDATE habit SET word = 'server';
SELECT is(pg_temp.complete(19), 'kept', 'beside a full disk of the platform''s');
SELECT is(((pg_temp.job(19)).attempts, (pg_temp.job(19)).result #>> '{refused,sqlstate}')::text, '(1,53100)', 'with the reason');
UPDATE habit SET word = 'well';
UPDATE thumbnails.jobs SET due_at = now() - interval '1 s' WHERE video_id = pg_temp.id(19);
SELECT thumbnails.settle_kept(10) \g /dev/null
SELECT is((pg_temp.video(19)).thumbnail_url, 'http://p/' || pg_temp.key(19), 'and written with room again');
-- Where there is no relay, workers write what is kept before they take the next job: when they look from the start, and before they say that there is none.
UPDATE thumbnails.jobs SET due_at = now() + interval '1 h' WHERE video_id = pg_temp.id(18);
INSERT INTO videos (id, status, video_url) SELECT pg_temp.id(n), 'completed', 'http://x/' || n FROM generate_series(21, 24) AS n;
SELECT pg_temp.claim(21, 24) \g /dev/null
UPDATE habit SET word = 'server';
SELECT is(ARRAY(SELECT pg_temp.complete(n) FROM generate_series(21, 24) AS n), array_fill('kept'::text, ARRAY[4]), 'four more');
SELECT pg_temp.due(n) FROM generate_series(21, 24) AS n \g /dev/null
SELECT set_config('thumbnails.claim_marks', '', false) \g /dev/null
SELECT thumbnails.claim_next(30) \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.jobs WHERE video_id BETWEEN pg_temp.id(21) AND pg_temp.id(24) AND due_at <= clock_timestamp()), 3::bigint, 'as long as the platform takes them');
UPDATE habit SET word = 'well';
SELECT set_config('thumbnails.claim_marks', '', false) \g /dev/null
SELECT thumbnails.claim_next(30) \g /dev/null
SELECT is((SELECT count(*) FROM videos WHERE id BETWEEN pg_temp.id(21) AND pg_temp.id(24) AND thumbnail_url IS NOT NULL), 3::bigint, 'a worker that looks from the start writes them');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' WHERE video_id BETWEEN pg_temp.id(21) AND pg_temp.id(24);
SELECT thumbnails.claim_next(30) FROM generate_series(1, 30) \g /dev/null
SELECT is((SELECT count(*) FROM videos WHERE id BETWEEN pg_temp.id(21) AND pg_temp.id(24) AND thumbnail_url IS NOT NULL), 4::bigint, 'and one that finds nothing');
-- What the owner is told.
SELECT is((SELECT (l #>> '{queue,kept}', l #>> '{held,platform}')::text FROM thumbnails.look() AS l), '(1,1)', 'the report counts what is kept');
SELECT ok((SELECT (l #>> '{platform,refusals}')::integer >= 10 AND l #>> '{platform,lastRefusal}' LIKE '%could not extend file (53100)' FROM thumbnails.look() AS l), 'and what the platform refused');
SELECT * FROM finish();
ROLLBACK;
