// How long "no" takes at sign-in, for a wrong password, an address without an account and a locked
// account: whoever measures it must not learn which of them it was.

/** Tries per kind and round: as many as an account has free in a row. */
const TRIES = 5;
const KINDS = ['wrong', 'unknown', 'locked'];
const PASSWORD = 'a quiet tram in the morning';
const PEOPLE = { wrong: 'wren@example.com', locked: 'lotte@example.com' };

let address = 0;
let stranger = 0;

/**
 * Makes one account with a password nobody will type, and one that is locked.
 * @param {import('./probity.js').Probity} probity that trusts this machine as a proxy
 */
export async function prepareAnswers(probity) {
  for (const email of Object.values(PEOPLE)) await signUp(probity, email);
  lock(probity, 'lock');
}

/**
 * One round: the kinds in turns, one request at a time.
 * @returns {Promise<Record<string, number[]>>} ms of each answer, by kind
 */
export async function measureAnswers(probity) {
  const took = { wrong: [], unknown: [], locked: [] };
  for (let n = 0; n < TRIES * KINDS.length; n++) {
    // Each kind follows each other one as often.
    const kind = KINDS[(n + Math.floor(n / KINDS.length)) % KINDS.length];
    took[kind].push(await refused(probity, PEOPLE[kind] ?? `stranger-${++stranger}@example.com`));
  }
  await begin(probity);
  return took;
}

/** Both accounts have all their tries again: a right password gives them back. */
async function begin(probity) {
  lock(probity, 'unlock');
  for (const email of Object.values(PEOPLE)) {
    const { answer } = await signIn(probity, email, PASSWORD);
    if (!answer.headers.getSetCookie().length) throw new Error(`${email} was not signed in`);
  }
  lock(probity, 'lock');
}

const lock = (probity, verb) =>
  probity.command('person', verb, PEOPLE.locked, '--reason', 'a measurement');

/** The one sentence for all three; the right password for the locked account. */
async function refused(probity, email) {
  const password = email === PEOPLE.locked ? PASSWORD : `not ${PASSWORD}`;
  const { answer, ms } = await signIn(probity, email, password);
  const said = await answer.text();
  if (!said.includes('do not match')) throw new Error(`${email}: ${answer.status} ${said}`);
  return ms;
}

async function signIn(probity, email, password) {
  const began = performance.now();
  const form = { 'form[email]': email, 'form[password]': password, 'form[next]': '' };
  const answer = await post(probity, 'account/sign-in', form, 'application/json');
  return { answer, ms: performance.now() - began };
}

async function signUp(probity, email) {
  await post(probity, 'account/sign-up', { name: 'Somebody', email, password: PASSWORD });
  for (let tries = 0; tries < 100; tries++) {
    const letter = probity.letters().find((text) => text.includes(email));
    const token = letter?.match(/\/sign-up\/confirm\/([\w-]+)/)?.[1];
    if (token) return post(probity, 'account/confirm', { token, password: PASSWORD });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no letter to ${email}`);
}

/** From another network address each time: limits count by it. */
function post(probity, operation, form, accept = 'text/html') {
  const from = `172.16.${(++address >> 8) & 255}.${address & 255}`;
  return fetch(`${probity.url}/do/${operation}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept, origin: probity.url, 'x-forwarded-for': from },
    body: new URLSearchParams(form),
  });
}
