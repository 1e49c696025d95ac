import type { ThumbnailGenerationStatus, VideoRow } from './video.types';

/** What `poll` has to answer: the row, or these of its fields. */
export type PolledVideo = Pick<VideoRow, 'thumbnail_url' | 'thumbnail_generation_status'> & Partial<Pick<VideoRow, 'thumbnail_generation_error'>>;

/** `<video-thumbnail>`: the picture, or what is happening instead. Every property is also an attribute. */
export declare class VideoThumbnailElement extends HTMLElement {
  /** Passed on in `retry`. */
  videoId: string | null;
  status: ThumbnailGenerationStatus;
  /** http:, https: or an image as data:; anything else is not shown. */
  src: string | null;
  /** Text instead of the picture. */
  alt: string;
  /** Shown as the tooltip of a failure. */
  error: string | null;
  /** URL that answers a `PolledVideo` as JSON; asked until the video is completed. */
  poll: string | null;
  /** Seconds between two questions (3, at least 1); a failed video is asked for ten times less often. */
  interval: number;
  /** No retry button. */
  quiet: boolean;
  /** Takes over what a row says. */
  set video(row: PolledVideo & { id?: string });
  /** Asks at once. */
  refresh(): void;

  addEventListener<K extends keyof VideoThumbnailEventMap>(type: K, listener: (this: VideoThumbnailElement, event: VideoThumbnailEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export interface VideoThumbnailEventMap extends HTMLElementEventMap {
  /** The retry button was pressed. */
  retry: CustomEvent<{ videoId: string | null }>;
  /** The status has changed, by polling. */
  statuschange: CustomEvent<{ videoId: string | null; status: ThumbnailGenerationStatus }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'video-thumbnail': VideoThumbnailElement;
  }
}
