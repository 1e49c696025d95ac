\ir ../ordinary/schema.sql
-- As the original left it, and what the platform has added: what names other columns too stays.
ALTER TABLE videos ADD COLUMN thumbnail_generation_status text, ADD COLUMN thumbnail_generation_error text, ADD COLUMN thumbnail_generation_attempts integer;
ALTER TABLE videos ADD CONSTRAINT of_the_original CHECK (thumbnail_generation_status IN (NULL, 'pending', 'processing', 'completed', 'failed'));
ALTER TABLE videos ADD CONSTRAINT done_has_picture CHECK (thumbnail_generation_status <> 'completed' OR thumbnail_url <> '');
ALTER TABLE videos ADD CONSTRAINT failed_has_reason CHECK (thumbnail_generation_status <> 'failed' OR thumbnail_generation_error <> '');
ALTER TABLE videos ADD CONSTRAINT attempts_in_range CHECK (thumbnail_generation_attempts BETWEEN 0 AND 3);
ALTER TABLE videos ADD CONSTRAINT finished_first CHECK (thumbnail_generation_status IS NULL OR status = 'completed');
