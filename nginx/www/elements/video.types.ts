/** Where a video's thumbnail stands; null: nobody has been told of the video yet. */
export type ThumbnailGenerationStatus = 'pending' | 'processing' | 'completed' | 'failed' | null;

/** Why an attempt ended, as stored beside the error; null where another program wrote the error. */
export type ThumbnailFailureClass = 'source' | 'media' | 'forbidden' | 'storage' | 'configuration' | 'platform' | 'shutdown' | 'database' | 'lost' | 'request' | null;

/** As in THUMBNAIL_FORMATS. */
export type ThumbnailFormat = 'jpeg' | 'webp' | 'avif';

/** A row of `videos`, as far as thumbnails are concerned. Times are ISO 8601. */
export interface VideoRow {
  id: string;
  user_id: string | null;
  title: string | null;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  video_url: string | null;
  thumbnail_url: string | null;
  created_at: string;
  updated_at: string;
  thumbnail_generation_status: ThumbnailGenerationStatus;
  thumbnail_generation_error: string | null;
  thumbnail_generation_error_code: ThumbnailFailureClass;
  thumbnail_generation_attempts: number;
  thumbnail_generation_started_at: string | null;
  thumbnail_generation_last_attempt_at: string | null;
  thumbnail_generated_at: string | null;
  thumbnail_metadata: ThumbnailMetadata;
}

/** One picture of a thumbnail: pixels and bytes. */
export interface ThumbnailSize {
  url: string;
  width: number;
  height: number;
  format: ThumbnailFormat;
  bytes?: number;
}

/** What a thumbnail was made from and what it cost; all of it absent where another program made it. */
export interface ThumbnailMetadata {
  /** Of the picture, in pixels. */
  width?: number;
  height?: number;
  format?: ThumbnailFormat;
  /** Of the picture. */
  bytes?: number;
  aspectRatio?: '16:9' | '9:16';
  /** The same picture in other sizes and formats; `thumbnail_url` itself may be among them. */
  sizes?: ThumbnailSize[];
  /** A ThumbHash in base64, and the colour most of the picture has (`#rrggbb`): what to paint before it is loaded. */
  thumbHash?: string;
  dominantColor?: string;
  /** A WebVTT whose cues name sprites by `#xywh=`; the sheets they are on, how many there are, and the pixels of one. */
  storyboard?: { url: string; sheets?: string[]; tiles?: number; width?: number; height?: number };
  /** The chosen second of the video. */
  timestampSeconds?: number;
  durationSeconds?: number | null;
  /** Read of the video, and in how many requests. */
  bytesFetched?: number;
  requests?: number;
  /** Milliseconds of each stage. */
  stagesMs?: Record<string, number>;
  /** `external` (or `backfill`, from before): not made here. */
  source?: string;
  /** The URL of the picture from outside that this one replaced. */
  replaced?: string;
  [other: string]: unknown;
}

/** The one row of the view `thumbnail_generation_health`. */
export interface ThumbnailGenerationHealth {
  completed_count: number;
  failed_count: number;
  processing_count: number;
  pending_count: number;
  needs_generation_count: number;
  success_rate_percent: number | null;
  avg_generation_time_seconds: number | null;
}

/** A row of the view `thumbnail_generation_failures`. */
export interface ThumbnailGenerationFailure {
  thumbnail_generation_error: string | null;
  failure_count: number;
  last_occurrence: string;
  recent_video_ids: string[];
}
