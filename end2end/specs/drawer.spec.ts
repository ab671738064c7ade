// A record beside the list: the drawer, and without JavaScript its page.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectNoSidewaysScroll, test } from '../fixtures.js';

test.use({ visitor: 'ada' });

const drawer = (page: Page) => page.getByRole('dialog');
const record = (page: Page, title: string) =>
  page.getByRole('link', { name: new RegExp(`^Record \\d+: ${title}$`) });

test('a row opens its record, keys go on, and Escape comes back to the row', async ({
  page,
  home,
  javaScriptEnabled,
}) => {
  await page.goto(`${home.team}/audit`);
  const link = record(page, 'Role made');
  const path = await link.getAttribute('href');
  await link.click();
  if (!javaScriptEnabled) {
    await expect(page).toHaveURL(path ?? '');
    await expect(page.getByRole('heading', { level: 1, name: 'Role made' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Is it intact?' })).toContainText('Position');
    await page.getByText('As JSON', { exact: true }).click();
    await expect(page.locator('[data-json]')).toContainText('"action": "role.create"');
    await page.goto(`${home.team}/audit`);
    await expect(page.getByRole('button', { name: 'Live' })).toBeHidden();
    await expect(page.getByRole('group', { name: 'Times' })).toBeHidden();
    return;
  }
  await expect(drawer(page)).toBeVisible();
  await expect(drawer(page)).toHaveAccessibleName('Role made');
  await expect(drawer(page).getByRole('region', { name: 'What happened' })).toContainText('role.create');
  await expect(drawer(page).getByText(/^Record \d+ fits its chain$/)).toBeVisible();
  await expect(page).toHaveURL(path ?? '');

  await page.keyboard.press('j');
  await expect(drawer(page)).not.toHaveAccessibleName('Role made');
  await page.keyboard.press('ArrowLeft');
  await expect(drawer(page)).toHaveAccessibleName('Role made');
  await drawer(page).getByRole('button', { name: 'Older record' }).click();
  await expect(drawer(page)).not.toHaveAccessibleName('Role made');
  const older = new URL(page.url()).pathname;
  expect(older).not.toBe(path);

  await page.keyboard.press('Escape');
  await expect(drawer(page)).toBeHidden();
  await expect(page).toHaveURL(`${home.team}/audit`);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'));
  await expect.poll(focused).toBe(older);
  // Where a row has the focus, keys lead on without the drawer, too.
  await page.keyboard.press('k');
  await expect.poll(focused).toBe(path);
  await page.keyboard.press('Enter');
  await expect(drawer(page)).toHaveAccessibleName('Role made');

  // The browser's own way back, and forth again.
  await page.goBack();
  await expect(drawer(page)).toBeHidden();
  await page.goForward();
  await expect(drawer(page)).toHaveAccessibleName('Role made');
  // What is in the address can be passed on.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Role made' })).toBeVisible();
});

test('a record in the drawer is copied, leads on, and is accessible', async ({
  page,
  home,
  context,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, 'without JavaScript a record has a page');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${home.team}/audit?q=category:keys`);
  // Anywhere on the row.
  await page.getByRole('cell', { name: 'key.create' }).click();
  await expect(drawer(page)).toHaveAccessibleName('Key made');
  await drawer(page).getByRole('button', { name: 'Copy as JSON' }).click();
  await expect(drawer(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toMatchObject({ action: 'key.create', target_id: home.key.id });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expect(drawer(page).getByRole('link', { name: 'billing-sync' })).toHaveAttribute(
    'href',
    `${home.team}/keys/${home.key.id}`,
  );
  await drawer(page).getByRole('link', { name: 'what else happened to it' }).click();
  await expect(page.getByRole('searchbox', { name: 'Search the log' })).toHaveValue(
    `target:"${home.key.id}"`,
  );
});

test('what was and what is stand side by side', async ({ page, home }) => {
  await page.goto(`${home.team}/roles/${home.role}`);
  await page.getByLabel('members.view').check();
  await page.getByRole('button', { name: 'Change the role' }).click();
  await expect(page.getByText('The role Support is changed.')).toBeVisible();
  await page.goto(`${home.team}/audit?q=action:role.update`);
  const href = await record(page, 'Role changed').first().getAttribute('href');
  await page.goto(href ?? '');
  const table = page.getByRole('table', { name: 'What the record says in detail' });
  const row = table.getByRole('row', { name: /^Permissions/ });
  await expect(row.getByRole('deletion')).toHaveText('team.view keys.view');
  await expect(row.getByRole('insertion')).toHaveText(/members\.view/);
  await expect(table.getByRole('row', { name: /^Name/ })).toHaveCount(0);
});

test('a record that cannot be fetched says so and is tried again', async ({
  page,
  home,
  context,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, 'without JavaScript a record has a page');
  await page.goto(`${home.team}/audit?q=category:keys`);
  const path = /\/audit\/\d+$/;
  await page.route(path, (route) => route.abort());
  await page.getByRole('cell', { name: 'key.create' }).click();
  await expect(drawer(page).getByRole('alert')).toContainText('There is no connection');
  await page.unroute(path);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(path, async (route) => {
    await held;
    await route.continue();
  });
  await drawer(page).getByRole('button', { name: 'Try again' }).click();
  await expect(drawer(page).getByText('Opening the record')).toBeVisible();
  release();
  await expect(drawer(page).getByRole('region', { name: 'What happened' })).toBeVisible();
  await page.unroute(path);

  await page.keyboard.press('Escape');
  await context.clearCookies();
  await page.getByRole('cell', { name: 'key.create' }).click();
  await expect(drawer(page).getByRole('alert')).toContainText('You are signed out.');
});

test('times are told by the clock or as ages, and the browser remembers', async ({
  page,
  home,
  javaScriptEnabled,
}) => {
  await page.goto(`${home.team}/audit`);
  const time = page.locator('table.events time').first();
  await expect(time.locator('.at')).toHaveText(/^\d\d:\d\d:\d\d$/);
  await expect(time.locator('.at')).toBeVisible();
  await expect(time).toHaveAttribute('title', /\d{4}.* UTC$/);
  if (!javaScriptEnabled) return;
  await page.getByRole('button', { name: 'Ago' }).click();
  await expect(time.locator('.ago')).toHaveText(/ago$|^just now$/);
  await expect(time.locator('.at')).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Ago' })).toHaveAttribute('aria-pressed', 'true');
  await expect(time.locator('.ago')).toBeVisible();
  await page.getByRole('button', { name: 'Clock' }).click();
  await expect(time.locator('.at')).toBeVisible();
});
