// The audit log as a stream of events: taken in, written out, and checked by nothing but the files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { example, settled } from './load.js';

/** Events of one batch, and batches of one round. */
const BATCH = 1000;
const BATCHES = 40;
const ROUNDS = 5;

/** Events that are logged one by one in a round: a key may call a thousand times a minute. */
const SINGLE = 100;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, session: string }} team
 * @returns {Promise<Record<string, number>>} events a second, and ratios
 */
export async function measureLedger(probity, { path, session }) {
  const slug = path.replace('/t/', '');
  const form = (door, fields) =>
    fetch(`${probity.url}/do/${door}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'application/json', origin: probity.url, cookie: session },
      body: new URLSearchParams(fields),
    });
  const sent = (fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [`form[${name}]`, value]));
  const key = { team: slug, name: 'app', environment: 'live', days: '90', audit_record: 'yes' };
  const made = await (await form('key/create', sent(key))).text();
  const secret = made.match(/pby_live_[0-9A-Za-z]+/)[0];

  const [ours, single, raw, rawSingle] = [[], [], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await takeIn(probity, secret, round));
    single.push(await oneByOne(probity, secret, round));
  }
  // The same rows again by one client, into a table with the same columns and indexes.
  probity.sql('create table raw_event (like audit_event including all)');
  const unnest = (most, times) => {
    probity.sql('truncate raw_event');
    const database = `postgres://postgres@localhost/probity?host=${probity.socket}`;
    return Number(execFileSync(example('unnest'), [database, String(most), String(times)]));
  };
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(unnest(BATCH, BATCHES));
    rawSingle.push(unnest(1, SINGLE));
  }
  probity.sql('drop table raw_event');
  await settled();

  const folder = mkdtempSync(join(tmpdir(), 'probity-ledger-'));
  try {
    const file = join(folder, 'events.jsonl');
    const { rows, written, grown } = await exported(probity, form, sent, { path, session, slug }, file);
    const copied = timed(() =>
      probity.sql(`\\copy (select row_to_json(e) from audit_event e where kind = 'team'
        and ledger = (select id from team) order by seq) to '${join(folder, 'copy.jsonl')}'`.replaceAll('\n', ' ')),
    );
    const program = process.env.PROBITY_PROGRAM;
    const checks = Array.from({ length: ROUNDS }, () =>
      timed(() => execFileSync(program, ['audit', 'verify', file, `${file}.manifest.json`])),
    );
    return {
      ingest: median(ours),
      raw: median(raw),
      single: median(single),
      rawSingle: median(rawSingle),
      grown,
      rows,
      megabytes: statSync(file).size / 1e6,
      exported: rows / written,
      copied: rows / copied,
      checked: rows / median(checks),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Events a second, sent by one client, a batch after the other. */
async function takeIn(probity, secret, round) {
  const events = Array.from({ length: BATCH }, (_, n) => event(round, n));
  const body = JSON.stringify({ events });
  const began = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const answer = await fetch(`${probity.url}/v1/audit/events/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body,
    });
    if (answer.status !== 201) throw new Error(`batch: ${answer.status} ${await answer.text()}`);
    await answer.text();
  }
  return (BATCH * BATCHES) / ((performance.now() - began) / 1000);
}

/** Events a second, each in a request of its own, one after the other. */
async function oneByOne(probity, secret, round) {
  const began = performance.now();
  for (let n = 0; n < SINGLE; n++) {
    const answer = await fetch(`${probity.url}/v1/audit/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(event(round, n)),
    });
    if (answer.status !== 201) throw new Error(`event: ${answer.status} ${await answer.text()}`);
    await answer.text();
  }
  return SINGLE / ((performance.now() - began) / 1000);
}

const event = (round, n) => ({
  action: 'order.shipped',
  by: { id: `user_${n % 97}`, name: 'Noor Haddad' },
  target: { kind: 'order', id: `ord_${round}_${n}`, name: `Order ${n}` },
  detail: { carrier: 'Halden Freight', weight: 1200 + n, tracking: `HF${round}${n}0042` },
});

/** Exports all of it and saves both files; how many records, and in how many seconds. */
async function exported(probity, form, sent, { path, session, slug }, file) {
  const began = performance.now();
  const started = await form('audit/start-export', sent({ team: slug, search: '', format: 'jsonl' }));
  const id = (await started.text()).match(/export_[0-9a-f]+/)[0];
  const before = memory(probity.pid);
  let [row, most] = [null, before];
  do {
    await new Promise((resolve) => setTimeout(resolve, 20));
    most = Math.max(most, memory(probity.pid));
    const fields = { team: slug, export: id, 'query[link]': '' };
    ({ row } = await (await form('audit/export', fields)).json());
    if (['failed', 'cancelled'].includes(row.state)) throw new Error(`export: ${row.failed}`);
  } while (row.state !== 'ready');
  const written = (performance.now() - began) / 1000;
  const linked = await (await form('audit/link-export', sent({ team: slug, export: id }))).text();
  const token = linked.match(/link=([0-9a-f]+)/)[1];
  for (const end of ['', '.manifest.json']) {
    const address = `${probity.url}${path}/audit/exports/${id}/${token}/${row.name}${end}`;
    const answer = await fetch(address, { headers: { cookie: session } });
    writeFileSync(file + end, Buffer.from(await answer.arrayBuffer()));
  }
  return { rows: row.rows, written, grown: (most - before) / 1e3 };
}

/** What a program holds of the memory, in kB. */
export const memory = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);

/** Seconds. */
function timed(work) {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
