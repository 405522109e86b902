// `npm start` as a user types it; a signal is for everything that it started.
import { spawn } from 'node:child_process';

const npm = spawn('npm', ['start'], { stdio: 'inherit', detached: true });
process.on('SIGTERM', () => process.kill(-npm.pid, 'SIGINT'));
npm.on('exit', (code) => process.exit(code ?? 1));
