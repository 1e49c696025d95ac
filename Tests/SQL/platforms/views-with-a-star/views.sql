-- Run at each start of the platform.
CREATE OR REPLACE VIEW liked AS SELECT v.*, count(l.user_id) AS likes FROM videos v LEFT JOIN likes l ON l.video_id = v.id GROUP BY v.id;
CREATE OR REPLACE VIEW with_host AS SELECT 1 AS one, videos.*, substring(video_url FROM '//([^/]+)') AS "the host" FROM videos;
CREATE OR REPLACE VIEW all_videos AS SELECT * FROM videos UNION ALL SELECT * FROM archive;
-- These are as good as before.
CREATE OR REPLACE VIEW finished AS SELECT * FROM videos WHERE status = 'completed';
CREATE OR REPLACE VIEW numbered AS SELECT row_number() OVER () AS n, v.* FROM videos v;
CREATE OR REPLACE VIEW short AS SELECT id, title, upper(title) AS loud FROM videos;
CREATE OR REPLACE VIEW archived AS SELECT *, 1 AS one FROM archive;
