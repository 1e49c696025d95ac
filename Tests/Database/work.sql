\set n random(1, 400)
\set host random(1, 3)
\set next random(1, 3)
\if :next = 1
SELECT outcome = 'claimed' AS mine, coalesce(video_id, md5(:n::text)::uuid) AS id, coalesce(token, 0) AS token FROM thumbnails.claim_next(5, 'host ' || :host) \gset
\else
SELECT outcome = 'claimed' AS mine, md5(:n::text)::uuid AS id, coalesce(token, 0) AS token FROM thumbnails.claim(md5(:n::text)::uuid, 5, NULL, false, NULL, 'host ' || :host) \gset
\endif
\set way random(1, 10)
\if :mine
\if :way < 6
SELECT thumbnails.complete(':id'::uuid, :token, 'http://p/' || :token, 'thumbnails/' || :token, '{}', 86400, 'host ' || :host);
\elif :way < 8
SELECT thumbnails.fail(':id'::uuid, :token, 'source', 'the origin answered 500', true, NULL, 'host ' || :host);
\elif :way < 10
SELECT thumbnails.fail(':id'::uuid, :token, 'storage', 'the store is gone', NULL, NULL, 'host ' || :host);
\endif
\else
UPDATE videos SET thumbnail_url = NULL, video_url = 'http://x/' || random() WHERE id = ':id'::uuid;
\endif
