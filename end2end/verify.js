// Verifying a hundred thousand keys, beside a bare program that reads and writes as many bytes.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted, example, load, settled } from './load.js';

const KEYS = 100_000;
const BATCH = 100;
const ROUNDS = 5;
const MS = 3000;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string }} team
 * @param {{ hostname: string, port: string, pid: number }} target
 */
export async function measureVerify(probity, { path }, target) {
  const { keys, any, bytes, perKey, all } = await prepare(probity, { path }, target);
  const good = keys.filter((_, n) => n % 10 !== 4);
  const bearer = (key) => `Host: x\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const get = (path) => () => `GET ${path} HTTP/1.1\r\n${bearer(pick(good))}`;
  const [ours, theirs] = [get('/v1/forward-auth'), get('/bare')];
  const bare = await startAsLong(bytes, theirs(), await answer(target, ours()));
  try {
    const kinds = {
      verify: { to: target, request: () => post('/v1/keys/verify', { key: any() }) },
      'bare POST': { to: bare, request: () => post('/', { key: any() }) },
      'forward-auth': {
        to: target,
        request: ours,
        expected: 'HTTP/1.1 204',
      },
      'bare GET': { to: bare, request: theirs, expected: 'HTTP/1.1 204' },
      batch: {
        to: target,
        request: () => post('/v1/keys/verify/batch', {
          keys: Array.from({ length: BATCH }, () => ({ key: any() })),
        }),
      },
    };
    const runs = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [kind, { to, request, expected }] of Object.entries(kinds)) {
        const run = await load({ ...to, request, connections: 16, ms: MS, expected });
        (runs[kind] ??= []).push(run);
        if (to === target) await counted(probity);
      }
    }
    return { runs, perKey, batch: BATCH, all, bytes, keys: good };
  } finally {
    bare.stop();
  }
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];

/** A hundred thousand keys that the program remembers, some of them revoked; and a way to draw one. */
async function prepare(probity, { path }, target) {
  const keys = issue(probity, path.replace('/t/', ''));
  // Each was used before: a first use is recorded, which takes a transaction.
  mark(probity, 'first_used_at = now() where first_used_at is null');
  const perKey = await room(probity, keys, target);
  // Nine in ten work, and have a rate; the rest was revoked, or was never there.
  mark(probity, `rate_limit = 1000000, rate_seconds = 1 where name like 'issued %'`);
  mark(probity, `revoked_at = now() where name like 'issued %5'`);
  const all = await warm(probity.url, keys);
  const unknown = keys.slice(0, 1000).map((key) => key.replace(/.{6}$/, 'aaaaaa'));
  const any = () => (Math.random() < 0.05 ? pick(unknown) : pick(keys));
  const bytes = await answerLength(probity.url, keys[0]);
  return { keys, any, bytes, perKey, all };
}

/** Bytes by which the program has grown for each key, once the work of reading them is over. */
async function room(probity, keys, { pid }) {
  const rest = () => new Promise((next) => setTimeout(next, 3000));
  await rest();
  const before = memory(pid);
  await warm(probity.url, keys);
  await counted(probity);
  await rest();
  return (memory(pid) - before) / keys.length;
}

/** Alters keys past every rule, but tells of it. */
function mark(probity, change) {
  probity.sql(`
    alter table api_key disable trigger api_key_is_audited;
    alter table api_key disable trigger api_key_is_kept;
    update api_key set ${change};
    alter table api_key enable always trigger api_key_is_kept;
    alter table api_key enable always trigger api_key_is_audited`);
}

function issue(probity, team) {
  const folder = mkdtempSync(join(tmpdir(), 'probity-keys-'));
  const out = join(folder, 'keys');
  probity.command('key', 'issue', '--team', team, '--count', `${KEYS}`, '--out', out,
    '--reason', 'to measure');
  const keys = readFileSync(out, 'utf8').trim().split('\n');
  rmSync(folder, { recursive: true });
  return keys;
}

/** Each key once, so that all of them are remembered. Keys per second. */
async function warm(url, keys) {
  await settled();
  const began = performance.now();
  for (let at = 0; at < keys.length; at += 1000) {
    const body = JSON.stringify({ keys: keys.slice(at, at + 1000).map((key) => ({ key })) });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/v1/keys/verify/batch`, { method: 'POST', headers, body });
    if (answer.status !== 200) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  return (keys.length / (performance.now() - began)) * 1000;
}

async function answerLength(url, key) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ key });
  const answer = await fetch(`${url}/v1/keys/verify`, { method: 'POST', headers, body });
  return (await answer.arrayBuffer()).byteLength;
}

/** A bare program whose answer to a GET is as long as another one's. */
async function startAsLong(bytes, request, wanted) {
  const plain = await startBare(bytes, 1);
  const more = wanted.length - (await answer(plain, request)).length;
  plain.stop();
  return startBare(bytes, 1 + more);
}

/** The head that is answered to a request, byte by byte. */
function answer({ hostname, port }, request) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(request));
    socket.once('error', reject).once('data', (head) => {
      socket.destroy();
      resolve(head);
    });
  });
}

/** A bare program that answers so many bytes, and to a GET so many in a header. */
export function startBare(bytes, filler = 1) {
  const child = spawn(example('echo'), [`${bytes}`, `${filler}`]);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.setEncoding('utf8').once('data', (line) => {
      const [hostname, port] = line.trim().split(':');
      resolve({ hostname, port, pid: child.pid, stop: () => child.kill() });
    });
  });
}

/** Bytes that the program holds. */
function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024;
}

/** The bytes of a request. `headers`: more of them, each with its end of line. */
export function post(path, body, headers = '') {
  const text = JSON.stringify(body);
  return (
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}
