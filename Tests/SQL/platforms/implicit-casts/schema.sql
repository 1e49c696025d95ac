CREATE TYPE video_status AS ENUM ('pending', 'processing', 'completed', 'failed');
CREATE TABLE videos (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status video_status, video_url varchar(500), thumbnail_url varchar(500), created_at timestamptz DEFAULT now()
);
CREATE CAST (varchar AS video_status) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS video_status) WITH INOUT AS IMPLICIT;
\connect - postgres
SELECT format('CREATE CAST (%s) WITH INOUT AS IMPLICIT', c)
  FROM unnest(ARRAY['varchar AS uuid', 'text AS uuid', 'uuid AS text', 'text AS jsonb', 'varchar AS jsonb', 'text AS timestamptz', 'text AS integer', 'integer AS text', 'bigint AS text']) AS c \gexec
