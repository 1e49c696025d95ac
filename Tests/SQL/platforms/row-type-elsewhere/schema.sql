\ir ../ordinary/schema.sql
-- Here no column that has a default can be added to it.
CREATE TABLE snapshots (at timestamptz NOT NULL DEFAULT now(), was videos);
INSERT INTO videos (id, status, video_url) VALUES ('00000000-0000-4000-8000-00000000000a', 'completed', 'http://x/a.mp4');
INSERT INTO snapshots (was) SELECT v FROM videos AS v;
