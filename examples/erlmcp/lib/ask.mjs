import { Agent, request } from 'node:http';

// One connection for each service is kept, so that asking costs next to nothing.
const agent = new Agent({ keepAlive: true, maxSockets: 2 });

/**
 * Asks a service: `{ code, body }`, or `{ failure }` in words: it refuses connections, or does not answer in time.
 * `within` is in ms.
 */
export function ask({ host, port }, path, within = 1000) {
  return new Promise((resolve) => {
    const call = request({ host, port, path, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => (text += part));
      response.on('end', () => finish({ code: response.statusCode, body: parse(text) }));
      response.on('error', failed);
    });
    // A timer of its own: the one of the request begins anew with each byte.
    const timer = setTimeout(() => {
      finish({ failure: `does not answer within ${within} ms` });
      call.destroy();
    }, within);
    call.on('error', failed);
    call.end();

    function failed(error) {
      finish({ failure: error.code === 'ECONNREFUSED' ? 'refuses connections' : `cannot be asked: ${error.message}` });
    }
    function finish(answer) {
      clearTimeout(timer);
      resolve(answer);
    }
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
