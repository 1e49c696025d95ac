import type { VideoThumbnailAttributes, VideoThumbnailElement, VideoThumbnailRetryEvent, VideoThumbnailRow, VideoThumbnailStatusEvent } from './video-thumbnail.js';

/**
 * `<video-thumbnail>` in the templates of Vue 3: `import 'video-thumbnail/vue'` once, and `compilerOptions.isCustomElement` for the tag.
 * `:video="row"` is a property, the others are attributes.
 */
declare module 'vue' {
  interface GlobalComponents {
    'video-thumbnail': new () => VideoThumbnailElement & {
      $props: VideoThumbnailAttributes & {
        video?: VideoThumbnailRow | null | undefined;
        onRetry?: ((event: VideoThumbnailRetryEvent) => void) | undefined;
        onStatuschange?: ((event: VideoThumbnailStatusEvent) => void) | undefined;
      };
    };
  }
}

export {};
