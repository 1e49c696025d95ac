-- The pure functions: delays and their caps.
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT plan(29);
SELECT is(thumbnails.retry_delay(1, NULL, 0), interval '1 minute', 'after the first attempt at least a minute');
SELECT is(thumbnails.retry_delay(1, NULL, 1), interval '2 minutes', 'at most two');
SELECT is(thumbnails.retry_delay(2, NULL, 0), interval '20 minutes', 'after the second at least twenty');
SELECT is(thumbnails.retry_delay(2, NULL, 1), interval '40 minutes', 'at most forty');
SELECT is(thumbnails.retry_delay(1, 600, 0.5), interval '10 minutes', 'Retry-After counts where it is longer');
SELECT is(thumbnails.retry_delay(2, 30, 0), interval '20 minutes', 'and not where it is shorter');
SELECT is(thumbnails.retry_delay(1, seconds, 0), interval '40 minutes', 'nor beyond forty minutes: recovery stays within the hour; of ' || seconds)
  FROM unnest(ARRAY[86400, 1000000]) AS seconds;
SELECT is(thumbnails.retry_delay(1, seconds, 0), interval '1 minute', 'what is no number of seconds counts as not asked: ' || seconds)
  FROM unnest(ARRAY['infinity', 'NaN', '-infinity', '-5', '-1e300']::double precision[]) AS seconds;
SELECT is(thumbnails.release_delay(1, 1), interval '10 seconds', 'a release waits ten seconds at most at first');
SELECT is(thumbnails.release_delay(1, 0), interval '5 seconds', 'and half of it at least');
SELECT is(thumbnails.release_delay(2, 1), interval '20 seconds', 'each further one doubles it');
SELECT is(thumbnails.release_delay(n, 1), interval '5 minutes', 'five minutes at most in the end: ' || n) FROM unnest(ARRAY[6, 100, 2147483647]) AS n;
SELECT is(thumbnails.release_delay(n, 1), interval '10 seconds', 'nor less than the first: ' || n) FROM unnest(ARRAY[0, -1]) AS n;
SELECT is(thumbnails.breaker_delay(n), NULL, 'four faults or fewer open no breaker: ' || n) FROM unnest(ARRAY[0, 4]) AS n;
SELECT is(thumbnails.breaker_delay(5), interval '10 seconds', 'five do');
SELECT is(thumbnails.breaker_delay(7), interval '40 seconds', 'each further one doubles the time');
SELECT is(thumbnails.breaker_delay(n), interval '5 minutes', 'up to five minutes: ' || n) FROM unnest(ARRAY[10, 2147483647]) AS n;
SELECT is(thumbnails.iso('2026-01-02 03:04:05.6789+02'), '2026-01-02T01:04:05.678Z', 'a time is ISO 8601 in UTC with milliseconds and Z');
SET LOCAL timezone = 'Asia/Kolkata';
SELECT is(thumbnails.iso('2026-01-02 03:04:05.6789+02'), '2026-01-02T01:04:05.678Z', 'whatever the session''s time zone');
SELECT * FROM finish();
ROLLBACK;
