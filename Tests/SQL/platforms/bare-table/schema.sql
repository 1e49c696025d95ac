-- Nothing but what cannot be done without.
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), status text, video_url text, thumbnail_url text);
INSERT INTO videos (status, video_url) VALUES ('completed', 'http://x/old.mp4');
