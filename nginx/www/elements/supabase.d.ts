import type { VideoThumbnailElement } from './video-thumbnail.js';

/** What is used of a client of supabase-js 2, with generated types of the database or without. */
export interface RealtimeClient {
  from(table: 'videos'): any;
  rpc(name: 'manually_trigger_thumbnail_generation', values: { video_id: string }): any;
  channel(name: string): any;
  removeChannel(channel: any): unknown;
}

/**
 * Shows the row of this id in the element, and every change of it, until the function it returns is called. `onError` (default: `console.error`) hears
 * what could not be read, and when realtime cannot be had; supabase-js joins again by itself, and then the row is read again.
 */
export declare function follow(supabase: RealtimeClient, element: VideoThumbnailElement, id: string, onError?: (error: unknown) => void): () => void;
