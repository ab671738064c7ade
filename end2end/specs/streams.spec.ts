// Streams of the audit log: to a receiver that checks signatures and may fail, to a folder, to a bucket.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as listen, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures.js';
import { createKey, signUp, somebody } from '../steps.js';

/** As docs/streaming.md shows it. */
function isGenuine(secret: string, headers: IncomingHttpHeaders, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = headers;
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = Buffer.from(
    'v1,' + createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64'),
  );
  return String(given).split(' ').some((one) => {
    const bytes = Buffer.from(one);
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

interface Delivery {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers what it is told to. */
async function receiver() {
  const deliveries: Delivery[] = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      if (state.status === 200) deliveries.push({ headers: request.headers, body });
      response.writeHead(state.status).end('<p>the secrets of an internal page</p>');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in?token=t0k3n`;
  const numbers = () =>
    deliveries.flatMap(({ body }) => JSON.parse(body).data.events.map((it: { seq: number }) => it.seq));
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url, state, deliveries, numbers, close };
}

async function make(page: Page, team: string, kind: string, fields: Record<string, string>) {
  await page.goto(`${team}/audit`);
  await page.getByRole('main').getByRole('link', { name: 'Stream', exact: true }).click();
  await page.getByRole('link', { name: 'Make a stream' }).click();
  await page.getByRole('navigation', { name: 'Where it goes' }).getByRole('link', { name: kind }).click();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByLabel('It begins').selectOption('From the beginning of the log');
  await page.getByRole('button', { name: 'Make the stream' }).click();
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('records arrive signed and in order, also after a failure and a pause', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Siv Stream'));
  const there = await receiver();
  await make(page, team, 'HTTPS', { Name: 'siem', Address: there.url });
  const secret = await page.locator('code', { hasText: 'whsec_' }).innerText();
  await expect.poll(there.numbers).toEqual(upTo(2));
  const [{ headers, body }] = there.deliveries;
  expect(isGenuine(secret, headers, body)).toBe(true);
  expect(isGenuine(secret, headers, body.replace('team.create', 'team.update'))).toBe(false);
  expect(JSON.parse(body)).toMatchObject({ type: 'audit.events', data: { events: [{ seq: 1 }, {}] } });

  await page.getByRole('link', { name: 'To the stream' }).click();
  await expect(page.getByText('Everything is delivered.')).toBeVisible();
  await expect(page.getByText('record 2 of 2')).toBeVisible();
  await expect(page.getByText('t0k3n')).toHaveCount(0);
  const stream = page.url();

  there.state.status = 503;
  await createKey(page, team, 'billing-sync');
  await expect(async () => {
    await page.goto(stream);
    await expect(page.getByText('Deliveries fail and are tried again. One record is')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(page.getByText('It answered 503.').first()).toBeVisible();
  await expect(page.getByText('internal page')).toHaveCount(0);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByRole('alert')).toContainText('It answered 503. (');

  there.state.status = 200;
  await page.goto(stream);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('It is paused: nothing leaves.')).toBeVisible();
  await page.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByRole('status')).toContainText(/The test arrived: 200 after \d+ ms\./);
  expect(JSON.parse(there.deliveries.at(-1)?.body ?? '')).toMatchObject({ type: 'audit.test' });
  expect(isGenuine(secret, there.deliveries.at(-1)?.headers ?? {}, there.deliveries.at(-1)?.body ?? '')).toBe(true);
  expect(there.numbers()).toEqual(upTo(2));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(there.numbers, { timeout: 15_000 }).toEqual(upTo(7));

  await page.goto(stream);
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const next = await page.locator('code', { hasText: 'whsec_' }).innerText();
  await expect.poll(there.numbers).toEqual(upTo(8));
  const last = there.deliveries.at(-1) as Delivery;
  for (const one of [secret, next]) expect(isGenuine(one, last.headers, last.body)).toBe(true);

  await page.goto(stream);
  await page.getByRole('link', { name: 'Remove the stream' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('No streams yet')).toBeVisible();
  await there.close();
});

test('a file of a folder is whole lines that anybody can check', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Fay Folder'));
  await make(page, team, 'Folder on this server', { Name: 'disk' });
  await expect(page.getByRole('heading', { name: 'disk' })).toBeVisible();
  const below = await page.locator('dd code', { hasText: 'stream_' }).innerText();
  const folder = join(home.streams, below);
  await expect.poll(() => existsSync(folder) && readdirSync(folder).length).toBe(1);
  const file = join(folder, readdirSync(folder)[0]);
  await expect.poll(() => readFileSync(file, 'utf8').trim().split('\n').length).toBe(2);
  const said = checked(() => home.command('audit', 'verify', file));
  expect(said).toContain('2 records');
  expect(said).toContain('The records fit each other, but there is no manifest');
});

test('a bucket holds an object for each delivery, signed as S3 wants it', async ({
  page,
  home,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, 'the bucket is the same');
  test.skip(!moto(), 'there is no moto_server: ./dev could not install it');
  const bucket = await startMoto();
  try {
    const keys = JSON.parse(bucket.run('make'));
    const team = await signUp(page, home, somebody('Bo Bucket'));
    const fields = {
      Name: 'archive',
      Server: bucket.url,
      Region: 'eu-north-1',
      Bucket: 'logs',
      'Prefix, optional': 'audit=1/probity',
      'Access key': keys.access,
    };
    await make(page, team, 'S3 bucket', { ...fields, 'Secret key': 'not-the-one' });
    await expect(page.getByRole('heading', { name: 'archive' })).toBeVisible();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await expect(page.getByRole('alert')).toContainText('It answered 403. (');
    await make(page, team, 'S3 bucket', { ...fields, 'Secret key': keys.secret });
    const objects = () => Object.entries<string>(JSON.parse(bucket.run('read', keys.access, keys.secret)));
    await expect.poll(() => objects().length, { timeout: 15_000 }).toBe(1);
    const [[name, text]] = objects();
    expect(name).toMatch(/^audit=1\/probity\/\d{4}\/\d\d\/\d\d\/000000000001-00000000000\d\.jsonl$/);
    const numbers = text.trim().split('\n').map((line) => JSON.parse(line).seq);
    expect(numbers).toEqual(upTo(numbers.length));
    expect(numbers.length).toBe(Number(name.match(/(\d)\.jsonl/)?.[1]));
  } finally {
    await bucket.stop();
  }
});

/** What the check says of a file without a manifest: not proven, so its exit code is 1. */
function checked(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** Where it is, if ./dev could install it. */
function moto() {
  const folders = (process.env.PATH ?? '').split(':');
  return folders.map((folder) => join(folder, 'moto_server')).find((it) => existsSync(it));
}

/** moto's S3, which checks signatures after the four acts that `make` takes. */
async function startMoto() {
  const program = realpathSync(moto() ?? '');
  const port = await freePort();
  const env = { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: '4' };
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(() => fetch(`${url}/moto-api/`).then((it) => it.ok, () => false), { timeout: 20_000 }).toBe(true);
  const script = fileURLToPath(new URL('../bucket.py', import.meta.url));
  const run = (...args: string[]) =>
    execFileSync(join(dirname(program), 'python3'), [script, url, ...args], { encoding: 'utf8' });
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill();
    });
  return { url, run, stop };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = listen().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
