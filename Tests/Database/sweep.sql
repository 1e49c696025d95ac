UPDATE thumbnails.jobs SET due_at = clock_timestamp() WHERE video_id = (SELECT video_id FROM thumbnails.jobs WHERE due_at > clock_timestamp() AND token IS NULL ORDER BY random() LIMIT 1);
SELECT count(*) FROM thumbnails.due_videos(200, '{}');
SELECT batch_trigger_thumbnail_generation(20);
SELECT thumbnails.look_after(1000);
SELECT thumbnails.act('retry', '{"state": "failed"}', 20, NULL, NULL);
SELECT count(*) FROM thumbnails.due_videos(20, ARRAY(SELECT video_id FROM thumbnails.jobs ORDER BY due_at LIMIT 5));
SELECT auto_retry_stuck_thumbnails();
