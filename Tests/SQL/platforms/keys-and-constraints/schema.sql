\ir ../ordinary/schema.sql
CREATE UNIQUE INDEX ON videos (thumbnail_url);
CREATE UNIQUE INDEX ON videos (video_url);
ALTER TABLE videos ADD EXCLUDE (title WITH =), ADD COLUMN "order" integer, ADD COLUMN "select" text, ADD COLUMN "user" text, ADD COLUMN "Thumbnail_URL" text,
  ADD COLUMN original uuid REFERENCES videos DEFERRABLE INITIALLY DEFERRED, ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', coalesce(title, ''))) STORED;
CREATE TABLE likes (video_id uuid REFERENCES videos ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED);
