// Starts the built program with a fresh data folder on a free port, and stops it again.
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROGRAM = process.env.PROBITY_PROGRAM ?? 'target/debug/probity';

/** Tells the country of an address; without it every place is unknown. */
const PLACES = fileURLToPath(
  new URL(
    '../node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb',
    import.meta.url,
  ),
);

/**
 * A running Probity.
 * @typedef {object} Probity
 * @property {string} url where it answers
 * @property {string} streams the folder below which teams stream to files
 * @property {string} setUpLink the one-time link that makes the first account
 * @property {number} pid
 * @property {() => string[]} letters what was mailed so far, the latest last
 * @property {() => boolean} hasCounted whether every verification is in its database
 * @property {string} socket the folder in which its database answers
 * @property {(...args: string[]) => string} command runs the program beside itself, on its data
 * @property {(statement: string) => string} sql runs SQL in its database past every rule; what it says
 * @property {() => Promise<Probity>} beside another program on the same database
 * @property {() => Promise<void>} stop ends it as an operator would, and removes its data
 * @property {(took?: (ms: number) => void) => Promise<Probity>} restart the same on the same
 *   data, as long as nobody has used the set-up link
 */

/**
 * One row of `SCREENS` in app/src/routes.rs.
 * @typedef {{ name: string, path: string, title: string, place: string }} Screen
 */

/**
 * Every page there is, as the program itself says.
 * @returns {Screen[]}
 */
export function screens() {
  return JSON.parse(execFileSync(PROGRAM, ['screens'], { env: environment(), encoding: 'utf8' }));
}

/**
 * @param {Record<string, string>} settings besides the usual ones
 * @returns {Promise<Probity>}
 */
export async function startProbity(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'probity-e2e-'));
  chmodSync(folder, 0o711); // started by root, PostgreSQL runs as somebody else
  try {
    return await start(folder, await freePort(), settings);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** @returns {Promise<Probity>} */
async function start(folder, port, settings) {
  const address = `127.0.0.1:${port}`;
  const url = `http://localhost:${port}`; // browsers take passkeys only where there is a name
  const env = {
    ...environment(),
    PROBITY_LISTEN: address,
    PROBITY_PUBLIC_URL: url,
    PROBITY_DATA_DIR: join(folder, 'data'),
    PROBITY_SIGNUP: 'open',
    PROBITY_TRUSTED_PROXIES: '127.0.0.0/8', // tests say where they come from
    PROBITY_OUTBOUND_ALLOW: '127.0.0.0/8', // receivers of streams
    PROBITY_STREAM_DIR: join(folder, 'streams'),
    ...(existsSync(PLACES) && { PROBITY_GEOIP_FILE: PLACES }),
    ...settings,
  };
  const child = spawn(PROGRAM, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = listen(child);
  const end = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  };
  const beside = async () => {
    const other = mkdtempSync(join(tmpdir(), 'probity-beside-'));
    for (const kept of ['keyring', 'master.key']) {
      cpSync(join(folder, 'data', kept), join(other, 'data', kept), { recursive: true });
    }
    const passwords = readFileSync(join(folder, 'data', 'database-passwords'), 'utf8').split('\n');
    const socket = encodeURIComponent(join(folder, 'data', 'socket'));
    const as = (role, password) => `postgres://${role}:${password}@localhost/probity?host=${socket}`;
    return start(other, await freePort(), {
      ...settings,
      PROBITY_DATABASE_URL: as('probity_app', passwords[0]),
      PROBITY_JOB_DATABASE_URL: as('probity_job', passwords[1]),
      PROBITY_MASTER_KEY_FILE: join(other, 'data', 'master.key'),
    });
  };
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };
  const restart = async (took) => {
    await end();
    const began = performance.now();
    const again = await start(folder, port, settings);
    took?.(performance.now() - began);
    return again;
  };
  try {
    const link = () => said().match(/http\S+\/set-up\/[\w-]+/)?.[0];
    await until(child, said, async () => (await fetch(`${url}/readyz`)).ok || undefined);
    // A database that somebody has set up needs no link.
    const isNew = !settings.PROBITY_DATABASE_URL;
    const setUpLink = isNew ? await until(child, said, async () => link()) : '';
    const letters = () => outbox(join(folder, 'data', 'outbox'));
    const socket = join(folder, 'data', 'socket');
    const sql = (statement) => {
      const where = ['-h', socket, '-U', 'postgres', '-d', 'probity'];
      const flags = ['-qXAt', '-v', 'ON_ERROR_STOP=1', ...where];
      return execFileSync('psql', flags, { input: statement, encoding: 'utf8', maxBuffer: 1 << 28 });
    };
    const command = (...args) => execFileSync(PROGRAM, args, { env, encoding: 'utf8' });
    const hasCounted = () => {
      const files = readdirSync(join(folder, 'data', 'usage'));
      return files.every((name) => statSync(join(folder, 'data', 'usage', name)).size === 0);
    };
    const pid = child.pid ?? 0;
    const streams = env.PROBITY_STREAM_DIR;
    return { url, socket, streams, setUpLink, pid, letters, hasCounted, command, sql, beside, stop, restart };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Every letter in the folder where mail lies that does not leave, the latest last. */
function outbox(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  return files.toSorted().map((name) => decoded(readFileSync(join(folder, name), 'utf8')));
}

/** Long lines come in pieces (quoted-printable). */
function decoded(letter) {
  const whole = letter.replace(/=\r?\n/g, '');
  return decodeURIComponent(whole.replace(/%/g, '%25').replace(/=([0-9A-F]{2})/g, '%$1'));
}

/** Without our own settings: those of whoever runs the tests are not meant for this program. */
function environment() {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('PROBITY_')));
}

function listen(child) {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  }
  return () => text;
}

async function until(child, said, look) {
  const latest = Date.now() + 40_000;
  while (Date.now() < latest && child.exitCode === null) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Probity did not start (exit code ${child.exitCode}). It said:\n${said()}`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
