-- One-off repair: queues every finished video that has no thumbnail and that nobody works on, including those that have failed for good. It can run
-- any number of times, and blocks nobody: it only puts hints into the inbox, which the queue takes up in its own steps.
DO $$
#variable_conflict use_variable
DECLARE
  path pg_catalog.text := pg_catalog.current_setting('search_path');
  triggered pg_catalog.int4;
BEGIN
  -- Nobody else's functions and operators.
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  INSERT INTO thumbnails.inbox (video_id, reason, old_state)
  SELECT v.id, 'asked', v.thumbnail_generation_status FROM public.videos v
   WHERE v.status = 'completed' AND (v.thumbnail_url IS NULL OR v.thumbnail_url = '' OR v.thumbnail_url LIKE 'data:image/svg%')
     AND v.video_url IS NOT NULL AND v.video_url <> ''
     -- Another program's work in progress is left alone for half an hour, that of our worker for as long as it has its lease.
     AND NOT (v.thumbnail_generation_status IS NOT DISTINCT FROM 'processing'
              AND coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, '-infinity') > clock_timestamp() - interval '30 minutes')
     AND NOT EXISTS (SELECT FROM thumbnails.jobs j WHERE j.video_id = v.id AND j.kind = 'thumbnail' AND (j.due_at <= clock_timestamp() OR j.due_at = 'infinity' OR j.token IS NOT NULL))
     AND NOT EXISTS (SELECT FROM thumbnails.inbox i WHERE i.video_id = v.id)
   ORDER BY v.id;
  GET DIAGNOSTICS triggered = ROW_COUNT;
  PERFORM thumbnails.wake_workers();
  PERFORM set_config('search_path', path, true);
  RAISE NOTICE '% videos are queued, and workers make their thumbnails one after the other', triggered;
  RAISE NOTICE '✅ 完成！共触发 % 个视频的缩略图生成', triggered;
  RAISE NOTICE '⏰ 请等待3-5分钟让Edge Function处理';
  RAISE NOTICE '🔄 之后刷新我的视频页面查看结果';
END
$$;
