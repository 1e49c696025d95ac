\ir ../ordinary/schema.sql
