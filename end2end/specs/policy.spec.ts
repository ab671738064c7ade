// What a team asks of its members, and how it changes hands.
import { expect, test } from '../fixtures.js';
import {
  invite,
  letterTo,
  setUpApp,
  signUp,
  somebody,
  takeInvitation,
  type Mailbox,
} from '../steps.js';
import type { Browser, Page } from '@playwright/test';

const heading = { level: 1 } as const;

/** Somebody new who has come into the team at `team` by invitation, in a browser of their own. */
async function member(
  { page, home, browser, javaScriptEnabled }: {
    page: Page; home: Mailbox; browser: Browser; javaScriptEnabled: boolean;
  },
  team: string,
  name: string,
): Promise<Page> {
  const who = somebody(name);
  await invite(page, team, who.email);
  const context = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await context.newPage();
  await takeInvitation(guest, home, who, team);
  return guest;
}

test('a member without two-step sign-in reaches only enrolment, and is in again after it', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const team = await signUp(page, home, somebody('Pia Policy'));
  const guest = await member({ page, home, browser, javaScriptEnabled }, team, 'Gro Weak');
  await page.goto(`${team}/policy`);
  const factor = page.getByRole('region', { name: 'Two-step sign-in' });
  await factor.getByLabel(/^Required from/).fill('2026-01-01');
  await factor.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Set up two-step sign-in for yourself first')).toBeVisible();

  await setUpApp(page, home.url);
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto(`${team}/policy`);
  await factor.getByText('One member has not set it up').click();
  await expect(factor.getByText('Gro Weak')).toBeVisible();
  await factor.getByLabel(/^Required from/).fill('2026-01-01');
  await factor.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Two-step sign-in is required from 2026-01-01 on.')).toBeVisible();

  await guest.goto(`${team}/members`);
  await expect(guest.getByRole('heading', heading)).toHaveText('Two-step sign-in first');
  await guest.getByRole('link', { name: 'Set up two-step sign-in' }).click();
  await setUpApp(guest, home.url);
  guest.once('dialog', (dialog) => dialog.accept());
  await guest.goto(`${team}/members`);
  await expect(guest.getByRole('heading', heading)).toHaveText('Members');
  await guest.context().close();
});

test('networks keep others out and never whoever sets them', async (
  { page, home, browser, javaScriptEnabled, extraHTTPHeaders },
) => {
  const team = await signUp(page, home, somebody('Pia Networks'));
  const guest = await member({ page, home, browser, javaScriptEnabled }, team, 'Gro Outside');
  await page.goto(`${team}/policy`);
  const networks = page.getByRole('region', { name: 'Networks' });
  await networks.getByLabel(/^Networks/).fill('203.0.113.0/24');
  await networks.getByRole('button', { name: 'Save' }).click();
  await expect(networks.getByText('you would lock yourself out')).toBeVisible();
  await expect(networks.getByLabel(/^Networks/)).toHaveValue('203.0.113.0/24');
  const own = extraHTTPHeaders?.['x-forwarded-for'] ?? '';
  await networks.getByLabel(/^Networks/).fill(`203.0.113.0/24\n${own}`);
  await networks.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The list of networks is set.')).toBeVisible();
  await guest.setExtraHTTPHeaders({ 'x-forwarded-for': '198.51.100.4' });
  await guest.goto(`${team}/members`);
  await expect(guest.getByRole('heading', heading)).toHaveText('Not from this network');
  await guest.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.4' });
  await guest.goto(`${team}/members`);
  await expect(guest.getByRole('heading', heading)).toHaveText('Members');
  await guest.context().close();
});

test('domains and rules for keys are asked for where they matter', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Pia Rules'));
  await page.goto(`${team}/policy`);
  const domains = page.getByRole('region', { name: 'Email domains' });
  await domains.getByLabel(/^Domains/).fill('halden.example');
  await domains.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The list of domains is set.')).toBeVisible();
  const keys = page.getByRole('region', { name: 'Keys' });
  await keys.getByLabel(/^A key lasts at most/).fill('30');
  await keys.getByLabel('Networks of a key').selectOption('yes');
  await keys.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The rules for keys are set.')).toBeVisible();
  await expect(keys.getByLabel(/^A key lasts at most/)).toHaveValue('30');

  await page.goto(`${team}/members/invite`);
  await page.getByLabel('Email addresses').fill('gro@example.com');
  await page.getByRole('button', { name: 'Send invitations' }).click();
  await expect(page.getByLabel('Email addresses')).toHaveAccessibleDescription(
    'gro@example.com is of another domain. The team takes: halden.example.',
  );
  await page.goto(`${team}/keys/new`);
  await page.getByLabel('Name').fill('too-long');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('keys last at most 30 days. Enter fewer.')).toBeVisible();
  await page.getByLabel('Ends after, days').fill('30');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Enter one or more.')).toBeVisible();
  await page.getByLabel(/^Used from these networks/).fill('203.0.113.0/24');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Shown once. Copy it before you go on.')).toBeVisible();
});

test('a team changes hands when both sides say so', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const owner = somebody('Olga Gives');
  const team = await signUp(page, home, owner);
  const guest = await member({ page, home, browser, javaScriptEnabled }, team, 'Siv Takes');
  await page.goto(`${team}/members`);
  await page.getByRole('main').getByRole('link', { name: 'Siv Takes' }).click();
  await page.getByRole('button', { name: /^Offer Team of Olga Gives/ }).click();
  await expect(page.getByText('Olga Gives offers the team to Siv Takes.')).toBeVisible();
  await guest.goto(`${team}/members`);
  await guest.getByRole('button', { name: 'Take over the team' }).click();
  await expect(guest.getByText('owner from now on')).toBeVisible();
  await letterTo(home, owner.email, 'accepted your offer');
  await page.goto(`${team}/members`);
  const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });
  await expect(row('Siv Takes')).toContainText('Owner');
  await expect(row('Olga Gives')).toContainText('Admin');
  await guest.context().close();
});

test('a team is called and found otherwise, and its links follow', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Pia Renames'));
  await page.goto(`${team}/settings`);
  await page.getByLabel('Name', { exact: true }).fill('Renamed & <b>Co');
  await page.getByLabel('Address').fill('Not Plain');
  await page.getByLabel('Colour').selectOption('Plum');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Address')).toHaveAccessibleDescription(/small letters, digits/);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Renamed & <b>Co');
  const slug = `renamed-${Date.now()}`;
  await page.getByLabel('Address').fill(slug);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The settings are saved.')).toBeVisible();
  await expect(page).toHaveURL(`/t/${slug}/settings`);
  await expect(page.getByLabel('Colour')).toHaveValue('plum');
  await page.goto(team);
  await expect(page.getByRole('heading', heading)).toHaveText('Nothing here');
});
