// The members page of a team of 5,000, and the self-probe of the whole matrix.

/** Besides the owner. */
const MEMBERS = 4999;
const REQUESTS = 200;
const PROBES = 5;

/** Past every rule: by invitation it would take a day. */
const FILL = `
  alter table person disable trigger user;
  alter table member disable trigger user;
  alter table session disable trigger user;
  insert into person (id, email, name, created_at)
  select gen_random_uuid(), 'm' || n || '@example.com', 'Member ' || md5(n::text), now()
  from generate_series(1, ${MEMBERS}) n;
  insert into member (team_id, person_id, role, joined_at, added_by)
  select t.id, p.id, case when n.n % 10 = 0 then 'admin' else 'viewer' end, now(), t.created_by
  from team t, generate_series(1, ${MEMBERS}) n (n)
  join person p on p.email = 'm' || n.n || '@example.com';
  insert into session (id_hash, person_id, created_at, last_seen_at, idle_seconds, expires_at)
  select sha256(id::text::bytea), id, now(), now(), 3600, now() + interval '1 hour'
  from person where email like 'm%@example.com';
  alter table person enable trigger user;
  alter table member enable trigger user;
  alter table session enable trigger user;
`;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, session: string }} team
 * @returns {Promise<Record<string, { p50: number, p99: number }>>} ms, one request at a time
 */
export async function measureMembers(probity, { path, session }) {
  probity.sql(FILL);
  probity.sql('analyze person, member, session');
  const pages = {
    'first page': '',
    'by role and name': '?role=admin&q=mem',
    'last seen first': '?sort=seen',
  };
  const found = {};
  for (const [what, query] of Object.entries(pages)) {
    const took = [];
    for (let n = 0; n < REQUESTS; n++) {
      const began = performance.now();
      const answer = await fetch(`${probity.url}${path}/members${query}`, {
        headers: { accept: 'text/html', cookie: session },
      });
      await answer.text();
      took.push(performance.now() - began);
      if (answer.status !== 200) throw new Error(`members${query}: ${answer.status}`);
    }
    took.sort((a, b) => a - b);
    found[what] = { p50: took[Math.floor(REQUESTS / 2)], p99: took[Math.floor(REQUESTS * 0.99)] };
  }
  return found;
}

/** ms that it takes to try every cell, as an owner asks for it. */
export async function measureProbe(probity, { path, session }) {
  const took = [];
  for (let n = 0; n < PROBES; n++) {
    const began = performance.now();
    const answer = await fetch(`${probity.url}/do/role/try`, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', origin: probity.url, cookie: session },
      body: new URLSearchParams({ team: path.replace('/t/', ''), from: `${path}/roles` }),
    });
    took.push(performance.now() - began);
    if (answer.status !== 303 && answer.status !== 302) throw new Error(`probe: ${answer.status}`);
  }
  return took.toSorted((a, b) => a - b)[Math.floor(PROBES / 2)];
}
