// Another master key around the data keys of many teams.
import { createCipheriv, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Teams with a data key. */
const TEAMS = 20_000;

/**
 * @param {import('./probity.js').Probity} probity
 * @returns {number} keys a second
 */
export function measureRotation(probity) {
  const data = dirname(probity.socket);
  const master = Buffer.from(readFileSync(join(data, 'master.key'), 'utf8').trim(), 'hex');
  const [folder] = readdirSync(join(data, 'keyring'));
  for (let n = 0; n < TEAMS; n++) {
    const owner = `team_${randomBytes(16).toString('hex')}`;
    writeFileSync(join(data, 'keyring', folder, owner), wrapped(master, owner));
  }
  const before = performance.now();
  const said = probity.command('keyring', 'rotate');
  const seconds = (performance.now() - before) / 1000;
  const keys = Number(said.match(/^(\d+) keys/)[1]);
  if (keys < TEAMS) throw new Error(said);
  if (!probity.command('keyring', 'verify').includes('Every key opens.')) throw new Error('one does not');
  return keys / seconds;
}

/** A data key as its file holds it: its id, a nonce, and itself under the master key, bound to both. */
function wrapped(master, owner) {
  const id = randomBytes(16);
  id[6] = (id[6] & 0x0f) | 0x40;
  id[8] = (id[8] & 0x3f) | 0x80;
  const hex = id.toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', master, nonce);
  cipher.setAAD(Buffer.from(`data key|${owner}|${uuid}`));
  const body = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
  return Buffer.concat([id, nonce, body, cipher.getAuthTag()]);
}
