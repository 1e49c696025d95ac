"""No column `video_url`: refused, and nothing is changed."""

REFUSED = "public.videos has no column video_url"
