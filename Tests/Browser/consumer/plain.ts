// TypeScript without a framework, with the types a supabase-js client brings: generated ones and none.
import { attributesOf, VideoThumbnailElement, type ThumbnailGenerationStatus, type VideoRow } from 'video-thumbnail';
import { follow } from 'video-thumbnail/supabase';
import type { ThumbnailMetadata } from 'video-thumbnail/video.types';

type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];
/** As `supabase gen types` writes it: states are text, JSON is JSON, anything may be null. */
interface GeneratedRow {
  id: string;
  title: string | null;
  thumbnail_url: string | null;
  thumbnail_generation_status: string | null;
  thumbnail_generation_error: string | null;
  thumbnail_metadata: Json | null;
}
declare const generated: { data: GeneratedRow | null };
declare const untyped: { data: any };
declare const heard: { new: { [key: string]: any } };
declare const ours: VideoRow;
declare const some: Pick<GeneratedRow, 'thumbnail_url'>;

const element = document.createElement('video-thumbnail');
element.video = generated.data;
element.video = untyped.data;
element.video = heard.new;
element.video = ours;
element.video = some;
element.video = null;
element.status = generated.data?.thumbnail_generation_status;
const status: ThumbnailGenerationStatus = element.status;
const metadata: ThumbnailMetadata | null = element.metadata;
element.labels = { retry: 'Once more' };
VideoThumbnailElement.labels['de'] = { failed: 'Fehlgeschlagen' };
element.addEventListener('retry', (event) => {
  const id: string | null = event.detail.videoId;
  console.log(id, status, metadata?.sizes?.[0]?.width);
});
element.addEventListener('statuschange', (event) => console.log(event.detail.status));
console.log(attributesOf(generated.data)['video-id'], document.querySelector('video-thumbnail')?.videoId);
// @ts-expect-error it is a row that is taken
element.video = 'completed';
// @ts-expect-error a word is text
element.labels = { retry: 7 };
// @ts-expect-error and a switch is no word
element.quiet = 'no';

declare const supabase: { from(table: string): any; rpc(name: string, values?: object): any; channel(name: string, options?: object): any; removeChannel(channel: object): Promise<'ok'> };
const end: () => void = follow(supabase, element, ours.id, (error) => console.error(error));
end();
