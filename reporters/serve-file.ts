import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/**
 * Serves one HTML file, and nothing else, to this machine alone. Returns the server and its address; the system chooses the port.
 */
export async function serveFile(file: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    if (request.url?.split(/[?#]/)[0] !== '/') {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    createReadStream(file)
      .on('error', (error) => {
        response.destroy(error);
      })
      .pipe(response);
  });
  // Allure's own server listens on all addresses, and can't be told not to.
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
