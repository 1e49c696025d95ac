export const css = `
:host { display: block; aspect-ratio: 16/9; position: relative; overflow: hidden; container-type: inline-size; contain-intrinsic-size: 20rem;
  border-radius: var(--video-thumbnail-radius, 8px); background: var(--video-thumbnail-background, #1d2333); color: var(--video-thumbnail-color, #e8ecf6);
  font: 500 0.875rem/1.4 system-ui, sans-serif; }
:host([hidden]), [hidden] { display: none !important; }
.placeholder, .picture, .tile, ::slotted(img) { width: 100%; height: 100%; object-fit: contain; }
.placeholder, .picture, .tile, .state, .storyboard, ::slotted(img) { position: absolute; inset: 0; outline: none; }
.state { display: grid; place-content: center; justify-items: center; gap: 0.5rem; padding: 0.5rem; text-align: center; }
.sign { width: 1.5rem; height: 1.5rem; box-sizing: border-box; border-radius: 50%; border: 3px dashed currentColor; opacity: 0.7; }
.processing .sign { border-style: solid; border-inline-end-color: transparent; opacity: 1; }
.failed .sign { border: 0; background: #ffb4a8; color: #5b1007; opacity: 1; display: grid; place-content: center; font-weight: 700; }
.said { outline: none; }
.why { position: absolute; }
.why, .completed { clip-path: inset(50%); }
.retry { font: inherit; padding: 0.25rem 1rem; min-height: 1.75rem; border-radius: 999px; border: 1px solid currentColor; background: transparent; color: inherit; cursor: pointer; }
.retry:hover { background: #fff3; }
.retry:focus-visible { outline: 3px solid #8fb0ff; outline-offset: 2px; }
.badge { display: flex; gap: 0.4rem; align-items: center; }
.badge, .time { position: absolute; inset-block-end: 0.4rem; inset-inline-end: 0.4rem; padding: 0.1rem 0.5rem; border-radius: 999px; background: #000b; color: #fff; font-size: 0.75rem; }
.placeholder:not([hidden]) ~ .state { background: #0009; color: #fff; }
:is(.storyboard, .said):focus-visible::after { content: ""; position: absolute; inset: 0; border-radius: 8px; outline: 3px solid #8fb0ff; outline-offset: -3px; }
.tile { background: #000; }
.storyboard > * { pointer-events: none; }
.bar { position: absolute; inset-inline-start: 0; inset-block-end: 0; height: 6px; background: #fff; box-shadow: 0 0 2px #000; }
@container (max-width: 11rem) { .state { gap: 0; padding: 0.25rem; font-size: 0.8125rem; } .sign { width: 1rem; height: 1rem; } .failed .sign { display: none; } }
@container (min-width: 18rem) { .state > .why { position: static; clip-path: none; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: 0.75rem; overflow-wrap: anywhere; } }
@keyframes turn { to { rotate: 1turn; } }
@media (prefers-reduced-motion: no-preference) { .processing .sign { animation: turn 1s linear infinite; } }
@media (forced-colors: active) { :host { outline: 1px solid; outline-offset: -1px; } .processing .sign { border-inline-end-color: Canvas; } .bar { background: Highlight; } }
`;
