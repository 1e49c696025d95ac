\set n random(1, 400)
SELECT outcome = 'claimed' AS mine, coalesce(token, 0) AS token FROM thumbnails.claim(md5(:n::text)::uuid, 5) \gset
\set way random(1, 10)
\if :mine
\if :way < 6
SELECT thumbnails.complete(md5(:n::text)::uuid, :token, 'http://p/' || :token, 'thumbnails/' || :token, '{}');
\elif :way < 8
SELECT thumbnails.fail(md5(:n::text)::uuid, :token, 'source', 'the origin answered 500', true);
\elif :way < 10
SELECT thumbnails.release(md5(:n::text)::uuid, :token, 'storage', 'the store is gone');
\endif
\else
UPDATE videos SET thumbnail_url = NULL, video_url = 'http://x/' || random() WHERE id = md5(:n::text)::uuid;
\endif
