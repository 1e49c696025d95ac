// What a checker of Vue's templates looks up for <video-thumbnail :video="row" @retry="…">.
import 'video-thumbnail/vue';
import type { VideoThumbnailElement } from 'video-thumbnail';
import type { GlobalComponents } from 'vue';

type Tag = InstanceType<GlobalComponents['video-thumbnail']>;
declare const row: { id: string; thumbnail_generation_status: string | null } | null;
export const props: Tag['$props'] = { video: row, status: 'pending', quiet: true, onRetry: (event) => console.log(event.detail.videoId) };
export const element = (tag: Tag): VideoThumbnailElement => tag;
// @ts-expect-error no such attribute
export const wrong: Tag['$props'] = { colour: 'red' };
