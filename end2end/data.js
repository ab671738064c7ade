// A team with a large log: all of it exported, and deleted while another team goes on.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from './ledger.js';
import { settled } from './load.js';
import { filled } from './search.js';

/** Records of the team, and of each of some others. */
const RECORDS = Number(process.env.PROBITY_BENCH_RECORDS ?? 2_000_000);
const OTHERS = 2_000;
const TEAMS = 10;
/** Longer than anything takes here. */
const PATIENCE = 30 * 60_000;

/**
 * How long somebody waited for a lock at most, in milliseconds, from now until a team is deleted; and how many
 * waits there were. What is shorter than the pause between two looks may be missed.
 */
const WAITS = `
  create function bench_waits(out longest float8, out seen bigint) language plpgsql as $$
  declare now_at timestamptz; found float8;
  begin
    longest := 0; seen := 0;
    while not exists (select from deletion where done_at is not null) loop
      now_at := clock_timestamp();
      select max(1000 * extract(epoch from now_at - waitstart)) into found from pg_locks
      where not granted and pid <> pg_backend_pid();
      if found is not null then
        longest := greatest(longest, found); seen := seen + 1;
      end if;
      perform pg_sleep(0.001);
    end loop;
  end $$`;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, session: string }} team
 */
export async function measureData(probity, { path, session }) {
  const ask = asker(probity, session);
  const slug = path.replace('/t/', '');
  const other = await otherTeam(ask);
  probity.sql(filled(RECORDS, OTHERS, TEAMS));
  probity.sql('vacuum analyze audit_event');
  // What tasks would do of it meanwhile is done before.
  probity.command('audit', 'index');
  await proven(probity);
  // Whoever filled it for minutes confirms again that it is them.
  probity.sql('update session set confirmed_at = now()');
  await settled();
  const written = await exported(probity, ask, slug);
  const copied = await copy(probity);
  return { records: RECORDS, written, copied, ...(await deleted(probity, ask, slug, other)) };
}

/** Posts a form of a session, and gives the text of the answer. */
function asker(probity, session) {
  return async (door, fields) => {
    const answer = await fetch(`${probity.url}/do/${door}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'application/json', origin: probity.url, cookie: session },
      body: new URLSearchParams(fields),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${door}: ${answer.status} ${text}`);
    return text;
  };
}

const form = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [`form[${name}]`, value]));

/** A team that goes on: a key of it that logs events. */
async function otherTeam(ask) {
  await ask('team/create', form({ name: 'Nordlys' }));
  const key = { team: 'nordlys', name: 'app', environment: 'live', days: '90', audit_record: 'yes' };
  return (await ask('key/create', form(key))).match(/pby_live_[0-9A-Za-z]+/)[0];
}

/** Waits until the task that walks ledgers has been to the end of this one: exports begin with what is left. */
async function proven(probity) {
  const left = `select h.seq - coalesce(p.seq, 0) from ledger_head h
    left join ledger_proof p on p.kind = h.kind and p.ledger = h.ledger
    where h.kind = 'team' order by h.seq desc limit 1`;
  await until(() => Number(probity.sql(left)) === 0);
}

async function until(look) {
  const ends = performance.now() + PATIENCE;
  while (!(await look())) {
    if (performance.now() > ends) throw new Error('waited half an hour');
    await new Promise((next) => setTimeout(next, 250));
  }
}

/** Seconds, megabytes, and by how many the program grew. */
async function exported(probity, ask, slug) {
  const before = memory(probity.pid);
  let most = before;
  const look = setInterval(() => (most = Math.max(most, memory(probity.pid))), 20);
  const began = performance.now();
  await ask('data/start-export', form({ team: slug, hashes: 'no' }));
  const id = probity.sql(`select 'data_' || replace(id::text, '-', '') from team_export`).trim();
  let row;
  await until(async () => {
    ({ row } = JSON.parse(await ask('data/export', { team: slug, export: id, 'query[link]': '' })));
    if (['failed', 'cancelled'].includes(row.state)) throw new Error(`export: ${row.failed}`);
    return row.state === 'ready';
  });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(look);
  return { seconds, megabytes: row.bytes / 1e6, grown: (most - before) / 1e3 };
}

/** Seconds in which PostgreSQL alone writes the same records, once and as JSON. */
function copy(probity) {
  const folder = mkdtempSync(join(tmpdir(), 'probity-data-'));
  try {
    const began = performance.now();
    probity.sql(`\\copy (select row_to_json(e) from audit_event e where kind = 'team' and ledger = (
      select ledger from ledger_head where kind = 'team' order by seq desc limit 1) order by seq)
      to '${join(folder, 'copy.jsonl')}'`.replaceAll('\n', ' '));
    return (performance.now() - began) / 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds, the longest wait for a lock, and the longest time that another team's event took; milliseconds. */
async function deleted(probity, ask, slug, key) {
  probity.sql(WAITS);
  await ask('deletion/ask', form({ team: slug, name: 'Halden Freight' }));
  const waits = query(probity, 'select longest, seen from bench_waits()');
  probity.sql(`
    alter table team_deletion disable trigger team_deletion_is_audited;
    update team_deletion set due_at = now();
    alter table team_deletion enable always trigger team_deletion_is_audited`);
  let isDone = false;
  const going = logged(probity, key, () => isDone);
  const [longest, seen] = (await waits).trim().split('|').map(Number);
  isDone = true;
  const took = 'select extract(epoch from done_at - begun_at) from deletion';
  return { deleted: Number(probity.sql(took)), longest, seen, slowest: await going };
}

/** Logs one event after the other for another team; how long the slowest took. */
async function logged(probity, key, isDone) {
  let slowest = 0;
  for (let n = 0; !isDone(); n++) {
    const began = performance.now();
    const answer = await fetch(`${probity.url}/v1/audit/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        action: 'order.shipped',
        by: { id: 'user_1', name: 'Noor Haddad' },
        target: { kind: 'order', id: `ord_${n}`, name: `Order ${n}` },
      }),
    });
    if (answer.status !== 201) throw new Error(`event: ${answer.status} ${await answer.text()}`);
    await answer.text();
    slowest = Math.max(slowest, performance.now() - began);
    // A key may call a thousand times a minute.
    await new Promise((next) => setTimeout(next, 80));
  }
  return slowest;
}

/** What a statement says that goes on beside others. */
function query(probity, statement) {
  return new Promise((resolve, reject) => {
    const where = ['-h', probity.socket, '-U', 'postgres', '-d', 'probity'];
    const flags = ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-c', statement];
    const child = spawn('psql', [...where, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (said += chunk));
    child.once('error', reject);
    child.once('close', (code) => (code ? reject(new Error(`psql: ${code}`)) : resolve(said)));
  });
}
