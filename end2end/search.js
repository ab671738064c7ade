// Searches of a large audit log among many: whole requests through the REST API, and the statements
// themselves with row-level security and without.
import { readFileSync, readdirSync } from 'node:fs';
import { settled } from './load.js';

/** Records in all, in the ledger that is searched, and ledgers. */
const ALL = Number(process.env.PROBITY_BENCH_RECORDS ?? 10_000_000);
const LARGEST = Math.floor(ALL / 5);
const TEAMS = 1000;
/** How often each shape is asked for. */
const TIMES = 150;
/** An empty list, in SQL. */
const NONE = `'{}'::text[]`;

/**
 * Fills the ledger of the first team, and those of others: the records chain as ours do, and are written past
 * the program to save an hour.
 * @param {number} teams how many there are in all
 */
export const filled = (largest, others, teams) => `
  do $$ declare
    mine uuid := (select id from team order by created_at limit 1);
    owner uuid := (select created_by from team order by created_at limit 1);
    begins text[] := string_to_array('hal bor fre ost mar tin lun gra vik sol ner dal ryb kon sta ber', ' ');
    ends text[] := string_to_array('den gar ton vig lin sund mark rike stad holm berg nes havn lund dorf wick', ' ');
    actions text[] := string_to_array('key.create key.rotate key.revoke member.add member.change_role rule.create'
      ' rule.update app.order.shipped app.order.paid app.user.log_in session.create team.update', ' ');
    begin_at timestamptz := now() - interval '400 days';
    people uuid[]; words text[]; team uuid; linked bytea; many integer; first bigint; step interval;
    records bytea[]; hashes bytea[]; before bytea[]; ids uuid[]; times timestamptz[]; who uuid[];
    did text[]; targets text[]; ended text[]; at timestamptz; said text; id uuid; n integer;
  begin
    select array_agg(b || e) into words from unnest(begins) b, unnest(ends) e;
    for t in 1..${teams} loop
      people := array(select gen_random_uuid() from generate_series(1, 40));
      if t = 1 then
        team := mine;
        people[1] := owner;
        many := ${largest};
        select h.seq, h.hash into first, linked from ledger_head h where h.ledger = mine;
      else
        team := gen_random_uuid();
        insert into team values (team, 'bench-' || t, 'Bench ' || t, now(), owner);
        many := ${others};
        first := 0;
        linked := sha256('team'::bytea || uuid_send(team));
        insert into ledger_head values ('team', team, 0, linked, pg_current_xact_id());
      end if;
      step := interval '399 days' / many;
      for batch in 0..(many - 1) / 5000 loop
        records := '{}'; hashes := '{}'; before := '{}'; ids := '{}'; times := '{}'; who := '{}';
        did := '{}'; targets := '{}'; ended := '{}';
        for i in batch * 5000 + 1..least(many, (batch + 1) * 5000) loop
          id := gen_random_uuid();
          at := begin_at + i * step;
          -- The more there are of something, the less often the last of them.
          n := (random() * random() * random() * 4000)::integer;
          said := format('{"v":1,"id":"%s","at":"%s","actor":{"kind":"person","id":"%s","via":"session"},'
            '"action":"%s","target":{"kind":"order","id":"ord_%s","label":"%s %s"},"outcome":"%s",'
            '"request":"req_%s","detail":{"note":"%s %s %s","weight":%s%s}}',
            id, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), people[1 + n % 40],
            actions[1 + n % 12], n * 7 % 9973, words[1 + n % 256], words[1 + i % 256],
            case when n % 97 = 13 then 'refused' else 'ok' end, replace(gen_random_uuid()::text, '-', ''),
            words[1 + n * 31 % 256], words[1 + i * 7 % 256], words[1 + (n + i) % 256], i % 1800,
            case when i % 20000 = 77 then ',"seldom":"xylophone"' else '' end);
          records := records || said::bytea;
          before := before || linked;
          linked := app.chain_hash(linked, first + i, said::bytea, null);
          hashes := hashes || linked; ids := ids || id; times := times || at;
          who := who || people[1 + n % 40]; did := did || actions[1 + n % 12];
          targets := targets || ('ord_' || n * 7 % 9973);
          ended := ended || case when n % 97 = 13 then 'refused' else 'ok' end;
        end loop;
        insert into audit_event
        select 'team', team, first + batch * 5000 + r.number, r.record, null, r.before, r.hash, r.id,
          r.at, 'person', r.who, r.did, 'order', r.target, r.ended
        from unnest(records, before, hashes, ids, times, who, did, targets, ended) with ordinality
          r (record, before, hash, id, at, who, did, target, ended, number);
      end loop;
      update ledger_head h set seq = first + many, hash = linked, written_by = pg_current_xact_id()
      where h.kind = 'team' and h.ledger = team;
      commit;
    end loop;
  end $$`;

/** Runs each statement and says how long each took, in milliseconds. */
const TIMER = `
  create function bench_times(statements text[]) returns float8[] language plpgsql as $$
  declare took float8[] := '{}'; began timestamptz; statement text;
  begin
    foreach statement in array statements loop
      began := clock_timestamp();
      execute statement;
      took := took || 1000 * extract(epoch from clock_timestamp() - began)::float8;
    end loop;
    return took;
  end $$`;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, session: string }} team
 */
export async function measureSearch(probity, { path, session }) {
  // First: they are made by somebody who has just signed in. One for a shape or two: a key may call a
  // thousand times a minute.
  const secrets = [];
  for (let n = 0; n < 10; n++) secrets.push(await key(probity, path.replace('/t/', ''), session));
  probity.sql(filled(LARGEST, Math.floor((ALL - LARGEST) / TEAMS), TEAMS));
  probity.sql('vacuum analyze audit_event');
  const began = performance.now();
  probity.command('audit', 'index');
  const indexed = ALL / ((performance.now() - began) / 1000);
  probity.sql('vacuum analyze audit_block');
  const sizes = probity.sql(`select pg_total_relation_size('audit_block') / 1e6,
    pg_total_relation_size('audit_event') / 1e6`).trim().split('|').map(Number);
  await settled();
  const head = Number(probity.sql(`select max(seq) from ledger_head`));
  const requests = [];
  for (const [n, shape] of shapes(probity).entries()) {
    requests.push(await asked(probity, secrets[n % secrets.length], head, shape));
  }
  return {
    indexed,
    sizes,
    requests,
    secured: statements(probity, head),
    chart: await chart(probity, path.replace('/t/', ''), session),
  };
}

/** What is looked for, which kind of search that is, and from which page on. */
function shapes(probity) {
  const [person, target, day] = probity
    .sql(`select 'person_' || replace(e.actor_id::text, '-', ''), e.target_id, e.at::date
      from audit_event e join ledger_head h using (kind, ledger)
      where h.seq > ${LARGEST} and e.seq = ${Math.floor(LARGEST / 3)}`)
    .trim()
    .split('|');
  return [
    { kind: 'filters', name: 'the newest', q: '' },
    { kind: 'filters', name: 'page 1,000', q: '', behind: 50_000 },
    { kind: 'filters', name: 'one action', q: 'action:team.update' },
    { kind: 'filters', name: 'actions that begin alike', q: 'action:key.*' },
    { kind: 'filters', name: "a customer's own", q: 'action:app.order.*' },
    { kind: 'filters', name: 'one person', q: `actor:${person}` },
    { kind: 'filters', name: 'a person and an action', q: `actor:${person} action:key.revoke` },
    { kind: 'filters', name: 'one target', q: `target:${target}` },
    { kind: 'filters', name: 'refused', q: 'outcome:refused' },
    { kind: 'filters', name: 'not by people', q: '-actor:person' },
    { kind: 'filters', name: 'a day long ago', q: `created:${day}` },
    { kind: 'filters', name: 'an action, long ago', q: `created:<${day} action:member.*` },
    { kind: 'text', name: 'a word', q: 'halden' },
    { kind: 'text', name: 'a seldom word', q: 'xylophone' },
    { kind: 'text', name: 'a word that is nowhere', q: 'saxophone' },
    { kind: 'text', name: 'two words', q: 'halden xylophone' },
    { kind: 'text', name: 'part of a word', q: 'ylopho' },
    { kind: 'text', name: 'words, an action, a person', q: `vikton action:rule.* actor:${person}` },
    { kind: 'text', name: 'a word, not another, long ago', q: `xylophone -halden created:<${day}` },
  ];
}

/** Whole requests: p50 and p99 in milliseconds, pages chosen at random. */
async function asked(probity, secret, head, { kind, name, q, behind }) {
  const took = [];
  for (let time = 0; time < TIMES; time++) {
    const before = Math.floor(behind ? head - behind - time : head - Math.random() * 5_000);
    const query = new URLSearchParams({ q, before: String(before) });
    const began = performance.now();
    const answer = await fetch(`${probity.url}/v1/audit/events?${query}`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    const body = await answer.text();
    took.push(performance.now() - began);
    // Given up after two seconds: that is its time, and a few of them are enough.
    if (answer.status === 422 && took.length > 4) break;
    if (![200, 422].includes(answer.status)) throw new Error(`${q}: ${answer.status} ${body}`);
  }
  return { kind, name, p50: share(took, 0.5), p99: share(took, 0.99) };
}

/** The statements that read a page, as the app role and as one that passes row-level security. */
function statements(probity, head) {
  const folder = new URL('../server/domain/.sqlx/', import.meta.url);
  const all = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  const reading = all.map(({ query }) => query).filter((text) => text.includes('order by e.seq desc limit $18'));
  const refused = `and e.outcome <> 'ok'`;
  const walked = reading.find((text) => !text.includes('$20') && !text.includes(refused));
  const by = (part) => reading.find((text) => text.includes(part));
  const team = probity.sql(`select ledger from ledger_head order by seq desc limit 1`).trim();
  const person = probity.sql(`select created_by from team order by created_at limit 1`).trim();
  const cursor = () => Math.floor(head - Math.random() * LARGEST * 0.9);
  const shape = (name, given, query = walked) => ({ name, query, given: () => ({ 4: cursor(), ...given }) });
  const actor = { 8: `'{}'`, 9: `array['${person}']::uuid[]`, 20: `array['${person}']::uuid[]` };
  const found = [
    shape('page', {}),
    shape('action', { 5: `'{team.update}'`, 20: `'{team.update}'` }, by('(e.action, e.seq)')),
    shape('actor', actor, by('(e.actor_id, e.seq)')),
    shape('actor and action', { ...actor, 5: `'{key.revoke}'` }, by('(e.actor_id, e.seq)')),
    shape('not by people', { 10: `'{person}'`, 20: `'{key,system}'` }, by('(e.actor_kind, e.seq)')),
    shape('target', { 12: `'{ord_700}'`, 20: `'{ord_700}'` }, by('(e.target_id, e.seq)')),
    shape('refused', { 7: `'refused'` }, by(refused)),
    shape('own', { 5: `'{}'`, 16: `'{app.order.}'::text[]` }),
    shape('days', { 14: `now() - interval '300 days'` }),
  ];
  const defaults = { 1: `'team'`, 2: `'${team}'`, 3: 0, 6: NONE, 10: NONE, 11: `'{}'::uuid[]`, 13: NONE, 16: NONE, 17: NONE, 18: 51, 19: NONE };
  const written = (query, given) => {
    const values = { ...defaults, ...given };
    const many = Math.max(...Array.from(query.matchAll(/\$(\d+)/g), ([, number]) => Number(number)));
    return `execute shape(${Array.from({ length: many }, (_, at) => values[at + 1] ?? 'null').join(', ')})`;
  };
  probity.sql(TIMER);
  const settings = `set session authorization probity_app;
    select set_config('app.team', '${team}', false), set_config('app.person', '${person}', false),
      set_config('app.at', now()::text, false), set_config('app.session', '${probity
        .sql(`select encode(id_hash, 'hex') from session where person_id = '${person}'
          and ended_at is null order by created_at desc limit 1`)
        .trim()}', false);`;
  return found.map(({ name, query, given }) => {
    const calls = Array.from({ length: TIMES }, () => written(query, given()).replaceAll("'", "''"));
    const timed = `select array_to_json(bench_times(array[${calls.map((call) => `'${call}'`).join(',')}]))`;
    // As the program does: planned once, whatever is looked for.
    const prepared = `set plan_cache_mode = force_generic_plan; prepare shape as ${query};
      select count(*) from bench_times(array['${calls[0]}']);`;
    const took = (front) => JSON.parse(probity.sql(front + prepared + timed).trim().split('\n').at(-1));
    took('');
    const [bare, secured] = [took(''), took(settings)];
    const ratio = (part) => share(secured, part) / share(bare, part);
    return { name, p50: share(secured, 0.5), p99: share(secured, 0.99), ratios: [ratio(0.5), ratio(0.99)] };
  });
}

/** The histogram of 90 days: median, in milliseconds. */
async function chart(probity, slug, session) {
  const took = [];
  for (let time = 0; time < 20; time++) {
    const began = performance.now();
    const answer = await post(probity, 'audit/activity', { team: slug }, session);
    const days = await answer.json();
    took.push(performance.now() - began);
    if (days.length !== 90) throw new Error('no 90 days');
  }
  return share(took, 0.5);
}

async function key(probity, slug, session) {
  const asked = { team: slug, name: 'reader', environment: 'live', days: '90', audit_view: 'yes' };
  const form = Object.fromEntries(Object.entries(asked).map(([name, value]) => [`form[${name}]`, value]));
  const made = await (await post(probity, 'key/create', form, session)).text();
  return made.match(/pby_live_[0-9A-Za-z]+/)[0];
}

const post = (probity, door, fields, session) =>
  fetch(`${probity.url}/do/${door}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'application/json', origin: probity.url, cookie: session },
    body: new URLSearchParams(fields),
  });

const share = (numbers, part) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))];
