// Something real behind every address: links from mails, a passkey, a half-done sign-in.
import type { Browser, BrowserContext } from '@playwright/test';
import type { Home } from './fixtures.js';
import { ADA, invite, linkFor, overdue, readCodes, signIn, signUp, somebody } from './steps.js';
import { plugIn } from './authenticator.js';

type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>;

export interface Prepared {
  /** Tokens of links that still work, by the name of their page. */
  tokens: Record<string, string>;
  /** The id of a passkey, and its person's browser, where an app is being set up. */
  passkey: string;
  nils: Cookies;
  /** A browser in which the password was right and the second step waits. */
  halfWay: Cookies;
}

export async function prepare(browser: Browser, home: Home): Promise<Prepared> {
  const token = async (email: string, of: Parameters<typeof linkFor>[2]) =>
    (await linkFor(home, email, of)).split('/').pop() ?? '';
  const open = async () => (await browser.newContext({ baseURL: home.url })).newPage();

  const page = await open();
  await page.goto('/forgot');
  await page.getByLabel('Email').fill(ADA.email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  const tokens: Record<string, string> = { reset: await token(ADA.email, 'reset') };
  const newcomer = somebody('Nora Newcomer');
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill(newcomer.name);
  await page.getByLabel('Email').fill(newcomer.email);
  await page.getByLabel('Password').fill(newcomer.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  tokens['confirm-sign-up'] = await token(newcomer.email, 'sign-up/confirm');

  const dag = somebody('Dag Deleted');
  const gone = await signUp(page, home, dag);
  await page.goto(`${gone}/data/delete`);
  await page.getByLabel('The team’s name').fill(`Team of ${dag.name}`);
  await page.getByRole('button', { name: 'Start the deletion' }).click();
  await page.getByText('The days run.').waitFor();
  overdue(home, gone);
  tokens.deleted = await token(dag.email, 'deleted');

  const nils = somebody('Nils Passkey');
  const team = await signUp(page, home, nils);
  const guest = somebody('Gro Guest');
  await invite(page, team, guest.email);
  tokens.invitation = await token(guest.email, 'invitation');
  await page.goto('/account');
  await page.getByLabel('New address').fill(`new-${nils.email}`);
  await page.getByRole('button', { name: 'Send the link' }).click();
  tokens['confirm-email'] = await token(`new-${nils.email}`, 'email');
  await plugIn(page);
  await page.goto('/account/passkeys/new');
  await page.getByLabel('Name').fill('Desk');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await readCodes(page);
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto('/account/security');
  const link = await page.getByRole('link', { name: 'Desk' }).getAttribute('href');
  await page.getByRole('button', { name: 'Set up an app' }).click();

  const other = await open();
  await other.goto('/sign-in');
  await signIn(other, nils);
  await other.waitForURL('**/sign-in/code*');
  const prepared = {
    tokens,
    passkey: link?.split('/').pop() ?? '',
    nils: await page.context().storageState(),
    halfWay: await other.context().storageState(),
  };
  await Promise.all([page.context().close(), other.context().close()]);
  return prepared;
}
