// The life of a membership in two browsers, from the invitation to the end.
import { expect, test } from '../fixtures.js';
import { invite, linkFor, setUpApp, signUp, somebody } from '../steps.js';

const heading = { level: 1 } as const;

test('somebody is invited, enrols, rises, falls, takes over, and the other one is removed', async (
  { page, home, browser, javaScriptEnabled },
) => {
  test.setTimeout(90_000); // two people, and everything that can happen to them
  const [olga, gus] = [somebody('Olga Owner'), somebody('Gus Guest')];
  const team = await signUp(page, home, olga);
  await setUpApp(page, home.url);
  page.once('dialog', (dialog) => dialog.accept());
  await page.goto(`${team}/policy`);
  const factor = page.getByRole('region', { name: 'Two-step sign-in' });
  await factor.getByLabel(/^Required from/).fill('2026-01-01');
  await factor.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Two-step sign-in is required from 2026-01-01 on.')).toBeVisible();

  await test.step('joins from the mail, through enrolment', async () => {
    await invite(page, team, gus.email);
  });
  const context = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await context.newPage();
  await guest.goto(await linkFor(home, gus.email, 'invitation'));
  await guest.getByLabel('Your name').fill(gus.name);
  await guest.getByLabel('Password').fill(gus.password);
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await expect(guest.getByRole('heading', heading)).toHaveText('Two-step sign-in first');
  await setUpApp(guest, home.url);
  guest.once('dialog', (dialog) => dialog.accept());
  await guest.goto(`${team}/members/invite`);
  await expect(guest.getByRole('main')).toContainText('This needs the role Admin or above.');

  const give = async (role: string) => {
    await page.goto(`${team}/members?q=gus`);
    await page.getByRole('main').getByRole('link', { name: gus.name }).click();
    await page.getByRole('combobox', { name: 'Role' }).selectOption(role);
    await page.getByRole('button', { name: 'Change role' }).click();
    await expect(page.getByText(`The role is ${role} from now on.`)).toBeVisible();
  };
  await test.step('is promoted, and demoted while a page is open', async () => {
    await give('Admin');
    await guest.goto(`${team}/members/invite`);
    await guest.getByLabel('Email addresses').fill('somebody@example.com');
    await give('Viewer');
    await guest.getByRole('button', { name: 'Send invitations' }).click();
    await expect(guest.getByText('This needs the role Admin or above.').first()).toBeVisible();
  });

  await test.step('takes the team over', async () => {
    await page.goto(`${team}/members?q=gus`);
    await page.getByRole('main').getByRole('link', { name: gus.name }).click();
    await page.getByRole('button', { name: /^Offer / }).click();
    await guest.goto(`${team}/members`);
    await guest.getByRole('button', { name: 'Take over the team' }).click();
    await expect(guest.getByText('owner from now on')).toBeVisible();
  });

  await test.step('removes the other one, whose next click is refused', async () => {
    await page.goto(`${team}/members`);
    await guest.goto(`${team}/members?q=olga`);
    await guest.getByRole('main').getByRole('link', { name: olga.name }).click();
    await guest.getByRole('link', { name: `Remove ${olga.name}` }).click();
    await expect(guest.getByRole('heading', heading)).toHaveText(`Remove ${olga.name}?`);
    await expect(guest.getByRole('main')).toContainText('Invitations they sent that end too');
    await guest.getByRole('button', { name: 'Remove from the team' }).click();
    await expect(guest.getByText('They are out of the team.')).toBeVisible();
    const nothing = await page.goto('/t/there-is-no-such-team/members');
    const words = await page.getByRole('main').innerText();
    const removed = await page.goto(`${team}/members`);
    expect([removed?.status(), nothing?.status()]).toEqual([404, 404]);
    const same = (text: string) => text.replace(/req_\w+/g, 'req');
    expect(same(await page.getByRole('main').innerText())).toBe(same(words));
  });
  await context.close();
});

test('teams are switched by keyboard', async ({ page, home }) => {
  const who = somebody('Tess Teams');
  const first = await signUp(page, home, who);
  await page.goto('/teams/new');
  await page.getByLabel('Team name').fill('Second of Tess');
  await page.getByRole('button', { name: 'Create team' }).click();
  await expect(page.getByText('Team Second of Tess was made.')).toBeVisible();
  const second = new URL(page.url()).pathname;
  await page.getByRole('button', { name: /Switch team/ }).focus();
  await page.keyboard.press('Enter');
  const menu = page.locator('#teams');
  await expect(menu).toBeVisible();
  // The focus is on the team that one is in.
  await expect(menu.getByRole('link', { name: /Second of Tess/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(first);
  expect(first).not.toBe(second);
});
