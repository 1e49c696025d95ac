\ir ../ordinary/schema.sql
ALTER TABLE videos ADD CONSTRAINT from_our_cdn CHECK (thumbnail_url LIKE 'https://elsewhere.example/%');
