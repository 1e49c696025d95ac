\ir ../ordinary/schema.sql
CREATE RULE frozen AS ON UPDATE TO videos WHERE OLD.title = 'frozen' DO INSTEAD NOTHING;
