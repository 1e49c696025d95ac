\ir ../ordinary/schema.sql
CREATE TABLE premium_videos (tier text) INHERITS (videos);
