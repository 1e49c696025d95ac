'use client';
import { createElement, useEffect, useRef, version } from 'react';
import { attributesOf } from './video-thumbnail.js';

/** `<video-thumbnail>` for React 18 and 19, on the server too: a row becomes attributes; from 19 on the picture is an `<img>` without JavaScript. */
export function VideoThumbnail({ video, onRetry, onStatusChange, className, labels, quiet, children, ...others }) {
  const element = useRef(null);
  useEffect(() => {
    const own = element.current;
    const listeners = Object.entries({ retry: onRetry, statuschange: onStatusChange }).filter(([, listener]) => listener);
    for (const [name, listener] of listeners) own.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) own.removeEventListener(name, listener);
    };
  }, [onRetry, onStatusChange]);
  const attributes = { ...attributesOf(video), ...others, class: className, quiet: quiet || undefined, labels: labels && JSON.stringify(labels) };
  for (const name in attributes) if (attributes[name] === '') delete attributes[name];
  // What stands inside a custom element is lost on the server before React 19.
  const inside = children ?? (attributes.src && parseInt(version, 10) >= 19 ? createElement('img', { loading: 'lazy', src: attributes.src, alt: others.alt ?? '' }) : null);
  return createElement('video-thumbnail', { ...attributes, ref: element }, inside);
}
