\ir ../ordinary/schema.sql
CREATE PUBLICATION warehouse FOR TABLE videos;
CREATE PUBLICATION some_columns FOR TABLE videos (id, title);
