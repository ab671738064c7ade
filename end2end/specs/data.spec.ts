// What a team owns leaves in one file, is checked, and becomes the team elsewhere; a person's own data, too.
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expect, test } from '../fixtures.js';
import { startProbity } from '../probity.js';
import { ADA, setUp, startArchive, verify } from '../steps.js';

test.use({ visitor: 'ada' });

/** A browser in which nobody is signed in. */
const NOBODY = { cookies: [], origins: [] };

/** What a click on the link saves. */
async function saved(page: Page, name: RegExp): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).click(),
  ]);
  return download;
}

test('an owner exports everything, checks the file, and makes the team of it elsewhere', async ({
  page,
  home,
  browser,
  javaScriptEnabled,
}) => {
  test.slow();
  await page.goto(`${home.team}/data`);
  for (const place of ['Region', 'Database', 'Keyring', 'Files', 'Mail', 'Backups']) {
    await expect(page.getByText(place, { exact: true })).toBeVisible();
  }
  await expect(page.getByText('kept for 400 days')).toBeVisible();
  await startArchive(page, home.team, 'With hashes of their secrets');
  const ready = page.getByRole('heading', { name: 'File', exact: true });
  await expect(async () => {
    // With JavaScript the page comes again by itself.
    if (!javaScriptEnabled) await page.reload();
    await expect(ready).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const download = await saved(page, /\.zip$/);
  const file = await download.path();

  const checked = home.command('import', '--check', file);
  expect(checked).toContain('are as its list says');
  expect(checked).toContain('Proven');
  const key = checked.match(/signed with ([0-9a-f]{64})/)?.[1] ?? '';
  expect(home.command('audit', 'key').trim()).toBe(key);

  const other = await startProbity();
  try {
    const there = await (await browser.newContext({ storageState: NOBODY })).newPage();
    await setUp(there, other.setUpLink, ADA);
    expect(() => other.command('import', file, '--owner', ADA.email)).toThrow(/does not know that key/);
    const made = other.command('import', file, '--owner', ADA.email, '--key', key);
    expect(made).toContain('Affiliate keys are in no export');
    const team = made.match(/is made: (\S+)/)?.[1] ?? '';
    await there.goto(`${team}/keys`);
    await expect(there.getByRole('link', { name: 'billing-sync' })).toBeVisible();
    await there.goto(`${team}/data`);
    await expect(there.getByText(home.url)).toBeVisible();
    await there.goto(`${team}/audit`);
    await expect(there.locator('table.ledger td code', { hasText: 'team.import' })).toBeVisible();
    expect((await verify(other.url, home.key.secret)).code).toBe('VALID');
    await there.context().close();
  } finally {
    await other.stop();
  }
});

test('a link to an export works for whoever made it and for nobody else', async ({
  page,
  home,
  browser,
}) => {
  await startArchive(page, home.team);
  const address = page.url();
  const file = page.getByRole('heading', { name: 'File', exact: true });
  await expect(async () => {
    await page.reload();
    await expect(file).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const link = await page.getByRole('link', { name: /\.zip$/ }).getAttribute('href');
  const stranger = await (await browser.newContext({ storageState: NOBODY })).newPage();
  expect((await stranger.request.get(home.url + link)).status()).toBe(401);
  await stranger.context().close();
  await page.goto(address);
  await expect(page.getByRole('button', { name: 'Make a link' })).toBeVisible();
});

test('a person fetches what is kept about them', async ({ page }) => {
  await page.goto('/account/data');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const download = await saved(page, /my-data\.zip/);
  expect(download.suggestedFilename()).toBe('my-data.zip');
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  expect(bytes.includes('activity.jsonl.manifest.json')).toBe(true);
});
