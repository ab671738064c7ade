// Asks every endpoint of the REST API for what its description promises and for what it forbids, with
// schemathesis, and fails when one of them answers otherwise. Run it with `./dev conformance`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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
];

const probity = await startProbity();
let status;
try {
  const key = await keyThatMay();
  const run = spawn('schemathesis', [
    '--config-file', fileURLToPath(new URL('schemathesis.toml', import.meta.url)),
    'run',
    `${probity.url}/v1/openapi.json`,
    '--header', `Authorization: Bearer ${key}`,
    '--workers', '1',
    '--request-timeout', '30',
    '--seed', '1',
    ...process.argv.slice(2),
  ], { stdio: 'inherit' });
  [status] = await once(run, 'exit');
} finally {
  await probity.stop();
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

function post(path, form, cookie = '') {
  const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', cookie };
  const body = new URLSearchParams(form);
  return fetch(probity.url + path, { method: 'POST', headers, body, redirect: 'manual' });
}
