// Roles: the matrix and its proof, roles of a team's own, and who could do what when.
import { expect, test } from '../fixtures.js';
import { startProbity } from '../probity.js';
import { ADA, invite, makeRole, setUp, signUp, somebody, takeInvitation } from '../steps.js';
import { readFileSync } from 'node:fs';

test('every cell is proven, and a dropped policy turns its cell red at the next try', async (
  { browser, javaScriptEnabled },
) => {
  const probity = await startProbity();
  try {
    const context = await browser.newContext({ baseURL: probity.url, javaScriptEnabled });
    const page = await context.newPage();
    const team = await setUp(page, probity.setUpLink, ADA);
    const again = () => page.getByRole('button', { name: 'Try every cell now' }).click();
    await page.goto(`${team}/roles`);
    await again();
    await expect(page.getByText('All 72 cells were tried and are proven.')).toBeVisible();
    await expect(page.getByText('72 of 72 cells proven')).toBeVisible();
    const cell = page.getByRole('row').filter({ hasText: "Change the team's security policy" });
    await expect(cell).toContainText('guard yes, database yes');
    await expect(page.getByText('tried just now, and once a day')).toBeVisible();

    probity.sql('drop policy team_policy_3 on team_policy');
    await again();
    await expect(page.getByText('One of 72 cells is broken. Tell your operator.')).toBeVisible();
    await expect(page.getByText('One cell of 72 broken')).toBeVisible();
    await expect(page.getByRole('alert')).toContainText(
      'Owner, security.manage: guard yes, database partly; both should say yes. ' +
        'update team_policy: no',
    );
    await expect(cell).toContainText('guard yes, database partly');
    await context.close();
  } finally {
    await probity.stop();
  }
});

test('a role of the team’s own opens what it holds and nothing else', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const team = await signUp(page, home, somebody('Rolf Roles'));
  const id = await makeRole(page, home.url + team, 'Key reader', ['keys.view', 'members.view']);
  const who = somebody('Kim Reader');
  await invite(page, team, who.email, 'Key reader');
  const context = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await context.newPage();
  await takeInvitation(guest, home, who, team);
  await guest.goto(`${team}/keys`);
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('API keys');
  await guest.goto(`${team}/members/invitations`);
  await expect(guest.getByRole('main')).toContainText('This needs the role Admin or above.');
  await guest.goto(`${team}/roles?with=viewer`);
  await expect(guest.getByText('Only Key reader (you) may: see API keys')).toBeVisible();

  await page.goto(`${team}/roles/${id}`);
  await expect(page.getByText('Give everybody who holds it another role first.')).toBeVisible();
  await page.getByLabel('keys.view').uncheck();
  await page.getByRole('button', { name: 'Change the role' }).click();
  await expect(page.getByText('The role Key reader is changed.')).toBeVisible();
  await guest.goto(`${team}/keys`);
  await expect(guest.getByRole('main')).toContainText('This needs the role Member or above.');
  await context.close();
});

test('a role that cannot be made keeps what was ticked', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Tia Ticked'));
  await page.goto(`${team}/roles/new`);
  await page.getByLabel('Name', { exact: true }).fill('Owner');
  await page.getByLabel('audit.export').check();
  await page.getByRole('button', { name: 'Make the role' }).click();
  await expect(
    page.getByText('Every team has a role of this name. Choose another one.'),
  ).toBeVisible();
  await expect(page.getByLabel('audit.export')).toBeChecked();
  await expect(page.getByLabel('audit.view')).not.toBeChecked();
  await page.getByLabel('Name', { exact: true }).fill('Exporter');
  await page.getByRole('button', { name: 'Make the role' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Exporter' }).click();
  await page.getByRole('button', { name: 'Delete Exporter' }).click();
  await expect(page.getByText('The role Exporter is deleted.')).toBeVisible();
});

test('the access review says who could do what, on the page and in a file', async (
  { page, home },
) => {
  const team = await signUp(page, home, somebody('Rita Review'));
  await page.goto(`${team}/members`);
  await page.getByRole('link', { name: 'Access review' }).click();
  await page.getByLabel('Who could').selectOption('keys.manage');
  await page.getByRole('button', { name: 'Show' }).click();
  const row = page.getByRole('row', { name: /Rita Review/ });
  await expect(row).toContainText('Owner');
  await expect(row).toContainText('still');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^access-.*\.csv$/);
  const text = readFileSync(await file.path(), 'utf8');
  expect(text).toContain('"Rita Review"');
  await page.goto(`${team}/members/review?from=2001-01-01`);
  await expect(page.getByText('Nobody could, on 2001-01-01')).toBeVisible();
  await page.goto(`${team}/members/review?from=soon`);
  await expect(page.getByRole('alert')).toContainText('Enter a day like 2026-12-01.');
});
