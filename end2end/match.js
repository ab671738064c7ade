// Matching a message of 1 kB with 50,000 rules, beside a bare program that reads and writes as much.
import { createHash } from 'node:crypto';
import { load, settled } from './load.js';
import { post, startBare } from './verify.js';

const RULES = 50_000;
const BYTES = 1000;
const ROUNDS = 5;
const MS = 2000;

/** Keywords of one, two and three words, past every rule but those that count and tell. */
const FILL = (slug) => `
  create function word(n integer) returns text language sql immutable
  return translate(to_char(n, 'FM00000') || left(md5(n::text), n % 5), '0123456789', 'kelmionrst');
  alter table keyword_rule disable trigger keyword_rule_is_audited;
  insert into keyword_rule (team_id, id, keyword, folded, matching, language, url, priority,
                            enabled, changed_at)
  select t.id, gen_random_uuid(), words, words, (array['phrase', 'phrase', 'prefix', 'exact'])[1 + n % 4],
         '', 'https://shop.example/s?q={query}&k={keyword}', n % 100, true, now()
  from team t, generate_series(1, ${RULES}) n (n),
       lateral (select (array[word(n), word(n) || ' ' || word(n + 1),
                        word(n) || ' ' || word(n + 1) || ' ' || word(n + 2)])[1 + n % 3]) w (words)
  where t.slug = '${slug}'`;

/** The same word as in the database. */
function word(n) {
  const hash = createHash('md5').update(`${n}`).digest('hex').slice(0, n % 5);
  return `${n}`.padStart(5, '0').concat(hash).replace(/\d/g, (digit) => 'kelmionrst'[digit]);
}

/** Words of which every third begins a keyword, as far as they fit. */
function message() {
  let text = 'where do I get';
  for (let n = 1; text.length < BYTES - 20; n += 97) {
    text += n % 3 === 0 ? ` ${word(n)} ${word(n + 1)} ${word(n + 2)}` : ` x${word(n)}`;
  }
  return text.padEnd(BYTES, '.');
}

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, secret: string }} team
 * @param {{ hostname: string, port: string, pid: number }} target
 */
export async function measureMatch(probity, { path, secret }, target) {
  probity.sql(FILL(path.replace('/t/', '')));
  await settled();
  const body = { message: message() };
  const key = `X-Api-Key: ${secret}\r\n`;
  const first = await ask(probity, secret, body);
  const bare = await startBare(first.bytes);
  try {
    const runs = { match: [], bare: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const how = { connections: 16, ms: MS };
      runs.match.push(await load({ ...target, ...how, request: post('/v1/match', body, key) }));
      runs.bare.push(await load({ ...bare, ...how, request: post('/', body, key) }));
    }
    return { runs, offers: first.offers.length, rebuilds: await rebuild(probity, secret, body) };
  } finally {
    bare.stop();
  }
}

/** Seconds from an altered rule to the first answer that knows of it. */
async function rebuild(probity, secret, body) {
  const took = [];
  for (let priority = 101; priority <= 100 + ROUNDS; priority++) {
    const [{ rule_id: id }] = (await ask(probity, secret, body)).offers;
    probity.sql(`update keyword_rule set priority = ${priority} where id = '${id.slice(5)}'`);
    const began = performance.now();
    while ((await ask(probity, secret, body)).offers[0].priority !== priority) {
      if (performance.now() - began > 20_000) throw new Error('the rules were not read again');
    }
    took.push((performance.now() - began) / 1000);
  }
  return took;
}

async function ask(probity, secret, body) {
  const answer = await fetch(`${probity.url}/v1/match`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': secret },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`match: ${answer.status} ${text}`);
  return { bytes: Buffer.byteLength(text), offers: JSON.parse(text).offers };
}
