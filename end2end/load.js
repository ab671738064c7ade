// Load from `server/domain/examples/load.rs`, and what it costs the program that it meets.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROGRAM } from './probity.js';

/** Kernel clock ticks per second, in which /proc counts CPU time. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** Requests that are made ahead where each is another one, and sent in turns; and their bytes. */
const AHEAD = 20_000;
const AHEAD_BYTES = 16_000_000;

const OK = 'HTTP/1.1 200';

/** Lets node see which connections were closed while psql kept it waiting. */
export const settled = () => new Promise((next) => setTimeout(next, 20));

/** A program that is built beside Probity to measure it. */
export const example = (name) => join(dirname(PROGRAM), 'examples', name);

/**
 * Sends `request` over and over and measures the answers, all of which must say what is expected:
 * that they are 200, unless told otherwise.
 * @param {{ hostname: string, port: string, pid: number, request: string | (() => string),
 *   connections: number, ms: number, expected?: string }} wanted a function makes each request
 * @returns rate, latencies in ms, and the CPU time of the program `pid` per request in µs
 */
export async function load({ hostname, port, pid, request, connections, ms, expected = OK }) {
  const each = [];
  const made = typeof request === 'string' ? () => request : request;
  const most = typeof request === 'string' ? 1 : AHEAD;
  for (let bytes = 0; each.length < most && bytes < AHEAD_BYTES; bytes += each.at(-1).length) {
    each.push(made());
  }
  const text = JSON.stringify(each);
  const before = cpuSeconds(pid);
  const args = [`${hostname}:${port}`, `${connections}`, `${ms}`, expected];
  const told = await run(example('load'), args, text);
  const { answers, seconds, p50, p99 } = JSON.parse(told);
  const cpu = ((cpuSeconds(pid) - before) / answers) * 1e6;
  return { perSecond: answers / seconds, p50, p99, cpu };
}

/** Waits until the program has added to its database what it counted: nobody else pays for it. */
export async function counted(probity) {
  const ends = performance.now() + 60_000;
  do {
    if (performance.now() > ends) throw new Error('what was counted is not added');
    await new Promise((next) => setTimeout(next, 200));
  } while (!probity.hasCounted());
}

/** What the program prints when it was given `input`. */
function run(program, args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (printed += chunk));
    child.once('error', reject);
    child.once('close', (code) => (code ? reject(new Error(`${program}: ${code}`)) : resolve(printed)));
    child.stdin.on('error', reject).end(input);
  });
}

/** CPU time the process has used, its own threads only. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
