import { createServer } from 'node:http';
import { servicePort } from './environment.js';
import { logLine } from './log.js';

/**
 * Answers `/healthz` on PORT (8080) for the platform's health check: 200, or 503 when `isHealthy` says no. Without it nobody would
 * notice a worker that no longer works, so a port that is taken ends the process.
 */
export function serveHealth(isHealthy: () => boolean): void {
  const port = Number(servicePort ?? 8080);
  const server = createServer((request, response) => {
    const isKnown = request.url?.split('?')[0] === '/healthz';
    const status = !isKnown ? 404 : isHealthy() ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: isKnown && status === 200 ? 'ok' : status === 503 ? 'unavailable' : 'not found' }));
  });
  server.on('error', (error) => {
    logLine('error', `the health check cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port);
}
