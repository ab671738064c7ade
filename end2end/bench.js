// Measures what Probity promises about speed and size, beside a baseline in the same run, and
// prints one table. Run it with `./dev bench`, or a part of it with `./dev bench keys`, on a quiet
// machine; the load average is printed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { cpus, loadavg } from 'node:os';
import { startProbity } from './probity.js';
import { measureAnswers, prepareAnswers } from './answers.js';
import { measureData } from './data.js';
import { measureRotation } from './keyring.js';
import { measureLedger } from './ledger.js';
import { load } from './load.js';
import { measureMatch } from './match.js';
import { measureMembers, measureProbe } from './members.js';
import { measureRevocations } from './revoke.js';
import { measureVerify } from './verify.js';
import { measureSearch } from './search.js';
import { measureSignIns, SETTINGS } from './sign-ins.js';

const OWNER = {
  name: 'Ada Lindqvist',
  email: 'ada@example.com',
  password: 'a quiet tram in the morning',
  team: 'Halden Freight',
};
const KEYS = 25;
const ROUNDS = 5;

const rows = [];
const row = (what, measured, goal = '', met = undefined) =>
  rows.push({ what, measured, goal, met: met === undefined ? '' : met ? 'yes' : 'NO' });
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const PARTS = {
  memory: [measureMemory],
  pages: [measurePages, measureRequests],
  keys: [measureKeys, measureRules],
  storm: [measureStorm, measureRefusals],
  team: [measureTeam],
  audit: [measureAudit],
  keyring: [measureKeyring],
  search: [measureLargeLog],
  data: [measureLargeTeam],
  faults: [measureFaults],
};
const wanted = process.argv.slice(2);
// They take twenty minutes and many GB, and one of them deletes the team: for whoever asks for them.
const all = Object.keys(PARTS).filter((part) => !['search', 'data'].includes(part));
const unknown = wanted.filter((part) => !PARTS[part]);
if (unknown.length) throw new Error(`no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}`);

const before = loadavg()[0];
let probity;
if (wanted.length) probity = await startProbity(SETTINGS);
else await measureStarts();
try {
  const team = await furnish();
  for (const part of wanted.length ? wanted : all) {
    for (const measure of PARTS[part]) await measure(team);
  }
} finally {
  await probity.stop();
}
print();

/** First boot (cluster made, schema made), then starts on what is there. */
async function measureStarts() {
  const first = [];
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const fresh = await startProbity(SETTINGS);
    first.push(performance.now() - began);
    if (round < 2) await fresh.stop();
    else probity = fresh;
  }
  const cold = [];
  for (let round = 0; round < ROUNDS; round++) {
    probity = await probity.restart((ms) => cold.push(ms));
  }
  row('first boot to ready', seconds(median(first)), '≤ 4 s', median(first) <= 4000);
  row('start on existing data', seconds(median(cold)), '≤ 0.6 s', median(cold) <= 600);
}

/** Many members, and every cell of roles × permissions. */
async function measureTeam(team) {
  const probe = await measureProbe(probity, team);
  row('self-probe of the whole matrix', `${probe.toFixed(0)} ms`, '≤ 2 s', probe <= 2000);
  const pages = await measureMembers(probity, team);
  for (const [what, { p50, p99 }] of Object.entries(pages)) {
    const told = `${p50.toFixed(1)} ms, ${p99.toFixed(1)} ms`;
    const goal = what === 'first page' ? ['p99 ≤ 30 ms', p99 <= 30] : [];
    row(`5,000 members, ${what}: p50, p99`, told, ...goal);
  }
}

/** Events taken in, written out and checked, each beside what PostgreSQL does with the same rows. */
async function measureAudit(team) {
  const found = await measureLedger(probity, team);
  const many = (number) => Math.round(number).toLocaleString('en');
  const ingest = found.ingest / found.raw;
  const told = `${many(found.ingest)} ÷ ${many(found.raw)} = ${ingest.toFixed(2)}`;
  row('events logged in batches ÷ the same by UNNEST', told, '≥ 0.70', ingest >= 0.7);
  const single = found.single / found.rawSingle;
  const one = `${many(found.single)} ÷ ${many(found.rawSingle)} = ${single.toFixed(2)}`;
  row('events logged one by one ÷ the same by UNNEST', one, '≥ 0.30', single >= 0.3);
  const share = found.exported / found.copied;
  const written = `${many(found.exported)} ÷ ${many(found.copied)} = ${share.toFixed(2)}`;
  row(`export of ${many(found.rows)} records ÷ \\copy`, written, '≥ 0.5', share >= 0.5);
  row('memory grows while it is exported by', `${found.grown.toFixed(1)} MB`, '≤ 32 MB', found.grown <= 32);
  row('export checked by its files', `${many(found.checked)} /s`, '≥ 250,000', found.checked >= 250_000);
}

/** Ten million records of a thousand teams, two million of them in the team that searches. */
async function measureLargeLog(team) {
  const found = await measureSearch(probity, team);
  const ms = (took) => `${took.toFixed(1)} ms`;
  const [blocks, events] = found.sizes;
  row('records put into the index', `${Math.round(found.indexed).toLocaleString('en')} /s`);
  row('index of searches ÷ its records', `${Math.round(blocks)} ÷ ${Math.round(events)} MB`);
  const goals = { filters: 5, text: 30 };
  for (const { kind, name, p50, p99 } of found.requests) {
    row(`${kind}: ${name}, p50 and p99`, `${ms(p50)}, ${ms(p99)}`, `p99 ≤ ${goals[kind]} ms`, p99 <= goals[kind]);
  }
  const at = (name) => found.requests.find((one) => one.name === name).p50;
  const deep = at('page 1,000') / at('the newest');
  row('page 1,000 ÷ page 1', deep.toFixed(2), '≤ 1.2', deep <= 1.2);
  for (const { name, p50, p99, ratios } of found.secured) {
    const told = `${p50.toFixed(2)} ms, ${p99.toFixed(2)} ms; ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`;
    row(`with RLS ÷ without: ${name}, p50 and p99`, told, '≤ 1.3', ratios.every((ratio) => ratio <= 1.3));
  }
  row('chart of 90 days', ms(found.chart), '≤ 50 ms', found.chart <= 50);
}

/** All of a team with two million records in one archive; and the same team deleted. */
async function measureLargeTeam(team) {
  const { records, written, copied, ...gone } = await measureData(probity, team);
  const rate = (seconds) => Math.round(records / seconds);
  const many = (number) => number.toLocaleString('en');
  const share = copied / written.seconds;
  const told = `${many(rate(written.seconds))} ÷ ${many(rate(copied))} = ${share.toFixed(2)}`;
  row(`export of a team of ${many(records)} records ÷ \\copy`, told, '≥ 0.5', share >= 0.5);
  row('  its archive', `${written.megabytes.toFixed(0)} MB in ${written.seconds.toFixed(1)} s`);
  row('  memory grows by', `${written.grown.toFixed(1)} MB`, '≤ 32 MB', written.grown <= 32);
  row('deletion of that team', seconds(gone.deleted * 1000), '≤ 5 min', gone.deleted <= 300);
  const waits = `${gone.longest.toFixed(1)} ms, ${gone.seen} seen`;
  row('  longest wait for a lock meanwhile', waits, '≤ 50 ms', gone.longest <= 50);
  row("  slowest event of another team's", `${gone.slowest.toFixed(1)} ms`);
}

/** The master key rotates beside the running program: each file is opened, wrapped and written. */
function measureKeyring() {
  const rate = measureRotation(probity);
  row('keys wrapped by another master key', `${Math.round(rate).toLocaleString('en')} /s`, '≥ 5,000', rate >= 5000);
}

/** The fault loop of the tests, 100 times. */
function measureFaults() {
  const loop = ['test', '-q', '-p', 'server', '--test', 'it', 'faults::'];
  const env = { ...process.env, PROBITY_KILLS: '100' };
  const { status } = spawnSync('cargo', loop, { stdio: ['ignore', 'ignore', 'inherit'], env });
  row('killed 100 times under load: nothing lost, one chain', '', 'holds', status === 0);
}

/** The first owner, a team, some keys; all through the forms. */
async function furnish() {
  const token = probity.setUpLink.split('/').pop();
  const made = await post('/do/account/set-up', { token, ...OWNER });
  const cookie = made.headers.getSetCookie().map((line) => line.split(';')[0]);
  const session = cookie.find((pair) => pair.startsWith('__Host-probity='));
  const path = made.headers.get('location');
  const slug = path.replace('/t/', '');
  let secret;
  for (let n = 1; n <= KEYS; n++) {
    const form = { team: slug, name: `service-${n}`, environment: 'live', days: '90' };
    const answer = await post('/do/key/create', { ...form, from: `${path}/keys/new` }, session);
    secret = (await answer.text()).match(/pby_live_[0-9A-Za-z]+/)[0];
  }
  return { path, session, secret };
}

function post(path, form, cookie = '') {
  return fetch(probity.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', origin: probity.url, cookie },
    body: new URLSearchParams(form),
  });
}

async function measureMemory() {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const status = readFileSync(`/proc/${probity.pid}/status`, 'utf8');
  const used = Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  row('idle memory of the program', `${used.toFixed(0)} MB`, '≤ 60 MB', used <= 60);
}

/** Bytes that travel for a first visit, without fonts. */
async function measurePages({ path, session }) {
  const signIn = await weight('/sign-in', '');
  row('sign-in page, brotli', kB(signIn.bytes), '≤ 25 kB', signIn.bytes <= 25_000);
  row('  of it scripts and WASM', String(signIn.scripts), '0', signIn.scripts === 0);
  const keys = await weight(`${path}/keys`, session);
  row('signed-in page, brotli', kB(keys.bytes), '≤ 200 kB', keys.bytes <= 200_000);
}

async function weight(path, cookie) {
  const page = await get(path, cookie);
  const files = new Set(page.text.match(/\/pkg\/[\w.-]+/g) ?? []);
  let bytes = page.bytes;
  for (const file of files) bytes += (await get(file, cookie)).bytes;
  return { bytes, scripts: [...files].filter((file) => !file.endsWith('.css')).length };
}

/** Bytes as sent to a browser that takes brotli; the text where it was not compressed. */
function get(path, cookie) {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'br', accept: 'text/html', cookie };
    http.get(probity.url + path, { headers }, async (answer) => {
      const chunks = await answer.toArray();
      const body = Buffer.concat(chunks);
      if (answer.statusCode !== 200) reject(new Error(`${path}: ${answer.statusCode}`));
      const { brotliDecompressSync } = await import('node:zlib');
      const isBrotli = answer.headers['content-encoding'] === 'br';
      const text = (isBrotli ? brotliDecompressSync(body) : body).toString();
      resolve({ bytes: body.length, text });
    }).on('error', reject);
  });
}

/** Requests under load: baseline and measured in turns, medians of the rounds. */
async function measureRequests({ path, session, secret }) {
  const requests = {
    baseline: `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`,
    verify: verification(secret),
    list: `GET ${path}/keys HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nCookie: ${session}\r\n\r\n`,
  };
  const runs = { baseline: [], verify: [], list: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, text] of Object.entries(requests)) {
      runs[name].push(await load({ ...target(), request: text, connections: 16, ms: 2000 }));
    }
  }
  const of = (name, field) => median(runs[name].map((run) => run[field]));
  const ms = (name, field) => `${of(name, field).toFixed(2)} ms`;
  const rate = (name) => `${Math.round(of(name, 'perSecond'))} requests/s`;
  row('key list, rendered', rate('list'), '≥ 1500', of('list', 'perSecond') >= 1500);
  row('  p50, p99', `${ms('list', 'p50')}, ${ms('list', 'p99')}`);
  row('verify, the same key', rate('verify'));
  row('  p50, p99', `${ms('verify', 'p50')}, ${ms('verify', 'p99')}`);
  row('baseline: /healthz', rate('baseline'));
  row('  p50, p99', `${ms('baseline', 'p50')}, ${ms('baseline', 'p99')}`);
  const times = (field) => (of('verify', field) / of('baseline', field)).toFixed(1);
  row('verify ÷ baseline, p50 and p99', `${times('p50')}, ${times('p99')}`);
  row('verify ÷ baseline, program CPU', times('cpu'));
  row('  program CPU of a verify', `${of('verify', 'cpu').toFixed(0)} µs`);
}

/** A hundred thousand keys, beside a bare program. */
async function measureKeys(team) {
  const { runs, perKey, batch, all, bytes, keys } = await measureVerify(probity, team, target());
  const of = (kind, field) => median(runs[kind].map((run) => run[field]));
  const rate = (kind) => `${Math.round(of(kind, 'perSecond'))} requests/s`;
  const share = (one, other, field) => of(one, field) / of(other, field);
  for (const kind of Object.keys(runs)) {
    row(kind === 'verify' ? 'verify, 100,000 keys' : kind, rate(kind));
    const ms = (field) => of(kind, field).toFixed(2);
    row('  p50, p99, program CPU', `${ms('p50')}, ${ms('p99')} ms, ${of(kind, 'cpu').toFixed(1)} µs`);
  }
  const ratio = (what, one, other, goal) => {
    const times = share(one, other, 'perSecond');
    row(what, times.toFixed(2), `≥ ${goal}`, times >= goal);
    row('  by CPU of the program', (1 / share(one, other, 'cpu')).toFixed(2));
  };
  ratio(`verify ÷ bare POST of ${bytes} bytes`, 'verify', 'bare POST', 0.8);
  ratio('forward-auth ÷ bare GET', 'forward-auth', 'bare GET', 0.85);
  const p99 = of('verify', 'p99');
  row('verify p99 at 16 connections', `${p99.toFixed(2)} ms`, '≤ 1 ms', p99 <= 1);
  const times = (of('batch', 'perSecond') * batch) / of('verify', 'perSecond');
  row('keys/s in a batch of 100 ÷ one by one', times.toFixed(1), '≥ 8', times >= 8);
  row('keys looked up and remembered', `${Math.round(all)} keys/s`);
  row('memory of a remembered key', `${perKey.toFixed(0)} B`, '≤ 256 B', perKey <= 256);
  await measureRevoked(team, keys);
}

/** Whether a revoked key is refused at once, and how soon another program knows. */
async function measureRevoked(team, keys) {
  const { stale, asked, elsewhere } = await measureRevocations(probity, team, keys);
  row(`accepted after the revocation, of ${asked} calls`, `${stale}`, '0', stale === 0);
  const at = (share) => elsewhere[Math.floor(elsewhere.length * share)];
  const told = `${at(0.5).toFixed(1)}, ${at(0.99).toFixed(1)} ms`;
  row('  by another program, until: p50, p99', told, '≤ 100 ms', at(0.99) <= 100);
}

/** A message against as many rules as a team may have. */
async function measureRules(team) {
  const { runs, offers, rebuilds } = await measureMatch(probity, team, target());
  const of = (kind, field) => median(runs[kind].map((run) => run[field]));
  row(`match, 50,000 rules, 1 kB, ${offers} offers`, `${Math.round(of('match', 'perSecond'))} requests/s`);
  row('  p50, p99', `${of('match', 'p50').toFixed(2)}, ${of('match', 'p99').toFixed(2)} ms`);
  row('match ÷ bare POST', (of('match', 'perSecond') / of('bare', 'perSecond')).toFixed(2));
  const more = of('match', 'cpu') - of('bare', 'cpu');
  row('  program CPU beyond the bare one', `${more.toFixed(0)} µs`, '≤ 50 µs', more <= 50);
  const again = median(rebuilds);
  row('  rules read and built again', seconds(again * 1000), '≤ 1 s', again <= 1);
}

/** Sign-ins beside bare hashing, and what a storm of them does to verifications. */
async function measureStorm({ secret }) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await measureSignIns(target(), verification(secret)));
  }
  const of = (field) => median(rounds.map((round) => round[field]));
  const share = median(rounds.map(({ signIns, bare }) => signIns / bare));
  const slower = median(rounds.map(({ stormy, calm }) => stormy / calm));
  row('sign-ins', `${of('signIns').toFixed(1)}/s`);
  row('  bare argon2id, same parameters, threads', `${of('bare').toFixed(1)}/s`);
  row('  sign-ins ÷ bare', share.toFixed(2), '≥ 0.9', share >= 0.9);
  row('verify p99, calm', `${of('calm').toFixed(2)} ms`);
  row('  in a storm of sign-ins', `${of('stormy').toFixed(2)} ms, ${of('during').toFixed(1)}/s`);
  row('  storm ÷ calm', slower.toFixed(2), '≤ 3', slower <= 3);
}

/** Whether the time of a refused sign-in tells why it was refused. */
async function measureRefusals() {
  await prepareAnswers(probity);
  const rounds = [];
  for (let round = 0; round < 2 * ROUNDS; round++) rounds.push(await measureAnswers(probity));
  const of = (kind) => median(rounds.flatMap((round) => round[kind]));
  row('sign-in refused, unknown address', `${of('unknown').toFixed(1)} ms`);
  for (const [kind, words] of [['wrong', 'wrong password'], ['locked', 'locked account']]) {
    const times = of(kind) / of('unknown');
    const met = Math.abs(times - 1) <= 0.05;
    row(`  ${words} ÷ unknown address`, times.toFixed(3), '0.95 to 1.05', met);
  }
}

function target() {
  const { hostname, port } = new URL(probity.url);
  return { hostname, port, pid: probity.pid };
}

function verification(secret) {
  const body = JSON.stringify({ key: secret });
  return (
    `POST /v1/keys/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

function print() {
  const widths = ['what', 'measured', 'goal', 'met'].map((key) =>
    Math.max(key.length, ...rows.map((row) => row[key].length)));
  const line = (cells) => cells.map((cell, n) => cell.padEnd(widths[n])).join('  ').trimEnd();
  console.log(`\n${cpus().length} cores (${cpus()[0].model}), load average before: ${before}\n`);
  console.log(line(['what', 'measured', 'goal', 'met']));
  console.log(line(widths.map((width) => '─'.repeat(width))));
  for (const { what, measured, goal, met } of rows) console.log(line([what, measured, goal, met]));
}
