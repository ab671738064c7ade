// What people do, in the words they see.
import { expect, type Page } from '@playwright/test';
import { code } from './totp.js';

export interface Person {
  name: string;
  email: string;
  password: string;
}

export interface Key {
  id: string;
  name: string;
  secret: string;
}

export const ADA: Person & { team: string } = {
  name: 'Ada Lindqvist',
  email: 'ada@example.com',
  password: 'a quiet tram in the morning',
  team: 'Halden Freight',
};

/** Makes the first account and team; returns the path of the team's overview. */
export async function setUp(page: Page, link: string, first: typeof ADA): Promise<string> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(first.name);
  await page.getByLabel('Email').fill(first.email);
  await page.getByLabel('Password').fill(first.password);
  await page.getByLabel('Team').fill(first.team);
  await page.getByRole('button', { name: 'Create account and team' }).click();
  await expect(page.getByText(`${first.team} is ready. Make its first key.`)).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Makes an account by the link in the mail. */
export async function makeAccount(page: Page, home: Mailbox, who: Person): Promise<void> {
  await page.goto(`${home.url}/sign-up`);
  await page.getByLabel('Your name').fill(who.name);
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  await page.goto(await linkFor(home, who.email, 'sign-up/confirm'));
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Confirm and sign in' }).click();
  await expect(page.getByLabel('Team name')).toBeVisible();
}

/** Makes an account and a team; returns the path of the overview. */
export async function signUp(page: Page, home: Mailbox, who: Person): Promise<string> {
  await makeAccount(page, home, who);
  await page.getByLabel('Team name').fill(`Team of ${who.name}`);
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByText(`Team Team of ${who.name} was made.`)).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Where mail is read. */
export interface Mailbox {
  url: string;
  letters: () => string[];
}

/** Waits for a letter to this address whose subject or text has `words`. */
export async function letterTo(
  home: Mailbox,
  email: string,
  words: string | RegExp,
): Promise<string> {
  let found: string | undefined;
  await expect(() => {
    found = home.letters().findLast((it) => it.includes(email) && it.search(words) >= 0);
    expect(found, `a letter to ${email} with "${words}"`).toBeDefined();
  }).toPass({ timeout: 10_000 });
  return found ?? '';
}

/** The page of a link that works once. */
type LinkPage = 'sign-up/confirm' | 'reset' | 'email' | 'invitation' | 'deleted';

/** The link to this page in the latest letter to this address that has one. */
export async function linkFor(home: Mailbox, email: string, page: LinkPage): Promise<string> {
  const link = new RegExp(`^${home.url}/${page}/\\S+$`, 'm');
  return (await letterTo(home, email, link)).match(link)?.[0] ?? '';
}

/** Invites these addresses into the team at `team` (a path), in the role by its word. */
export async function invite(page: Page, team: string, to: string, role = 'Member'): Promise<void> {
  await page.goto(`${team}/members/invite`);
  await page.getByLabel('Email addresses').fill(to);
  await page.getByRole('combobox', { name: 'Role' }).selectOption(role);
  await page.getByRole('button', { name: 'Send invitations' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Invitations');
}

/** Takes an invitation to `team`, with an account that is made for it. */
export async function takeInvitation(guest: Page, home: Mailbox, who: Person, team: string): Promise<void> {
  await guest.goto(await linkFor(home, who.email, 'invitation'));
  await guest.getByLabel('Your name').fill(who.name);
  await guest.getByLabel('Password').fill(who.password);
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await expect(guest).toHaveURL(team);
}

/** An authenticator app, the code that it was set up with, and the recovery codes. */
export interface App {
  secret: string;
  spent: string;
  codes: string[];
}

export async function setUpApp(page: Page, url: string): Promise<App> {
  await page.goto(`${url}/account/security`);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set up two-step sign-in');
  const secret = await page.getByText(/^[A-Z2-7]{4}( [A-Z2-7]{4}){7}$/).innerText();
  const spent = code(secret);
  await page.getByLabel(CODE).fill(spent);
  await page.getByRole('button', { name: 'Confirm code' }).click();
  return { secret, spent, codes: await readCodes(page) };
}

/** The field for a code from an app. */
export const CODE = /^(Code|.*code it shows)$/;

/** The ten recovery codes that the page shows, this once. */
export async function readCodes(page: Page): Promise<string[]> {
  const shown = page.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  await expect(shown).toHaveCount(10);
  return shown.allInnerTexts();
}

/** An address that nobody has yet. */
export function somebody(name: string): Person {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}-${Date.now()}@example.com`;
  return { name, email, password: 'four quiet green lamps' };
}

export async function signIn(page: Page, who: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** Makes a key in the team at `team` (a full address) and takes its secret, shown this once. */
export async function createKey(page: Page, team: string, name: string): Promise<Key> {
  await page.goto(`${team}/keys/new`);
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await readSecret(page);
  const details = page.getByRole('link', { name: 'Verify it with curl' });
  const id = (await details.getAttribute('href'))?.split('/').pop() ?? '';
  return { id, name, secret };
}

/** The secret of a key, shown this once. */
export async function readSecret(page: Page): Promise<string> {
  await expect(page.getByText('Shown once. Copy it before you go on.')).toBeVisible();
  return page.getByText(/^pby_(live|test)_[0-9A-Za-z]+$/).innerText();
}

/** Makes a role that holds these permissions, in the team at `team` (a full address); its id. */
export async function makeRole(
  page: Page,
  team: string,
  name: string,
  permissions: string[],
): Promise<string> {
  await page.goto(`${team}/roles/new`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  for (const permission of permissions) {
    await page.getByLabel(permission).check();
  }
  await page.getByRole('button', { name: 'Make the role' }).click();
  await expect(page.getByText(`The role ${name} is there to be given.`)).toBeVisible();
  const link = page.getByRole('main').getByRole('link', { name, exact: true });
  return (await link.getAttribute('href'))?.split('/').pop() ?? '';
}

/** What an API in front of which Probity stands would ask. */
export function verify(url: string, key: string): Promise<Record<string, unknown>> {
  return ask(url, { key });
}

/** The same with everything that may be asked. */
export async function ask(
  url: string,
  body: { key: string; scopes?: string[]; resource?: string; cost?: number; ip?: string },
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/v1/keys/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}

/** Adds an affiliate program and a rule that names it, in the team at `team`; their ids. */
export async function makeRule(
  page: Page,
  team: string,
): Promise<{ program: string; rule: string }> {
  const id = async (name: string) => {
    const href = await page.getByRole('main').getByRole('link', { name }).getAttribute('href');
    return href?.split('/').pop() ?? '';
  };
  await page.goto(`${team}/rules/programs`);
  await page.getByLabel('Name').fill('Nordly Partners');
  await page.getByLabel('Affiliate key').fill('ada-21');
  await page.getByRole('button', { name: 'Add the program' }).click();
  const program = await id('Nordly Partners');
  await page.goto(`${team}/rules/new`);
  await page.getByLabel('Keyword').fill('Rain jackets');
  await page.getByLabel('Leads to').fill('https://shop.example/jackets?tag={tag}');
  await page.getByLabel('Affiliate program').selectOption('Nordly Partners');
  await page.getByRole('button', { name: 'Make the rule' }).click();
  return { program, rule: await id('Rain jackets') };
}

/** Starts an export of the whole log; its id. */
export async function startExport(page: Page, team: string): Promise<string> {
  await page.goto(`${team}/audit/exports`);
  await page.getByRole('button', { name: 'Start the export' }).click();
  await page.waitForURL(/\/audit\/exports\/export_/);
  return new URL(page.url()).pathname.split('/').pop() ?? '';
}

/** Starts an export of everything that the team owns; its id. */
export async function startArchive(page: Page, team: string, keys?: string): Promise<string> {
  await page.goto(`${team}/data`);
  if (keys) await page.getByLabel('Keys').selectOption({ label: keys });
  await page.getByRole('button', { name: 'Start the export' }).click();
  await page.waitForURL(/\/data\/data_/);
  return new URL(page.url()).pathname.split('/').pop() ?? '';
}

/** Keeps a search of the log; returns its id. */
export async function saveSearch(
  page: Page,
  team: string,
  name: string,
  line: string,
  whose?: string,
): Promise<string> {
  await page.goto(`${team}/audit?q=${encodeURIComponent(line)}`);
  await page.getByText('Save this search').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  if (whose) await page.getByLabel('Who finds it').selectOption({ label: whose });
  await page.getByRole('button', { name: 'Save the search' }).click();
  await expect(page.getByText(`${name} is saved.`)).toBeVisible();
  await page.getByRole('link', { name: 'Change saved searches' }).click();
  const link = page.getByRole('link', { name: `Change ${name}`, exact: true });
  return (await link.getAttribute('href'))?.split('/').pop() ?? '';
}

/** Makes a stream to nowhere, pauses it, and returns its id. */
export async function makeStream(page: Page, team: string): Promise<string> {
  await page.goto(`${team}/audit/streams/new?kind=https`);
  await page.getByLabel('Name').fill('siem');
  await page.getByLabel('Address').fill('https://siem.invalid/in');
  await page.getByRole('button', { name: 'Make the stream' }).click();
  await expect(page.getByText('Shown once.')).toBeVisible();
  await page.goto(`${team}/audit/streams`);
  const link = page.getByRole('main').getByRole('link', { name: 'siem' });
  const path = (await link.getAttribute('href')) ?? '';
  await page.goto(new URL(path, team).href);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  return path.split('/').pop() ?? '';
}

/** The days of a team's deletion are over. */
export function overdue(home: { sql: (statement: string) => string }, team: string): void {
  const slug = team.replace('/t/', '');
  home.sql(`
    alter table team_deletion disable trigger team_deletion_is_audited;
    update team_deletion set due_at = now()
    where team_id = (select id from team where slug = '${slug}');
    alter table team_deletion enable always trigger team_deletion_is_audited;`);
}
