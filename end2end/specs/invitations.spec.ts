// How people come into a team: with and without an account, with the wrong one, too often.
import { expect, test } from '../fixtures.js';
import {
  invite,
  letterTo,
  linkFor,
  makeAccount,
  signIn,
  signUp,
  somebody,
} from '../steps.js';

const heading = { level: 1 } as const;

test('somebody without an account comes in by the link in the mail', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const team = await signUp(page, home, somebody('Olga Owner'));
  const [gro, siv] = [somebody('Gro New'), somebody('Siv New')];
  await invite(page, team, `Gro <${gro.email}>, ${siv.email}`, 'Admin');
  await expect(page.getByText('2 people are invited.')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: gro.email });
  await expect(row).toContainText('Admin');

  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await elsewhere.newPage();
  await guest.goto(await linkFor(home, gro.email, 'invitation'));
  await expect(guest.getByRole('heading', heading)).toHaveText('You are invited');
  await expect(guest.getByText('Olga Owner invites')).toBeVisible();
  await guest.getByLabel('Your name').fill(gro.name);
  await guest.getByLabel('Password').fill('short');
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await expect(guest.getByLabel('Password')).toHaveAccessibleDescription(/at least 15 characters/);
  await expect(guest.getByLabel('Your name'), 'what was typed is still there').toHaveValue(gro.name);
  await guest.getByLabel('Password').fill(gro.password);
  await guest.getByRole('button', { name: 'Create account and join' }).click();
  await expect(guest.getByText('Your account is made, and you are in the team.')).toBeVisible();
  await expect(guest).toHaveURL(team);

  await page.goto(`${team}/members`);
  await expect(page.getByRole('row').filter({ hasText: gro.email })).toContainText('Admin');
  await page.getByRole('link', { name: 'Invitations' }).click();
  await expect(page.getByRole('row').filter({ hasText: gro.email })).toHaveCount(0);
  await expect(page.getByRole('row').filter({ hasText: siv.email })).toHaveCount(1);
  await elsewhere.close();
});

test('the wrong account is told which address is needed, and the right one joins', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const [eva, mal] = [somebody('Eva Invited'), somebody('Mal Other')];
  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await elsewhere.newPage();
  await makeAccount(guest, home, eva);
  await guest.goto('/account');
  const others = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const other = await others.newPage();
  await makeAccount(other, home, mal);

  const team = await signUp(page, home, somebody('Ola Owner'));
  await invite(page, team, eva.email);
  const link = await linkFor(home, eva.email, 'invitation');
  await other.goto(link);
  await expect(other.getByText(`This invitation is for ${eva.email}`)).toBeVisible();
  await other.getByRole('button', { name: /^Sign out, and go on/ }).click();
  await expect(other.getByRole('heading', heading)).toHaveText('You are invited');
  await other.getByRole('link', { name: 'Sign in' }).click();
  await expect(other.getByText('Then you go on to your invitation.')).toBeVisible();
  await signIn(other, eva);
  await other.getByRole('button', { name: 'Join Team of Ola Owner' }).click();
  await expect(other.getByText('Welcome to Team of Ola Owner. Your role: Member.')).toBeVisible();
  await other.goto(link);
  await expect(other.getByRole('heading', heading)).toHaveText('This link is no longer good');
  await Promise.all([elsewhere.close(), others.close()]);
});

test('an invitation waits on the start page, and is declined there', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const eva = somebody('Eva Start');
  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await elsewhere.newPage();
  await makeAccount(guest, home, eva);
  const team = await signUp(page, home, somebody('Ola Decline'));
  await invite(page, team, eva.email);
  await guest.goto('/');
  await expect(guest.getByRole('heading', heading)).toHaveText('You are invited');
  await guest.getByRole('button', { name: 'Decline', exact: true }).click();
  await expect(guest.getByLabel('Team name')).toBeVisible();
  await page.goto(`${team}/members/invitations`);
  await expect(page.getByText('Nobody is invited')).toBeVisible();
  await elsewhere.close();
});

test('a link is copied, sent again and taken back', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const team = await signUp(page, home, somebody('Ole Links'));
  const gro = somebody('Gro Links');
  await invite(page, team, gro.email);
  const first = await linkFor(home, gro.email, 'invitation');
  await page.getByRole('button', { name: 'Copy a link' }).click();
  await expect(page.getByText(`Shown once. It works for ${gro.email} only.`)).toBeVisible();
  const copied = await page.getByText(/^http\S+\/invitation\/\S+$/).innerText();
  page.once('dialog', (dialog) => dialog.accept());

  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await elsewhere.newPage();
  await guest.goto(copied);
  await expect(guest.getByText(`To accept, sign in as ${gro.email}.`)).toBeVisible();
  await expect(guest.getByLabel('Password')).toHaveCount(0);

  await page.goto(`${team}/members/invitations`);
  const before = home.letters().filter((letter) => letter.includes(gro.email)).length;
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect(page.getByText(`The invitation goes to ${gro.email} again`)).toBeVisible();
  await expect(() => {
    const now = home.letters().filter((letter) => letter.includes(gro.email)).length;
    expect(now).toBe(before + 1);
  }).toPass({ timeout: 10_000 });
  await guest.goto(first);
  await expect(guest.getByRole('heading', heading)).toHaveText('This link is no longer good');
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('Its links are dead.')).toBeVisible();
  await guest.goto(copied);
  await expect(guest.getByRole('heading', heading)).toHaveText('This link is no longer good');
  await elsewhere.close();
});

test('what is wrong with the addresses is said, and nothing is lost', async ({ page, home }) => {
  const team = await signUp(page, home, somebody('Ola Wrong'));
  await page.goto(`${team}/members/invite`);
  await page.getByLabel('Email addresses').fill('gro@example.com, not-one');
  await page.getByLabel('Your words to them').fill('See you\non Monday');
  await page.getByRole('button', { name: 'Send invitations' }).click();
  await expect(page.getByLabel('Email addresses')).toHaveAccessibleDescription(
    'This is not an e-mail address: not-one. Write it like ada@example.com.',
  );
  await expect(page.getByLabel('Email addresses')).toHaveValue('gro@example.com, not-one');
  await expect(page.getByLabel('Your words to them')).toHaveValue('See you\non Monday');
  await page.getByLabel('Email addresses').fill('gro@example.com');
  await page.getByRole('button', { name: 'Send invitations' }).click();
  await expect(page.getByText('One person is invited.')).toBeVisible();
  const letter = await letterTo(home, 'gro@example.com', 'invites you to work in the team');
  expect(letter).toContain('Ola Wrong writes: See you');
});
