// A page in React that uses the package as its users do; rendered on a server by render.mjs, hydrated in the browser.
import { useState, type ReactElement } from 'react';
import 'video-thumbnail';
import { VideoThumbnail } from 'video-thumbnail/react';
import type { VideoThumbnailRow } from 'video-thumbnail';

export function Gallery({ rows }: { rows: readonly VideoThumbnailRow[] }): ReactElement {
  const [said, setSaid] = useState('');
  const [quiet, setQuiet] = useState(false);
  return (
    <section>
      {rows.map((row) => (
        <VideoThumbnail key={row.id} video={row} alt={`Video ${row.id}`} className="mine" lang="en" quiet={quiet} labels={{ retry: 'Once more' }}
          onRetry={(event) => setSaid(`retry ${event.detail.videoId}`)} onStatusChange={({ detail }) => setSaid(detail.status ?? 'unknown')} />
      ))}
      <video-thumbnail class="plain" status="processing" lang="en" ref={(element) => void element?.refresh()} />
      <button type="button" id="quiet" onClick={() => setQuiet(true)}>quiet</button>
      <output>{said}</output>
    </section>
  );
}

// @ts-expect-error no such attribute
export const wrong = <VideoThumbnail video={null} colour="red" />;
// @ts-expect-error a row is not a number
export const alsoWrong = <VideoThumbnail video={7} />;
// @ts-expect-error nor is a state an object
export const wrongTag = <video-thumbnail status={{}} />;
