// Searches of the log that are kept: one's own, and the team's.
import { expect, test } from '../fixtures.js';
import { invite, linkFor, saveSearch, signUp, somebody } from '../steps.js';

test('a search is kept, found, renamed and removed', async ({ page, home }) => {
  const team = home.url + (await signUp(page, home, somebody('Sara Search')));
  await saveSearch(page, team, 'Refused', 'outcome:refused');
  await page.goto(`${team}/audit`);
  const saved = page.getByRole('navigation', { name: 'Saved searches' });
  await saved.getByRole('link', { name: 'Refused' }).click();
  const line = page.getByRole('searchbox', { name: 'Search the log' });
  await expect(line).toHaveValue('outcome:refused');
  await expect(saved.getByRole('link', { name: 'Refused' })).toHaveAttribute('aria-current', 'page');

  // A name that is taken loses nothing of what was typed.
  await page.goto(`${team}/audit?q=category:roles`);
  await page.getByText('Save this search').click();
  await page.getByLabel('Name', { exact: true }).fill('refused');
  await page.getByRole('button', { name: 'Save the search' }).click();
  await expect(page.getByText('A search of this name is saved already.')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('refused');

  await page.goto(`${team}/audit/searches`);
  await page.getByRole('link', { name: 'Change Refused' }).click();
  await page.getByLabel('Search', { exact: true }).fill('catgory:keys');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('“catgory', { exact: false })).toBeVisible();
  await expect(page.getByLabel('Search', { exact: true })).toHaveValue('catgory:keys');
  await page.getByLabel('Search', { exact: true }).fill('category:keys');
  await page.getByLabel('Name', { exact: true }).fill('All about keys');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('All about keys is saved.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'All about keys', exact: true }).click();
  await expect(line).toHaveValue('category:keys');

  await page.goto(`${team}/audit/searches`);
  await page.getByRole('link', { name: 'Change All about keys' }).click();
  await page.getByRole('button', { name: 'Remove the search' }).click();
  await expect(page.getByText('All about keys is removed.')).toBeVisible();
  await page.goto(`${team}/audit`);
  await expect(saved).toHaveCount(0);
});

test('the team’s is found by who sees the log, not by a viewer, and not in another team', async ({
  page,
  home,
  browser,
  javaScriptEnabled,
}) => {
  test.slow();
  const team = await signUp(page, home, somebody('Tea Team'));
  await saveSearch(page, home.url + team, 'Mine', 'actor:me');
  await saveSearch(page, home.url + team, 'Ours', 'category:keys', 'Everybody who sees the whole log');
  await page.goto(`${team}/audit?q=action:search.save`);
  await expect(page.locator('table.events td code')).toHaveText(['search.save']);

  for (const [role, sees] of [['Admin', true], ['Viewer', false]] as const) {
    const who = somebody(`Gus ${role}`);
    await invite(page, team, who.email, role);
    const context = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
    const guest = await context.newPage();
    await guest.goto(await linkFor(home, who.email, 'invitation'));
    await guest.getByLabel('Your name').fill(who.name);
    await guest.getByLabel('Password').fill(who.password);
    await guest.getByRole('button', { name: 'Create account and join' }).click();
    await expect(guest).toHaveURL(team);
    await guest.goto(`${team}/audit?q=category:members`);
    const saved = guest.getByRole('navigation', { name: 'Saved searches' });
    await expect(saved.getByRole('link', { name: 'Ours' })).toHaveCount(sees ? 1 : 0);
    await expect(saved.getByRole('link', { name: 'Mine' })).toHaveCount(0);
    await guest.getByText('Save this search').click();
    await expect(guest.getByLabel('Who finds it')).toHaveCount(sees ? 1 : 0);
    await expect(guest.getByText('Your own acts.')).toHaveCount(sees ? 0 : 1);
    await context.close();
  }

  const other = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const stranger = await other.newPage();
  const theirs = await signUp(stranger, home, somebody('Otto Other'));
  await stranger.goto(`${theirs}/audit`);
  await expect(stranger.getByRole('navigation', { name: 'Saved searches' })).toHaveCount(0);
  await other.close();
});
