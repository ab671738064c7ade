// The audit log, searched: by a line, by what is chosen beside it, and by an address that was kept.
import { expect, test } from '../fixtures.js';

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
  await expect(page.getByText('checked just now')).toBeVisible();

  await page.getByLabel('Category').selectOption('keys');
  await search();
  await expect(line).toHaveValue('category:keys');
  await expect(actions.first()).toHaveText('key.create');
  await expect(actions.filter({ hasText: 'team.create' })).toHaveCount(0);
  await expect(page.getByText('A chain with gaps proves nothing')).toBeVisible();

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
