CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title varchar(50), status text, video_url varchar(200), thumbnail_url varchar(200),
                     created_at timestamp DEFAULT now());
