// One's own account: sessions, password, address, profile, activity, and the end of it.
import { expect, test } from '../fixtures.js';
import {
  CODE,
  invite,
  letterTo,
  linkFor,
  makeAccount,
  setUpApp,
  signIn,
  signOut,
  signUp,
  somebody,
  takeInvitation,
} from '../steps.js';

test('a session ended from another browser dies at its next click', async (
  { page, home, browser, javaScriptEnabled },
) => {
  const lea = somebody('Lea Sessions');
  const team = await signUp(page, home, lea);
  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const other = await elsewhere.newPage();
  await other.goto('/sign-in');
  await signIn(other, lea);
  await expect(other).toHaveURL(team);
  await letterTo(home, lea.email, 'Chrome');

  await page.goto('/account/sessions');
  const row = page.getByRole('row').filter({ hasNotText: 'this session' }).filter({ hasText: 'End' });
  await row.getByRole('button', { name: /^End/ }).click();
  await expect(page.getByText('The session was ended. Its next click is refused.')).toBeVisible();
  await other.goto(`${team}/keys`);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await elsewhere.close();
});

test('a forgotten password is set by the link in the mail, and two-step sign-in stays', async (
  { page, home, browser },
) => {
  const rut = somebody('Rut Forgot');
  const team = await signUp(page, home, rut);
  const { codes } = await setUpApp(page, home.url);
  const elsewhere = await browser.newContext({ baseURL: home.url });
  const other = await elsewhere.newPage();
  await other.goto('/sign-in');
  await other.getByRole('link', { name: 'Forgot your password?' }).click();
  await other.getByLabel('Email').fill(rut.email);
  await other.getByRole('button', { name: 'Send the link' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Check your mail');
  const link = await linkFor(home, rut.email, 'reset');
  await other.goto(link);
  await other.getByLabel('New password').fill('short');
  await other.getByRole('button', { name: 'Set the password' }).click();
  await expect(other.getByLabel('New password')).toHaveAccessibleDescription(/at least 8 characters/);
  const password = 'seven slow otters';
  await other.getByLabel('New password').fill(password);
  await other.getByRole('button', { name: 'Set the password' }).click();
  await expect(other.getByText('Your password was set. Sign in with it.')).toBeVisible();
  await other.goto(link);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('This link is no longer good');

  page.once('dialog', (dialog) => dialog.accept());
  await page.goto(team);
  await expect(page.getByRole('heading', { level: 1 }), 'all sessions ended').toHaveText('Sign in');
  await other.goto('/sign-in');
  await signIn(other, { ...rut, password });
  await expect(other.getByLabel(CODE)).toBeVisible();
  await other.getByRole('link', { name: 'Use a recovery code' }).click();
  await other.getByLabel('Recovery code').fill(codes[5]);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other).toHaveURL(team);
  await elsewhere.close();
});

test('an address is confirmed at the new mailbox and announced at the old', async (
  { page, home },
) => {
  const ebbe = somebody('Ebbe Mail');
  await signUp(page, home, ebbe);
  await page.goto('/account');
  const fresh = `new-${ebbe.email}`;
  await page.getByLabel('New address').fill(fresh);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(`A link was sent to ${fresh}.`)).toBeVisible();
  await page.goto(await linkFor(home, fresh, 'email'));
  await page.getByRole('button', { name: 'Use this address' }).click();
  await expect(page.getByText(`${fresh} is the address of your account from now on.`)).toBeVisible();
  const told = await letterTo(home, `<${ebbe.email}>`, 'n…@example.com');
  expect(told, 'the new address is not told in full').not.toContain(fresh);
  await signOut(page);
  await signIn(page, { ...ebbe, email: fresh });
  await expect(page.getByRole('button', { name: `Account: ${ebbe.name}` })).toBeVisible();
});

test('a profile says what times look like', async ({ page, home }) => {
  const ida = somebody('Ida Zone');
  await signUp(page, home, ida);
  await page.goto('/account');
  await page.getByLabel('Your name').fill('Ida <b>Zone</b>');
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.getByLabel('Dates').selectOption('german');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Your profile was saved.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Account: Ida <b>Zone</b>' })).toBeVisible();
  await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
  await page.goto('/account/activity');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My activity');
  await expect(page.getByRole('row').filter({ hasText: 'session.create' }).first()).toBeVisible();
  await expect(page.getByText(/^Proven up to record \d+|^Chain unbroken from 1 to \d+/)).toBeVisible();
});

test('a changed password ends the other sessions', async ({ page, home, browser }) => {
  const kim = somebody('Kim Change');
  const team = await signUp(page, home, kim);
  const elsewhere = await browser.newContext({ baseURL: home.url });
  const other = await elsewhere.newPage();
  await other.goto('/sign-in');
  await signIn(other, kim);
  await page.goto('/account/security');
  await page.getByLabel('New password').fill('eleven blue bicycles at noon');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('All other sessions have ended.')).toBeVisible();
  await other.goto(team);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await elsewhere.close();
});

test('an account goes for good when its address is typed', async ({ page, home }) => {
  const tom = somebody('Tom End');
  await makeAccount(page, home, tom);
  await page.goto('/account/delete');
  await page.getByLabel('Your email address').fill('tom');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const field = page.getByLabel('Your email address');
  await expect(field).toHaveAccessibleDescription(new RegExp(`Type ${tom.email} to go on.`));
  await expect(field).toHaveValue('tom');
  await field.fill(tom.email);
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await expect(page.getByText('Your account was deleted.')).toBeVisible();
  await letterTo(home, tom.email, 'deleted');
  await signIn(page, tom);
  await expect(page.getByLabel('Password')).toHaveAccessibleDescription(/do not match/);
});

test('what somebody did says “deleted person” when they are gone, and the log stays proven', async (
  { page, home, browser, javaScriptEnabled },
) => {
  test.setTimeout(120_000);
  const team = await signUp(page, home, somebody('Olga Stays'));
  const gus = somebody('Gus Goes');
  await invite(page, team, gus.email);
  const elsewhere = await browser.newContext({ baseURL: home.url, javaScriptEnabled });
  const guest = await elsewhere.newPage();
  await takeInvitation(guest, home, gus, team);
  const log = page.getByRole('main');
  await page.goto(`${team}/audit`);
  await expect(log.getByText(gus.name).first()).toBeVisible();

  await guest.goto('/account/delete');
  await guest.getByLabel('Your email address').fill(gus.email);
  await guest.getByRole('button', { name: 'Delete my account' }).click();
  await expect(guest.getByText('Your account was deleted.')).toBeVisible();
  await elsewhere.close();

  // The task that walks ledgers is there within a quarter of a minute.
  await expect(async () => {
    await page.goto(`${team}/audit`);
    await expect(page.getByText(/^Proven up to record \d+, the last one/)).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(log.getByText('deleted person').first()).toBeVisible();
  await expect(log.getByText(gus.name)).toHaveCount(0);
  await expect(log.getByText(gus.email)).toHaveCount(0);
});

test('an account is not deleted while a team would be left without an owner', async (
  { page, home },
) => {
  const uma = somebody('Uma Owner');
  await signUp(page, home, uma);
  await page.goto('/account/delete');
  await expect(page.getByRole('main').getByText(`Team of ${uma.name}`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete my account' })).toBeDisabled();
});
