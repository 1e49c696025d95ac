-- Which migrations are applied, for `--check`: the SHA-256 of all other files. scripts/database/assemble-migration writes it here and in
-- Sources/Common/Database/Queries/Migrations.swift.
CREATE OR REPLACE FUNCTION thumbnails.fingerprint() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT 'c10e2b9fe28d420e' $$;

DO $$ BEGIN PERFORM thumbnails.hand_out('{act, collector_position, complete_and_next, complete_storyboard, delivery_problems, due_videos, find_videos,
  fingerprint, forget_objects, forget_worker, has_work, history, hold_delivery, is_queued, is_sweeping, list_deletions, list_orphans, look, look_after,
  move_collector, note_event, note_worker, pause, put_down_orphans, renew, report, request_storyboard, resume, sweep, take_deletions, timeline, trial,
  unneeded_objects, video_to_read}'); END $$;
