// The audit log, searched: by a line, by what is chosen beside it, and by an address that was kept.
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { expect, test } from '../fixtures.js';
import { startExport } from '../steps.js';

test.use({ visitor: 'ada' });

test('what is chosen and what is typed say the same, and live in the address', async ({
  page,
  home,
}) => {
  await page.goto(`${home.team}/audit`);
  const line = page.getByRole('searchbox', { name: 'Search the log' });
  const search = () => page.getByRole('button', { name: 'Search' }).click();
  const actions = page.locator('table.ledger td code');
  await expect(actions.filter({ hasText: 'team.create' })).toHaveCount(1);
  await expect(page.getByText(/^Proven up to record \d+|^Chain unbroken from/)).toBeVisible();

  await page.getByLabel('Category').selectOption('keys');
  await search();
  await expect(line).toHaveValue('category:keys');
  await expect(actions.first()).toHaveText('key.create');
  await expect(actions.filter({ hasText: 'team.create' })).toHaveCount(0);

  await line.fill('category:rules actor:me');
  await search();
  await expect(page.getByRole('alert')).toContainText('“category:rules” is not understood');
  await expect(line).toHaveValue('category:rules actor:me');

  await line.fill('category:roles actor:me');
  await search();
  await expect(page.getByLabel('Category')).toHaveValue('roles');
  await expect(actions.first()).toHaveText('role.create');

  await page.getByLabel('Category').selectOption('');
  await search();
  await expect(line).toHaveValue('actor:me');

  await page.getByLabel('Who', { exact: true }).fill('');
  await page.getByLabel('Action', { exact: true }).fill('role.*');
  await page.getByLabel('Address').fill('127.0.0.0/8');
  await search();
  await expect(line).toHaveValue('action:role.* ip:127.0.0.0/8');
  await expect(actions).toHaveText(['role.create']);
  await expect(page.getByLabel('Address')).toHaveValue('127.0.0.0/8');

  // An address that somebody kept; a record's own page is still one click away.
  await page.goto(`${home.team}/audit?q=${encodeURIComponent('action:role.* "support"')}`);
  await expect(actions).toHaveText(['role.create']);
  await page.getByRole('link', { name: /^Record \d+: Role made/ }).click();
  await expect(page.getByRole('heading', { name: 'Role made' })).toBeVisible();

  await page.goto(`${home.team}/audit?q=outcome:refused+created:<2001-01-01`);
  await expect(page.getByText('Nothing fits')).toBeVisible();
  await page.getByRole('link', { name: 'Show everything' }).click();
  await expect(line).toHaveValue('');
});

test('days are chosen beside the line, in the line, and in the chart', async ({ page, home }) => {
  await page.goto(`${home.team}/audit`);
  const line = page.getByRole('searchbox', { name: 'Search the log' });
  await page.getByText('records in 90 days, day by day').click();
  await page.getByRole('table').filter({ hasText: 'Records' }).getByRole('link').first().click();
  await expect(line).toHaveValue(/^created:\d{4}-\d{2}-\d{2}$/);
  const day = (await line.inputValue()).replace('created:', '');
  await expect(page.getByLabel('From')).toHaveValue(day);
  await expect(page.getByLabel('Until')).toHaveValue(day);
  await expect(page.locator('table.ledger td code').first()).toBeVisible();

  await page.getByLabel('From').fill('2001-01-01');
  await page.getByLabel('Until').fill('2001-01-31');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(line).toHaveValue('created:2001-01-01..2001-01-31');
  await expect(page.getByText('Nothing fits')).toBeVisible();
  await line.fill('created:>=2001-01-01 actor:me');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByLabel('From')).toHaveValue('2001-01-01');
  await expect(page.getByLabel('Until')).toHaveValue('');
});

test('a key tells its history, and each record leads on to what belongs to it', async ({
  page,
  home,
}) => {
  await page.goto(`${home.team}/keys/${home.key.id}`);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByRole('link', { name: 'Key made' }).click();
  await expect(page.getByRole('heading', { name: 'Key made' })).toBeVisible();
  const record = page.url();
  for (const [words, found] of [
    ['what else happened to it', 'key.create'],
    ['what else came of it', 'key.create'],
    ['what else they did', 'team.create'],
  ]) {
    await page.goto(record);
    await page.getByRole('link', { name: words }).click();
    const actions = page.locator('table.ledger td code');
    await expect(actions.filter({ hasText: found })).toHaveCount(1);
  }
});

/** What a click on the link saves. */
async function saved(page: Page, name: RegExp): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).click(),
  ]);
  return download;
}

/** A file as a page takes it. */
async function file(download: Download, alter = (text: string) => text) {
  const text = await readFile(await download.path(), 'utf8');
  const mimeType = 'application/octet-stream';
  return { name: download.suggestedFilename(), mimeType, buffer: Buffer.from(alter(text)) };
}

test('an export is started, saved by a link, and checked where nothing is sent', async ({
  page,
  home,
  javaScriptEnabled,
}) => {
  await page.goto(`${home.team}/audit?q=category:keys`);
  await page.getByRole('link', { name: 'Export' }).click();
  const search = page.getByLabel('Records that fit');
  await expect(search).toHaveValue('category:keys');
  await search.fill('catgory:keys');
  await page.getByRole('button', { name: 'Start the export' }).click();
  await expect(page.getByText('“catgory', { exact: false })).toBeVisible();
  await expect(search).toHaveValue('catgory:keys');

  await startExport(page, home.team);
  const ready = page.getByRole('heading', { name: 'Files' });
  await expect(async () => {
    // With JavaScript the page comes again by itself.
    if (!javaScriptEnabled) await page.reload();
    await expect(ready).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Make a link' }).click();
  const records = await saved(page, /\.jsonl$/);
  const manifest = await saved(page, /\.manifest\.json$/);

  await page.getByRole('link', { name: 'page for checking exports' }).click();
  await expect(page.getByRole('heading', { name: 'Check an export' })).toBeVisible();
  if (!javaScriptEnabled) {
    await expect(page.getByText('This page needs JavaScript')).toBeVisible();
    await expect(page.getByText('Drop the exported file')).toBeHidden();
    return;
  }
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const place = page.getByLabel('Drop the exported file');
  const verdict = page.locator('[data-verdict]');
  await place.setInputFiles([await file(records), await file(manifest)]);
  await expect(verdict).toContainText('Proven: nothing was altered');
  await expect(verdict).toContainText('the key that you trust');
  await expect(verdict).toHaveAttribute('data-verdict', 'Proven');

  const revoked = (text: string) => text.replace('key.create', 'key.revoke');
  await place.setInputFiles([await file(records, revoked), await file(manifest)]);
  await expect(verdict).toContainText(/Record \d+ was altered/);
  const cut = (text: string) => text.trimEnd().split('\n').slice(0, -1).join('\n') + '\n';
  await place.setInputFiles([await file(records, cut), await file(manifest)]);
  await expect(verdict).toContainText('The end is cut off');
  await place.setInputFiles([await file(records)]);
  await expect(verdict).toContainText('there is no manifest');
  await place.setInputFiles([await file(manifest)]);
  await expect(page.getByText('None of these is a file of records')).toBeVisible();

  await page.getByLabel('The key you trust').fill('ab'.repeat(32));
  await place.setInputFiles([await file(records), await file(manifest)]);
  await expect(verdict).toContainText('signed with another key');
  await page.getByLabel('The key you trust').fill('mine');
  await place.setInputFiles([await file(records), await file(manifest)]);
  await expect(page.getByText('A key has 64 hexadecimal digits')).toBeVisible();
  expect(sent, 'nothing is sent').toEqual([]);
});
