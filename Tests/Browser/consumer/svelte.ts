// What a checker of Svelte's templates looks up for <video-thumbnail video={row} onretry={…}>.
import 'video-thumbnail/svelte';

type Tag = svelteHTML.IntrinsicElements['video-thumbnail'];
declare const row: { id: string; thumbnail_generation_status: string | null } | null;
export const attributes: Tag = { video: row, status: 'pending', onretry: (event) => console.log(event.detail.videoId), 'on:statuschange': ({ detail }) => console.log(detail.status), class: 'mine' };
// @ts-expect-error a state is text
export const wrong: Tag = { status: {} };
