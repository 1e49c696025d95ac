-- Who works, what each has in hand, the relay, how decoders ended, and what stands against them in the report.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(54);
CREATE FUNCTION pg_temp.id(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
CREATE FUNCTION pg_temp.look() RETURNS jsonb LANGUAGE sql AS $$ SELECT thumbnails.look() $$;
-- One process tells of itself, as it does once a minute.
CREATE FUNCTION pg_temp.tell(p_program text, p_pid integer, p_host text, p_sandbox text DEFAULT NULL, p_version text DEFAULT '1.0.0', p_polls text DEFAULT NULL, p_trouble text DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
  SELECT thumbnails.note_worker(format('%s:%s@%s', p_program, p_pid, p_host), p_program, p_host, p_pid, p_version, 'FastCGI', p_sandbox, 12, 3, p_polls, p_trouble, 60) $$;
CREATE FUNCTION pg_temp.names() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s %s', w ->> 'name', w ->> 'state'), ', ' ORDER BY position) FROM jsonb_array_elements(pg_temp.look() #> '{workers,list}') WITH ORDINALITY AS l (w, position) $$;
INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder');

SELECT is(pg_temp.look() -> 'workers', '{"counts": {"busy": 0, "idle": 0, "silent": 0}, "unboxedHosts": [], "list": []}', 'nobody is there');
SELECT is(pg_temp.look() -> 'relay', 'null', 'no relay either');
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'and nothing stands against them');

SELECT pg_temp.tell('auto-generate-thumbnail', 1, 'a', 'required') \g /dev/null
SELECT pg_temp.tell('auto-generate-thumbnail', 2, 'a', 'required') \g /dev/null
SELECT pg_temp.tell('retry-stuck-thumbnails', 3, 'a') \g /dev/null
SELECT is(pg_temp.names(), 'auto-generate-thumbnail:1@a idle, auto-generate-thumbnail:2@a idle, retry-stuck-thumbnails:3@a idle', 'three have told of themselves');
SELECT is(pg_temp.look() #> '{workers,counts}', '{"busy": 0, "idle": 2, "silent": 0}', 'two of them make thumbnails');
SELECT is((pg_temp.look() #> '{workers,list,0}') - '{seenAt,startedAt}'::text[],
  '{"name": "auto-generate-thumbnail:1@a", "program": "auto-generate-thumbnail", "host": "a", "pid": 1, "version": "1.0.0", "mode": "FastCGI", "state": "idle",
    "sandbox": "required", "completed": 12, "failed": 3, "inHand": []}', 'what each has said');
SELECT ok((pg_temp.look() #>> '{workers,list,0,startedAt}')::timestamptz BETWEEN clock_timestamp() - interval '70 s' AND clock_timestamp() - interval '60 s', 'it has run for a minute, by the database''s clock');

-- What they have in hand: the claim says who it is by the name of its connection.
INSERT INTO videos (id, status, video_url) VALUES (pg_temp.id(1), 'completed', 'http://x/1'), (pg_temp.id(2), 'completed', 'http://x/2');
SET LOCAL application_name = 'auto-generate-thumbnail:2@a';
SELECT is(thumbnails.is_queued(pg_temp.id(1)), true, 'a hint brings a video to the queue');
CREATE TEMP TABLE c AS SELECT * FROM thumbnails.claim(pg_temp.id(1), 30);
SELECT is(thumbnails.is_queued(pg_temp.id(1)), true, 'it is there while somebody has it');
SET LOCAL application_name = 'somebody';
CREATE TEMP TABLE d AS SELECT * FROM thumbnails.claim(pg_temp.id(2), 30);
SELECT is(pg_temp.names(), 'auto-generate-thumbnail:2@a busy, somebody busy, auto-generate-thumbnail:1@a idle, retry-stuck-thumbnails:3@a idle', 'who is at work stands first, also who has told nobody of itself');
SELECT is((SELECT array_agg(w #>> '{inHand,0,videoId}' ORDER BY w ->> 'name') FROM jsonb_array_elements(pg_temp.look() #> '{workers,list}') AS w WHERE w ->> 'state' = 'busy'),
  ARRAY[pg_temp.id(1), pg_temp.id(2)]::text[], 'with its video');
SELECT is((pg_temp.look() #> '{workers,list,0,inHand,0}') - '{since,leaseUntil,videoId}'::text[], '{"attempt": 1}', 'which attempt it is');
SELECT ok((pg_temp.look() #>> '{workers,list,0,inHand,0,since}')::timestamptz BETWEEN clock_timestamp() - interval '5 s' AND clock_timestamp(), 'and since when');
SELECT is((SELECT r #>> '{workers,counts,busy}' || ' ' || jsonb_array_length(r #> '{workers,list}') FROM thumbnails.report(pg_temp.look(), 1) AS r), '2 1', 'the report cuts the list, not the counts');
SELECT is((SELECT e ->> 'worker' FROM jsonb_array_elements(thumbnails.timeline(pg_temp.id(1)) -> 'events') AS e WHERE e ->> 'to' = 'processing'), 'auto-generate-thumbnail:2@a', 'the video''s life says who took it');
SELECT is((SELECT e -> 'detail' FROM jsonb_array_elements(thumbnails.timeline(pg_temp.id(1)) -> 'events') AS e WHERE e ->> 'to' = 'processing'), 'null', 'and nothing else of it');
SELECT is(thumbnails.complete(pg_temp.id(1), (SELECT token FROM c), 'http://p/1.jpg', 'thumbnails/1', '{}'), 'ok', 'once it is done');
SELECT is(thumbnails.is_queued(pg_temp.id(1)), false, 'it has left the queue');
SELECT is(thumbnails.is_queued(pg_temp.id(3)), false, 'nobody has heard of this one');
INSERT INTO thumbnails.jobs (video_id, kind, lane, due_at) VALUES (pg_temp.id(3), 'storyboard', 2, 'infinity');
SELECT is(thumbnails.is_queued(pg_temp.id(3)), false, 'a storyboard brings no thumbnail');
DELETE FROM thumbnails.jobs WHERE video_id = pg_temp.id(3);
SELECT is(pg_temp.names(), 'somebody busy, auto-generate-thumbnail:1@a idle, auto-generate-thumbnail:2@a idle, retry-stuck-thumbnails:3@a idle', 'it has nothing in hand any more');

-- Who says nothing for three minutes.
UPDATE thumbnails.workers SET seen_at = clock_timestamp() - interval '4 min' WHERE pid = 1;
SELECT is(pg_temp.look() #> '{workers,counts}', '{"busy": 1, "idle": 1, "silent": 1}', 'is silent');
SELECT pg_temp.tell('auto-generate-thumbnail', 9, 'b', 'required') \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.workers WHERE pid = 1), 1::bigint, 'which another host sees');
SELECT pg_temp.tell('auto-generate-thumbnail', 2, 'a', 'required') \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.workers WHERE pid = 1), 0::bigint, 'until one of its own host finds it');
UPDATE thumbnails.workers SET seen_at = clock_timestamp() - interval '25 h' WHERE pid = 3;
SELECT pg_temp.tell('auto-generate-thumbnail', 2, 'a', 'required') \g /dev/null
SELECT is((SELECT count(*) FROM thumbnails.workers WHERE pid = 3), 0::bigint, 'after a day anybody does');
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'none of it is a problem');
SELECT thumbnails.forget_worker('auto-generate-thumbnail:9@b') \g /dev/null
SELECT is(pg_temp.names(), 'somebody busy, auto-generate-thumbnail:2@a idle', 'who is told to stop takes its row along');

-- What a CGI server starts comes and goes.
SELECT thumbnails.note_worker('auto-generate-thumbnail:cgi@d', 'auto-generate-thumbnail', 'd', NULL, '1.0.0', 'CGI', 'required', 0, 0, NULL, NULL, 0) \g /dev/null
CREATE TEMP TABLE told AS SELECT xmin::text AS version FROM thumbnails.workers WHERE host = 'd';
SAVEPOINT again;
SELECT thumbnails.note_worker('auto-generate-thumbnail:cgi@d', 'auto-generate-thumbnail', 'd', NULL, '1.0.0', 'CGI', 'required', 0, 0, NULL, NULL, 0) \g /dev/null
SELECT is((SELECT xmin::text FROM thumbnails.workers WHERE host = 'd'), (SELECT version FROM told), 'those that follow tell the same, and write nothing');
SELECT thumbnails.note_worker('auto-generate-thumbnail:cgi@d', 'auto-generate-thumbnail', 'd', NULL, '1.0.0', 'CGI', 'off', 0, 0, NULL, NULL, 0) \g /dev/null
SELECT is((SELECT sandbox FROM thumbnails.workers WHERE host = 'd'), 'off', 'what is different is told at once');
ROLLBACK TO again;
UPDATE thumbnails.workers SET seen_at = clock_timestamp() - interval '1 h' WHERE host = 'd';
SELECT is((SELECT w ->> 'state' FROM jsonb_array_elements(pg_temp.look() #> '{workers,list}') AS w WHERE w ->> 'host' = 'd'), 'idle', 'a CGI server''s is never silent');
DELETE FROM thumbnails.workers WHERE host = 'd';

-- Without a box, of another version.
SELECT pg_temp.tell('auto-generate-thumbnail', 7, 'c', 'off', '0.9.0') \g /dev/null
SELECT pg_temp.tell('auto-generate-thumbnail', 8, 'c', 'off', '0.9.0') \g /dev/null
SELECT is(pg_temp.look() #> '{workers,unboxedHosts}', '["c"]', 'a host without a box');
SELECT is(pg_temp.look() -> 'processProblems', '["videos are decoded without a box, because MEDIA_SANDBOX is off, on c", "programs of several versions run: 0.9.0 on c, 1.0.0 on a"]', 'is said, and that its programs are old');
DELETE FROM thumbnails.workers WHERE host = 'c';

-- The relay.
SELECT pg_temp.tell('webhook-relay', 4, 'r') \g /dev/null
SELECT is((pg_temp.look() -> 'relay') - 'seenAt', '{"host": "r", "version": "1.0.0", "state": "listening", "reason": null, "trouble": null}', 'it listens');
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'as it should');
SELECT pg_temp.tell('webhook-relay', 4, 'r', NULL, '1.0.0', 'no notification comes', 'nobody answers') \g /dev/null
SELECT is(pg_temp.look() #>> '{relay,state}', 'polling', 'it polls');
SELECT is(pg_temp.look() -> 'processProblems', CASE WHEN current_setting('max_prepared_transactions') = '0' THEN '["the relay on r polls: no notification comes"]'::jsonb ELSE '[]' END
  || '["the relay on r wakes nobody: nobody answers"]', 'and says why, and what keeps its posts from the handlers');
UPDATE thumbnails.workers SET seen_at = '2026-01-31 12:00:00+00' WHERE program = 'webhook-relay';
SELECT is(pg_temp.look() -> 'processProblems', '["the relay on r was last heard from at 2026-01-31T12:00:00.000Z: it has ended, or does not reach the database"]', 'it has not been heard of');

-- How decoders ended: in the history of the video, by the day and since the beginning.
SET LOCAL application_name = 'auto-generate-thumbnail:2@a';
SELECT thumbnails.note_event(pg_temp.id(2), 'decoder', 'the video crashed its decoder (signal 11)', 'crash') FROM generate_series(1, 2) \g /dev/null
SELECT thumbnails.note_event(pg_temp.id(2), 'decoder', 'the decoder was killed', 'killed') \g /dev/null
UPDATE thumbnails.events SET at = at - interval '30 h' WHERE detail ->> 'decoderEnd' = 'killed';
SELECT is(thumbnails.report(pg_temp.look(), 5) -> 'decoderEnds', '{"lastDay": {"crash": 2}, "total": {"crash": 2, "killed": 1}}', 'counted');
UPDATE thumbnails.positions SET folded_before = 0;
SELECT is((SELECT jsonb_object_agg(m.label, m.value) FROM thumbnails.measure_events(0, 9223372036854775807) AS m WHERE m.measure = 'decoder'), '{"crash": 2, "killed": 1}', 'as they are added up');
SELECT is((SELECT jsonb_agg(e - '{at,seconds}'::text[]) FROM jsonb_array_elements(thumbnails.timeline(pg_temp.id(2)) -> 'events') WITH ORDINALITY AS l (e, n) WHERE n = 2),
  '[{"from": null, "to": null, "attempt": null, "class": "decoder", "text": "the video crashed its decoder (signal 11)", "worker": "auto-generate-thumbnail:2@a", "detail": null}]', 'told in the video''s life');
SELECT is((SELECT (t ->> 'fenced', t ->> 'failed', t ->> 'released')::text FROM thumbnails.totals() AS t), '(0,{},{})', 'and taken for nothing else');

-- The rates, with bad uploads and without: of the videos, and of a day's attempts.
SELECT is((SELECT f.outcome FROM thumbnails.fail(pg_temp.id(2), (SELECT token FROM d), 'media', 'no video stream', false) AS f), 'ok', 'a bad upload');
SELECT is((SELECT (h ->> 'successRatePercent', h ->> 'successRateWithoutBadUploadsPercent')::text FROM jsonb_extract_path(pg_temp.look(), 'health') AS h), '(50.00,100.00)', 'of the videos');
INSERT INTO thumbnails.events (video_id, from_status, to_status, token, class, at) VALUES
  (pg_temp.id(1), 'processing', 'failed', 1, 'source', clock_timestamp()), (pg_temp.id(1), 'processing', 'processing', 2, 'lost', clock_timestamp()),
  (pg_temp.id(1), 'processing', 'failed', 3, 'forbidden', clock_timestamp()), (pg_temp.id(1), 'processing', 'failed', 4, 'source', clock_timestamp() - interval '25 h'),
  (pg_temp.id(1), 'processing', 'pending', 5, 'storage', clock_timestamp()), (pg_temp.id(1), 'processing', 'pending', 6, 'platform', clock_timestamp());
SELECT is((pg_temp.look() #> '{health,lastDay}') - '{meanSeconds,p95Seconds}'::text[],
  '{"completed": 1, "failed": 4, "badUploads": 2, "successRatePercent": 20.00, "successRateWithoutBadUploadsPercent": 33.33}', 'of the last day''s attempts');
SELECT is(thumbnails.percent(0, 0), NULL, 'of nothing there is no rate');
SELECT is(thumbnails.percent(1000000, 0), 100.00, 'where all ended well it is 100 %');
SELECT is(thumbnails.percent(1000000, 1), 99.99, 'and nowhere else');
-- Nobody makes thumbnails any more.
DELETE FROM thumbnails.workers;
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-0000000000aa', 'completed', 'http://x/aa.mp4');
SELECT thumbnails.merge(1000) \g /dev/null
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'what has just become due is no sign of that');
UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '4 minutes' WHERE video_id = '00000000-0000-4000-8000-0000000000aa';
SELECT matches(pg_temp.look() ->> 'processProblems', '^\["videos are due, and no worker has been heard from for three minutes: ', 'what has waited for minutes is');
-- Nobody sweeps any more: nothing would find what was lost.
DELETE FROM thumbnails.jobs;
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'a system that has just been set up has had no hour yet');
UPDATE thumbnails.events SET at = clock_timestamp() - interval '121 minutes' WHERE id = (SELECT min(id) FROM thumbnails.events);
SELECT is(pg_temp.look() -> 'processProblems', '["the hourly sweep has never run: set up a timer, crontab or cron service for POST /scheduled"]', 'one that has is told of it');
SELECT thumbnails.sweep(false) \g /dev/null
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'once it has run, all is well');
UPDATE thumbnails.positions SET last_sweep = last_sweep || jsonb_build_object('at', '2026-01-31T12:00:00.000Z', 'epoch', extract(epoch FROM clock_timestamp()) - 7201);
SELECT is(pg_temp.look() -> 'processProblems', '["the hourly sweep last ran at 2026-01-31T12:00:00.000Z: is its timer or cron service on?"]', 'until it has not run for two hours');
INSERT INTO system_config (key, value) VALUES ('auto_thumbnail_enabled', 'false') ON CONFLICT (key) DO UPDATE SET value = excluded.value;
SELECT is(pg_temp.look() -> 'processProblems', '[]', 'which does not matter while nothing is to be made');
SELECT * FROM finish();
ROLLBACK;
