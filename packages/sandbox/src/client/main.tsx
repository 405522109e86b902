import { start } from './app/start.tsx';

const root = document.getElementById('app');
if (root) start(root);
