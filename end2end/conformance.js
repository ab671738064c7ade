// Asks every endpoint of the REST API for what its description promises and for what it forbids, with
// schemathesis, and fails when one of them answers otherwise. Run it with `./dev conformance`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProbity } from './probity.js';

const OWNER = {
  name: 'Ada Lindqvist',
  email: 'ada@example.com',
  password: 'a quiet tram in the morning',
  team: 'Halden Freight',
};
/** What an API key may hold (`Permission::is_for_keys`). */
const MAY = [
  'members_view', 'usage_view', 'rules_view', 'rules_edit', 'keys_view', 'keys_manage', 'audit_view',
  'audit_record',
];

const folder = mkdtempSync(join(tmpdir(), 'probity-conformance-'));
const probity = await startProbity();
let status;
try {
  const key = await keyThatMay();
  const run = spawn('schemathesis', [
    '--config-file', await configuration(key),
    'run',
    `${probity.url}/v1/openapi.json`,
    '--header', `Authorization: Bearer ${key}`,
    '--workers', '1',
    '--request-timeout', '30',
    '--seed', '1',
    ...process.argv.slice(2),
  ], { stdio: 'inherit', cwd: folder });
  [status] = await once(run, 'exit');
} finally {
  await probity.stop();
  rmSync(folder, { recursive: true });
}
process.exit(status ?? 1);

/** The first owner, a team, and a key that may whatever keys may. */
async function keyThatMay() {
  const token = probity.setUpLink.split('/').pop();
  const made = await post('/do/account/set-up', { token, ...OWNER });
  const session = made.headers.getSetCookie().map((line) => line.split(';')[0])
    .find((pair) => pair.startsWith('__Host-probity='));
  const path = made.headers.get('location');
  const ticked = Object.fromEntries(MAY.map((permission) => [permission, 'yes']));
  const form = {
    team: path.replace('/t/', ''), name: 'conformance', environment: 'test', days: '1', scopes: 'match',
  };
  const from = `${path}/keys/new`;
  const answer = await post('/do/key/create', { ...form, ...ticked, from }, session);
  return (await answer.text()).match(/pby_test_[0-9A-Za-z]{49}/)[0];
}

/** What schemathesis is told, with the ids of a key, a program and a rule that are there. */
async function configuration(key) {
  const make = async (path, body) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const made = await fetch(probity.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (made.status !== 201) throw new Error(`${path}: ${made.status} ${await made.text()}`);
    return (await made.json()).id;
  };
  const ids = {
    key: await make('/v1/keys', { name: 'another', environment: 'test' }),
    program: await make('/v1/programs', { name: 'Nordly', tag: 'ada-21' }),
    rule: await make('/v1/rules', { keyword: 'shoes', url: 'https://shop.example/' }),
    seq: 1,
  };
  const told = Object.entries(ids).map(([name, id]) => `"path.${name}" = ${JSON.stringify(id)}`);
  const usual = readFileSync(new URL('schemathesis.toml', import.meta.url), 'utf8');
  const file = join(folder, 'schemathesis.toml');
  writeFileSync(file, `${usual}\n[parameters]\n${told.join('\n')}\n`);
  return file;
}

function post(path, form, cookie = '') {
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie };
  const body = new URLSearchParams(form);
  return fetch(probity.url + path, { method: 'POST', headers, body, redirect: 'manual' });
}
