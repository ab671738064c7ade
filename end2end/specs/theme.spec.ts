// Light, dark, or as the device says; decided before the first pixel is drawn.
import { expect, test } from '../fixtures.js';
import type { Page } from '@playwright/test';

const ground = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test('nobody has to choose: the device decides', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/sign-in');
  await expect(page.locator('html')).not.toHaveAttribute('data-theme');
  const light = await ground(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ground(page)).not.toBe(light);
});

test.describe('signed in', () => {
  test.use({ visitor: 'ada' });

  test('a chosen theme is in the page that the server sends', async ({ page, home }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(home.team);
    const light = await ground(page);
    await page.getByRole('button', { name: 'Account: Ada Lindqvist' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

    const again = await page.goto(`${home.team}/keys`);
    expect(await again?.text()).toMatch(/<html[^>]* data-theme="dark"/);
    expect(await ground(page)).not.toBe(light);

    await page.getByRole('button', { name: 'Account: Ada Lindqvist' }).click();
    await page.getByRole('button', { name: 'System' }).click();
    await expect(page.locator('html')).not.toHaveAttribute('data-theme');
    await page.reload();
    expect(await ground(page)).toBe(light);
  });
});
