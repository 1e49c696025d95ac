\ir ../ordinary/schema.sql
CREATE TABLE likes (video_id uuid REFERENCES videos ON DELETE CASCADE, user_id uuid);
CREATE TABLE archive (LIKE videos);
\ir views.sql
