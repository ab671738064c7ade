// New records appear by themselves, and wait while somebody reads.
import { expect, expectAccessible, test } from '../fixtures.js';
import { createKey, signOut, signUp, somebody } from '../steps.js';

test.skip(({ javaScriptEnabled }) => !javaScriptEnabled, 'it is not there without JavaScript');

test('what happens elsewhere appears, and is held by a pause', async ({ page, home, context }) => {
  test.slow();
  const team = home.url + (await signUp(page, home, somebody('Liv Live')));
  await page.goto(`${team}/audit?q=category:keys`);
  await expect(page.getByText('Nothing fits')).toBeVisible();
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await expect(page.getByText('Live: new records appear')).toBeVisible();

  // The first one makes it another page, which goes on by itself.
  const other = await context.newPage();
  await createKey(other, team, 'first');
  const rows = page.locator('table.events tr:has([data-record])');
  await expect(rows).toHaveCount(1, { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();

  await createKey(other, team, 'second');
  await expect(rows).toHaveCount(2, { timeout: 15_000 });
  await expect(rows.first()).toContainText('second');
  await expect(page.locator('table.events tr.day')).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: '1 new record' })).toHaveCount(1);
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Pause' }).click();
  await createKey(other, team, 'third');
  await createKey(other, team, '<img src=x> fourth');
  await expect(page.getByRole('button', { name: '2 new' })).toBeVisible({ timeout: 15_000 });
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText('<img src=x> fourth');

  // A new row opens like the others, and what does not fit does not appear.
  await rows.first().getByRole('link').click();
  await expect(page.getByRole('dialog')).toHaveAccessibleName('Key made');
  await page.keyboard.press('Escape');

  // Whoever reads further down is not moved.
  await page.setViewportSize({ width: 1280, height: 300 });
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await createKey(other, team, 'fifth');
  const pill = page.getByRole('button', { name: '1 new' });
  await expect(pill).toBeVisible({ timeout: 15_000 });
  await expect(rows).toHaveCount(4);
  await pill.click();
  await expect(rows).toHaveCount(5);
  await expect(pill).toBeHidden();
});

test('without a connection it says so and goes on later; signed out it ends', async ({
  page,
  home,
  context,
}) => {
  test.slow();
  const team = home.url + (await signUp(page, home, somebody('Nora Network')));
  await page.goto(`${team}/audit`);
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await page.route('**/do/audit/tail', (route) => route.abort());
  await expect(page.getByText(/There is no connection to the server\. Asking again in \d+ s\./)).toBeVisible({
    timeout: 15_000,
  });
  await page.unroute('**/do/audit/tail');
  await expect(page.getByText('Live: new records appear')).toBeVisible({ timeout: 30_000 });

  // What a browser complains of here is what is tried: a page that nobody listens to.
  const reader = await context.newPage();
  await reader.goto(`${team}/audit`);
  await reader.getByRole('button', { name: 'Live', exact: true }).click();
  await expect(reader.getByText('Live: new records appear')).toBeVisible();
  await signOut(page);
  await expect(reader.getByText('You are signed out. Sign in to follow on.')).toBeVisible({
    timeout: 15_000,
  });
  await reader.getByRole('button', { name: 'Load again' }).click();
  await expect(reader).toHaveURL(/\/sign-in\?next=/);
});
