// How soon a revoked key is refused: by the program that revoked it, and by another one.

const REVOCATIONS = 100;
/** Verifications right after each. */
const ASKED = 20;

/**
 * @param {import('./probity.js').Probity} probity
 * @param {{ path: string, session: string }} team
 * @param {string[]} keys as many of them as are revoked here
 * @returns {Promise<{ stale: number, asked: number, elsewhere: number[] }>} how many were accepted
 *   after the revocation was answered, of how many; and how long another program accepted them
 *   after that, in ms
 */
export async function measureRevocations(probity, { path, session }, keys) {
  const other = await probity.beside();
  try {
    const found = { stale: 0, asked: 0, elsewhere: [] };
    for (const key of keys.slice(0, REVOCATIONS)) {
      const { key_id: id, name } = await verify(probity, key);
      await verify(other, key);
      const refused = until(other, key);
      await revoke(probity, session, { team: path.replace('/t/', ''), key: id, name });
      const answered = performance.now();
      const after = Array.from({ length: ASKED }, () => verify(probity, key));
      found.stale += (await Promise.all(after)).filter(({ valid }) => valid).length;
      found.asked += ASKED;
      found.elsewhere.push(Math.max(0, (await refused) - answered));
    }
    found.elsewhere.sort((a, b) => a - b);
    return found;
  } finally {
    await other.stop();
  }
}

/** When the program refuses the key for the first time. */
async function until(program, key) {
  while ((await verify(program, key)).valid) await new Promise((next) => setTimeout(next, 1));
  return performance.now();
}

async function verify(program, key) {
  const answer = await fetch(`${program.url}/v1/keys/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  return answer.json();
}

async function revoke(probity, cookie, form) {
  const answer = await fetch(`${probity.url}/do/key/revoke`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'text/html', origin: probity.url, cookie },
    body: new URLSearchParams({ ...form, from: `/t/${form.team}/keys` }),
  });
  if (answer.status !== 303 && answer.status !== 302) throw new Error(`revoke: ${answer.status}`);
}
