UPDATE videos SET thumbnail_generation_next_attempt_at = now() WHERE id = (SELECT id FROM videos WHERE thumbnail_generation_next_attempt_at > now() ORDER BY random() LIMIT 1);
SELECT thumbnails.enqueue_due(200, true);
SELECT batch_trigger_thumbnail_generation(20);
SELECT thumbnails.settle_webhooks(array_agg(video_id), array_agg(version), array_agg(false), array_agg(0::float8)) FROM thumbnails.lease_webhooks(20, 1);
SELECT auto_retry_stuck_thumbnails();
