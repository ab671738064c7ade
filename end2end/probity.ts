// Starts the built program with a fresh data folder on a free port, and stops it again.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = process.env.PROBITY_PROGRAM ?? 'target/debug/probity';

/** A running Probity. */
export interface Probity {
  url: string;
  /** The one-time link that makes the first account. */
  setUpLink: string;
  stop(): Promise<void>;
}

/** One row of `SCREENS` in app/src/routes.rs. */
export interface Screen {
  name: string;
  path: string;
  title: string;
  place: 'public' | 'account' | 'team';
}

/** Every page there is, as the program itself says. */
export function screens(): Screen[] {
  return JSON.parse(execFileSync(PROGRAM, ['screens'], { env: environment(), encoding: 'utf8' }));
}

export async function startProbity(): Promise<Probity> {
  const folder = mkdtempSync(join(tmpdir(), 'probity-e2e-'));
  chmodSync(folder, 0o711); // started by root, PostgreSQL runs as somebody else
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const child = spawn(PROGRAM, ['serve'], {
    env: {
      ...environment(),
      PROBITY_LISTEN: address,
      PROBITY_PUBLIC_URL: url,
      PROBITY_DATA_DIR: join(folder, 'data'),
      PROBITY_SIGNUP: 'open',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = listen(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const setUpLink = await until(child, said, () => said().match(/http\S+\/set-up\/[\w-]+/)?.[0]);
    await until(child, said, async () => (await fetch(`${url}/readyz`)).ok || undefined);
    return { url, setUpLink, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Our own settings would be refused by the program when it does not know them. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PROBITY_')),
  );
}

function listen(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk) => (text += chunk));
  child.stderr?.on('data', (chunk) => (text += chunk));
  return () => text;
}

async function until<T>(
  child: ChildProcess,
  said: () => string,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const latest = Date.now() + 40_000;
  while (Date.now() < latest && child.exitCode === null) {
    const found = await Promise.resolve().then(look).catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Probity did not start (exit code ${child.exitCode}). It said:\n${said()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
