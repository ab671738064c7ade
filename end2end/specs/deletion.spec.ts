// An owner has the team deleted: another one confirms, it is undone, and done again to its end.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectAccessible, expectNoSidewaysScroll, test, type Home } from '../fixtures.js';
import { createKey, invite, letterTo, linkFor, overdue, signUp, somebody, takeInvitation, verify } from '../steps.js';
import type { Browser, Page } from '@playwright/test';

const heading = { level: 1 } as const;

test.setTimeout(120_000);

/** Another owner of the team at `team`, in a browser of their own. */
async function owner(
  { page, home, browser, javaScriptEnabled }: {
    page: Page; home: Home; browser: Browser; javaScriptEnabled: boolean;
  },
  team: string,
  name: string,
): Promise<Page> {
  const who = somebody(name);
  await invite(page, team, who.email, 'Owner');
  const context = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await context.newPage();
  await takeInvitation(guest, home, who, team);
  return guest;
}

test('a team is deleted with a second owner, undone, deleted again, and its certificate verifies', async (
  { page, home, browser, javaScriptEnabled },
  testInfo,
) => {
  const ada = somebody('Dora Deletes');
  const team = await signUp(page, home, ada);
  const name = `Team of ${ada.name}`;
  const key = await createKey(page, home.url + team, 'billing-sync');
  const ben = await owner({ page, home, browser, javaScriptEnabled }, team, 'Ben Second');

  await page.goto(`${team}/settings`);
  await page.getByRole('link', { name: 'Delete this team' }).click();
  await expect(page.getByRole('heading', heading)).toHaveText('Delete this team');
  await expect(page.getByRole('row', { name: /^API keys/ })).toContainText('1');
  await page.getByLabel('The team’s name').fill('something else');
  await page.getByRole('button', { name: 'Ask for the deletion' }).click();
  await expect(page.getByLabel('The team’s name')).toHaveAccessibleDescription(`Type ${name} to go on.`);
  await page.getByLabel('The team’s name').fill(name);
  await page.getByRole('button', { name: 'Ask for the deletion' }).click();
  await expect(page.getByText('Nothing happens until another owner confirms it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Confirm the deletion' })).toHaveCount(0);

  await ben.goto(`${team}/data/delete`);
  await ben.getByLabel('The team’s name').fill(name);
  await ben.getByRole('button', { name: 'Confirm the deletion' }).click();
  await expect(ben.getByText('Confirmed. Until the days are over, any owner can undo it.')).toBeVisible();
  await page.goto(`${team}/keys`);
  const banner = page.getByRole('region', { name: 'To be deleted' });
  await expect(banner).toContainText('This team will be deleted on');
  if (javaScriptEnabled) await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expect.poll(async () => (await verify(home.url, key.secret)).code).toBe('TEAM_SUSPENDED');
  await page.goto(`${team}/rules/new`);
  await page.getByLabel('Keyword').fill('boots');
  await page.getByLabel('Leads to').fill('https://shop.example/');
  await page.getByRole('button', { name: 'Make the rule' }).click();
  await expect(page.getByText('This team waits to be deleted, and nothing in it can be changed.')).toBeVisible();

  await page.goto(`${team}/data/delete`);
  await page.getByRole('button', { name: 'Keep the team' }).click();
  await expect(page.getByText('The team stays.')).toBeVisible();
  await expect(banner).toHaveCount(0);
  await expect.poll(async () => (await verify(home.url, key.secret)).code).toBe('VALID');

  await ben.goto(`${team}/data/delete`);
  await ben.getByLabel('The team’s name').fill(name);
  await ben.getByRole('button', { name: 'Ask for the deletion' }).click();
  await page.goto(`${team}/data/delete`);
  await page.getByLabel('The team’s name').fill(name);
  await page.getByRole('button', { name: 'Confirm the deletion' }).click();
  await expect(page.getByText('Confirmed. Until the days are over')).toBeVisible();
  // Held where its key is about to go, its owners see how far it is, and others do not.
  const held = home.sql.bind(home);
  held(`create function hold() returns trigger language plpgsql as $$ begin raise 'held'; end $$;
        create trigger held before update on deletion for each row when (new.key_at is not null)
        execute function hold();`);
  overdue(home, team);
  const going = page.getByRole('heading', { name: 'This team is being deleted' });
  await expect(async () => {
    await page.goto(`${team}/keys`);
    await expect(going).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole('listitem').filter({ hasNotText: 'not yet' })).toHaveCount(3);
  await expect(page.getByText('not yet')).toHaveCount(5);
  if (javaScriptEnabled) await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  held('drop trigger held on deletion; drop function hold();');

  const letter = await letterTo(home, ada.email, '-----BEGIN-PROBITY-CERTIFICATE-----');
  expect(letter).toMatch(/ UTC: Its data key was destroyed\.\s/);
  expect(letter).toMatch(/ UTC: The team was removed\.\s/);
  await page.goto(team);
  await expect(page.getByRole('heading', heading)).toHaveText('Nothing here');
  await page.goto(await linkFor(home, ada.email, 'deleted'));
  await expect(page.getByRole('listitem')).toHaveCount(8);
  await expect(page.getByText('not yet')).toHaveCount(0);
  await expect.poll(async () => (await verify(home.url, key.secret)).code).toBe('NOT_FOUND');

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the certificate' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('deletion-certificate.json');
  const downloaded = join(testInfo.outputPath(), download.suggestedFilename());
  await download.saveAs(downloaded);
  expect(home.command('certificate', 'verify', downloaded)).toContain('Signed: the certificate is as it was made.');

  const file = join(testInfo.outputPath(), 'certificate.eml');
  writeFileSync(file, letter);
  const trusted = home.command('audit', 'key').trim();
  const said = home.command('certificate', 'verify', file, '--key', trusted);
  expect(said).toContain('Signed: the certificate is as it was made.');
  expect(said).toContain('the key that you trust.');
  const altered = join(testInfo.outputPath(), 'altered.eml');
  writeFileSync(altered, letter.replace('"files":0', '"files":1'));
  expect(() => home.command('certificate', 'verify', altered)).toThrow('Command failed');
  if (javaScriptEnabled) {
    await page.goto('/verify');
    await page.getByLabel('Choose files').setInputFiles(file);
    await expect(page.getByText('Signed: the certificate is as it was made.')).toBeVisible();
    await page.getByLabel('Choose files').setInputFiles(altered);
    await expect(page.getByText('Broken: the certificate was altered.')).toBeVisible();
    await page.getByLabel('Choose files').setInputFiles(downloaded);
    await expect(page.getByText('Signed: the certificate is as it was made.')).toBeVisible();
    await page.getByLabel('Choose files').setInputFiles(altered);
    await expect(page.getByText('Broken: the certificate was altered.')).toBeVisible();
  }
  await ben.context().close();
});
