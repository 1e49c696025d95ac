// The page in React, taken over from what the server has rendered, and what the tests of the realtime example call.
import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { follow } from 'video-thumbnail/supabase';
import { Gallery } from './react.tsx';

const rows = await (await fetch('rows.json')).json();
const root = document.getElementById('root');
if (root) hydrateRoot(root, createElement(Gallery, { rows }));
Object.assign(globalThis, { follow, isTakenOver: true });
