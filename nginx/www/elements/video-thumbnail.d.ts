import type { ThumbnailGenerationStatus, ThumbnailMetadata } from './video.types.js';

export type { ThumbnailGenerationStatus, ThumbnailMetadata, ThumbnailSize, ThumbnailFailureClass, VideoRow } from './video.types.js';

/**
 * A row of `videos` as whatever client brought it: all of it or some columns, states as plain text, metadata as any JSON. What is not known is
 * ignored. A column that is absent leaves what is shown of the same video as it is.
 */
export interface VideoThumbnailRow {
  id?: string | null;
  thumbnail_url?: string | null;
  thumbnail_generation_status?: string | null;
  thumbnail_generation_error?: string | null;
  thumbnail_metadata?: unknown;
}

/** What is said. `completed` is said by nothing: the picture is there. */
export interface VideoThumbnailLabels {
  pending: string;
  processing: string;
  failed: string;
  /** On the button. */
  retry: string;
  /** Instead of a picture without `alt`. */
  thumbnail: string;
  /** Completed, and the picture cannot be loaded. */
  missing: string;
  /** Names the storyboard. */
  preview: string;
}

/** The attributes, as written in HTML, in templates and in JSX. */
export interface VideoThumbnailAttributes {
  'video-id'?: string | null | undefined;
  /** pending, processing, completed or failed; anything else counts as not known. */
  status?: string | null | undefined;
  /** http:, https: or an image as data:; anything else is not shown. */
  src?: string | null | undefined;
  alt?: string | null | undefined;
  /** Why it failed. */
  error?: string | null | undefined;
  /** URL that answers a `VideoThumbnailRow` as JSON. */
  poll?: string | null | undefined;
  /** Seconds. */
  interval?: number | string | null | undefined;
  quiet?: boolean | '' | undefined;
  /** As of `<img>`: how wide the element will be; else it is measured. */
  sizes?: string | null | undefined;
  /** `thumbnail_metadata` as JSON. */
  metadata?: string | null | undefined;
  /** Some of `VideoThumbnailLabels` as JSON. */
  labels?: string | null | undefined;
}

/** `<video-thumbnail>`: the picture, or what is happening instead. Every property but `video` is also an attribute. */
export declare class VideoThumbnailElement extends HTMLElement {
  /** The words by language (`en`, `zh`); those of others can be added. */
  static readonly labels: Record<string, Partial<VideoThumbnailLabels>>;

  /** Passed on in events. */
  get videoId(): string | null;
  set videoId(value: string | null | undefined);
  get status(): ThumbnailGenerationStatus;
  /** Unknown words count as not known. */
  set status(value: string | null | undefined);
  /** http:, https: or an image as data:; anything else is not shown. Without it an `<img>` inside the element is. */
  get src(): string | null;
  set src(value: string | null | undefined);
  /** Text instead of the picture. */
  get alt(): string;
  set alt(value: string | null | undefined);
  /** Why it failed: shown where there is room, else as a tooltip; always read out. */
  get error(): string | null;
  set error(value: string | null | undefined);
  /** URL that answers a `VideoThumbnailRow` as JSON; asked until the video is completed. */
  get poll(): string | null;
  set poll(value: string | null | undefined);
  /** Seconds between two questions (3, 1 to 3600); a failed video is asked for ten times less often. */
  get interval(): number;
  set interval(value: number | string | null | undefined);
  /** No retry button. */
  get quiet(): boolean;
  set quiet(value: boolean | '' | null | undefined);
  /** As of `<img>`: how wide the element will be; else it is measured. */
  get sizes(): string | null;
  set sizes(value: string | null | undefined);
  /** What the element uses of `thumbnail_metadata`. */
  get metadata(): ThumbnailMetadata | null;
  set metadata(value: unknown);
  /** Words of this element's own, or the same as JSON; those of its language stand for the others. */
  get labels(): Partial<VideoThumbnailLabels> | null;
  set labels(value: Partial<VideoThumbnailLabels> | string | null | undefined);
  /** Takes over what a row says; null: nothing is known. */
  get video(): VideoThumbnailRow | null;
  set video(row: VideoThumbnailRow | null | undefined);
  /** Asks at once, and tries again to load a picture that could not be loaded. */
  refresh(): void;

  addEventListener<K extends keyof VideoThumbnailEventMap>(type: K, listener: (this: VideoThumbnailElement, event: VideoThumbnailEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** A row as attributes, for HTML made on a server. Null and '' are attributes to be absent, undefined ones are not the row's. */
export declare function attributesOf(row: VideoThumbnailRow | null | undefined): VideoThumbnailAttributes;

/** Of `retry`: the button was pressed. */
export type VideoThumbnailRetryEvent = CustomEvent<{ videoId: string | null }>;
/** Of `statuschange`: the status has changed, by polling. */
export type VideoThumbnailStatusEvent = CustomEvent<{ videoId: string | null; status: ThumbnailGenerationStatus }>;

export interface VideoThumbnailEventMap extends HTMLElementEventMap {
  retry: VideoThumbnailRetryEvent;
  statuschange: VideoThumbnailStatusEvent;
}

declare global {
  interface HTMLElementTagNameMap {
    'video-thumbnail': VideoThumbnailElement;
  }
}
