// @ts-check
import { Kept } from './kept.js';

/** The bearer secret: in this tab only, and only until it is closed. */
export const token = new Kept(() => sessionStorage, 'thumbnails-token');
