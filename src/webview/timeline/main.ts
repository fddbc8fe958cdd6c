import { connectHost } from './host.ts';
import { createPage } from './page.ts';

createPage(connectHost(), document.body);
