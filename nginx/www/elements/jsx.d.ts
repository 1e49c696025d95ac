import type { VideoThumbnailAttributes, VideoThumbnailElement } from './video-thumbnail.js';

/** `<video-thumbnail>` in TSX. Events are listened to by `ref`, or with the component of `video-thumbnail/react`. */
export type VideoThumbnailTag = VideoThumbnailAttributes & {
  id?: string | undefined;
  class?: string | undefined;
  className?: string | undefined;
  lang?: string | undefined;
  dir?: 'ltr' | 'rtl' | 'auto' | undefined;
  slot?: string | undefined;
  key?: string | number | null | undefined;
  hidden?: boolean | undefined;
  style?: object | string | undefined;
  children?: unknown;
  ref?: ((element: VideoThumbnailElement | null) => void) | { current: VideoThumbnailElement | null } | null | undefined;
};

// For libraries whose `JSX` is global, React before 19 among them: `import 'video-thumbnail/jsx'` once. Importing `video-thumbnail/react` does both.
declare global {
  namespace JSX {
    interface IntrinsicElements {
      'video-thumbnail': VideoThumbnailTag;
    }
  }
}
