CREATE TABLE "Videos" ("id" uuid PRIMARY KEY DEFAULT gen_random_uuid(), "videoUrl" text, "thumbnailUrl" text, status text);
