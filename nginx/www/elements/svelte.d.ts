import type { VideoThumbnailAttributes, VideoThumbnailRetryEvent, VideoThumbnailRow, VideoThumbnailStatusEvent } from './video-thumbnail.js';

/** `<video-thumbnail>` in the templates of Svelte 4 (`on:retry`) and 5 (`onretry`): `import 'video-thumbnail/svelte'` once. */
type Attributes = VideoThumbnailAttributes & {
  video?: VideoThumbnailRow | null | undefined;
  'on:retry'?: ((event: VideoThumbnailRetryEvent) => void) | undefined;
  'on:statuschange'?: ((event: VideoThumbnailStatusEvent) => void) | undefined;
  onretry?: ((event: VideoThumbnailRetryEvent) => void) | undefined;
  onstatuschange?: ((event: VideoThumbnailStatusEvent) => void) | undefined;
  [other: string]: unknown;
};

declare global {
  namespace svelteHTML {
    interface IntrinsicElements {
      'video-thumbnail': Attributes;
    }
  }
}
