\ir ../ordinary/schema.sql
ALTER TABLE videos ADD COLUMN thumbnail_metadata jsonb NOT NULL DEFAULT 'null';
INSERT INTO videos (status, video_url, thumbnail_metadata, created_at)
SELECT 'completed', 'http://x/v.mp4', m::jsonb, '2024-01-01'
  FROM unnest(ARRAY['[1]', '"x"', 'null', '3', 'true', '{}', '["replaced", "source"]', '"replaced"', '{"replaced": null}', '{"requested": 7}',
                    '{"requested": ["aspectRatio"]}',
                    '{"requested": {"aspectRatio": {}, "timeSeconds": "no"}}', '{"sizes": 1, "storyboard": [2], "source": {}}']) AS m;
INSERT INTO videos (status, video_url, thumbnail_url, thumbnail_metadata)
SELECT 'completed', 'http://x/v.mp4', 'http://user.example/mine.jpg', m::jsonb FROM unnest(ARRAY['[1]', '"replaced"', '["replaced"]', '{"replaced": {}}']) AS m;
