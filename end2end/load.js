// A load generator: raw sockets, one request at a time on each, no client library to pay for.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** Kernel clock ticks per second, in which /proc counts CPU time. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const OK = 'HTTP/1.1 200';

/** Lets node see which connections were closed while psql kept it waiting. */
export const settled = () => new Promise((next) => setTimeout(next, 20));

/**
 * Sends `request` over and over and measures the answers, all of which must say what is expected:
 * that they are 200, unless told otherwise.
 * @param {{ hostname: string, port: string, pid: number, request: string | (() => string),
 *   connections: number, ms: number, expected?: string }} wanted a function makes each request
 * @returns rate, latencies in ms, and the CPU time of the program `pid` per request in µs
 */
export async function load({ hostname, port, pid, request, connections, ms, expected = OK }) {
  const dialogue = { next: typeof request === 'string' ? () => request : request, expected };
  const latencies = [];
  const cpuBefore = cpuSeconds(pid);
  const began = performance.now();
  const ends = began + ms;
  const sockets = Array.from({ length: connections }, () =>
    converse(connect({ host: hostname, port: Number(port), noDelay: true }), dialogue, (took) => {
      latencies.push(took);
      return performance.now() < ends;
    }),
  );
  await Promise.all(sockets);
  const lasted = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(pid) - cpuBefore;
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / lasted,
    p50: latencies[Math.floor(latencies.length * 0.5)],
    p99: latencies[Math.floor(latencies.length * 0.99)],
    cpu: (cpu / latencies.length) * 1e6,
  };
}

/** Asks on one socket until `answered` says that it is enough. */
function converse(socket, { next, expected }, answered) {
  return new Promise((resolve, reject) => {
    let received = '';
    let asked = 0;
    const ask = () => {
      asked = performance.now();
      socket.write(next());
    };
    socket.setEncoding('latin1');
    socket.on('connect', ask).on('error', reject);
    socket.on('close', () => reject(new Error('the program closed a connection')));
    socket.on('data', (chunk) => {
      received += chunk;
      const length = answerLength(received);
      if (length === undefined || received.length < length) return;
      if (!received.includes(expected)) reject(new Error(received.slice(0, 800)));
      received = received.slice(length);
      if (answered(performance.now() - asked)) return ask();
      socket.removeAllListeners('close').end();
      resolve();
    });
  });
}

/** Bytes of head and body, once the head is there. */
function answerLength(received) {
  const head = received.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  if (received.startsWith('HTTP/1.1 204')) return head + 4;
  const length = received.slice(0, head).match(/\r\ncontent-length: *(\d+)/i);
  if (!length) throw new Error(`an answer without a length: ${received.slice(0, head)}`);
  return head + 4 + Number(length[1]);
}

/** CPU time the process has used, its own threads only. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
