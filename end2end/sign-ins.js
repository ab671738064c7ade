// Sign-ins: how close they come to what the machine can hash, and what a storm of them does to
// everybody else.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { load } from './load.js';
import { PROGRAM } from './probity.js';

/** As many as the program hashes with, see server/src/boot.rs. */
const THREADS = Math.max(1, Math.floor(availableParallelism() / 2));
const STORM = { connections: 16 * THREADS, expected: 'do not match' };
const OTHERS = { connections: 4, ms: 2000 };
const SECONDS = 3;

/** What the program must be told so that one machine can be many visitors. */
export const SETTINGS = { PROBITY_TRUSTED_PROXIES: '127.0.0.1/32' };

let tries = 0;

/**
 * A sign-in that fails like most do: an address that nobody has, a password that is wrong. It
 * costs a whole hash. Limits count by account and by network address, so each try has its own.
 */
function signIn() {
  const n = ++tries;
  const from = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const form = { 'form[email]': `p${n}@example.com`, 'form[password]': `a wrong password ${n}` };
  const body = new URLSearchParams({ ...form, 'form[next]': '' }).toString();
  return (
    `POST /do/account/sign-in HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n` +
    `X-Forwarded-For: ${from}\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** Hashes in a second with nothing around them, at the same parameters and threads. */
async function bareRate() {
  const program = join(dirname(PROGRAM), 'examples/argon2_rate');
  const { stdout } = await promisify(execFile)(program, [String(THREADS), String(SECONDS)]);
  return Number(stdout);
}

/**
 * One round of everything, in turns.
 * @returns {Promise<{ bare: number, signIns: number, calm: number, stormy: number,
 *   during: number }>} hashes and sign-ins in a second; p99 of a verification in ms without and
 *   with a storm; sign-ins in a second during it
 */
export async function measureSignIns(target, verify) {
  const storm = (ms) => load({ ...target, ...STORM, request: signIn, ms });
  const others = () => load({ ...target, ...OTHERS, request: verify });
  const bare = await bareRate();
  const { perSecond: signIns } = await storm(SECONDS * 1000);
  const { p99: calm } = await others();
  // The storm is there before and after what is measured in it.
  const raging = storm(OTHERS.ms + 1000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { p99: stormy } = await others();
  const { perSecond: during } = await raging;
  return { bare, signIns, calm, stormy, during };
}
