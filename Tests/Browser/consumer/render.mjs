// Renders the page in React on a server, from the bundle given: HTML to standard output.
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';

const { Gallery } = await import(process.argv[2]);
process.stdout.write(renderToString(createElement(Gallery, { rows: JSON.parse(process.argv[3]) })));
