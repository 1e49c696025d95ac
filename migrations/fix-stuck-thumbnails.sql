-- One-off repair: triggers every finished video that has no thumbnail and that nobody is working on.
-- Can run at any time and any number of times.

DO $$
DECLARE
  video record;
  result json;
  triggered integer := 0;
BEGIN
  FOR video IN
    SELECT id FROM public.videos
     WHERE status = 'completed' AND video_url IS NOT NULL
       AND (thumbnail_url IS NULL OR thumbnail_url LIKE 'data:image/svg%')
       AND NOT (thumbnail_generation_status IS NOT DISTINCT FROM 'processing'
                AND coalesce(thumbnail_generation_lease_until,
                             -- An old writer's row, without a lease: after half an hour nobody is working on it.
                             coalesce(thumbnail_generation_started_at, thumbnail_generation_last_attempt_at, created_at, '-infinity')
                               + interval '30 minutes') > clock_timestamp())
     ORDER BY id
       FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    result := public.manually_trigger_thumbnail_generation(video.id);
    IF (result ->> 'success')::boolean THEN
      triggered := triggered + 1;
    ELSE
      RAISE WARNING 'video %: %', video.id, result ->> 'error';
    END IF;
  END LOOP;
  RAISE NOTICE '✅ 完成！共触发 % 个视频的缩略图生成', triggered;
  RAISE NOTICE '⏰ 请等待3-5分钟让Edge Function处理';
  RAISE NOTICE '🔄 之后刷新我的视频页面查看结果';
END
$$;
