import type { CSSProperties, ReactElement, ReactNode } from 'react';
import type { VideoThumbnailTag } from './jsx.js';
import type { VideoThumbnailAttributes, VideoThumbnailLabels, VideoThumbnailRetryEvent, VideoThumbnailRow, VideoThumbnailStatusEvent } from './video-thumbnail.js';

export interface VideoThumbnailProps extends Omit<VideoThumbnailAttributes, 'labels' | 'quiet'> {
  /** A row of `videos`; the other attributes stand before what it says. */
  video?: VideoThumbnailRow | null | undefined;
  labels?: Partial<VideoThumbnailLabels> | undefined;
  quiet?: boolean | undefined;
  id?: string | undefined;
  className?: string | undefined;
  style?: CSSProperties | undefined;
  lang?: string | undefined;
  onRetry?: ((event: VideoThumbnailRetryEvent) => void) | undefined;
  onStatusChange?: ((event: VideoThumbnailStatusEvent) => void) | undefined;
  /** Instead of the `<img>` for those without JavaScript. */
  children?: ReactNode;
}

export declare function VideoThumbnail(props: VideoThumbnailProps): ReactElement;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'video-thumbnail': VideoThumbnailTag;
    }
  }
}
