UPDATE videos SET thumbnail_generation_next_attempt_at = now() WHERE id = (SELECT id FROM videos WHERE thumbnail_generation_next_attempt_at > now() ORDER BY random() LIMIT 1);
SELECT thumbnails.enqueue_due(200, true);
SELECT batch_trigger_thumbnail_generation(20);
SELECT thumbnails.settle_webhook(video_id, version, false, 0) FROM thumbnails.lease_webhooks(20, 1) ORDER BY video_id;
SELECT auto_retry_stuck_thumbnails();
