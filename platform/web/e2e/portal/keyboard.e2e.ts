// The whole job without a mouse: an administrator furnishes a school, brings people in, prints; a teacher and a mother
// register; a mark is given and read; an account and a role are kept in order.
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { Walk } from '../run'
import { totp, urls, type Language } from '../support'
import { Keys } from './keys'
import { cardOf, type Card } from './paper'
import { arrive, beginning, said, type Person } from './people'
import { activate, apply, type School } from './school'
import { words, type Say } from './words'

const PASSWORDS = { admin: 'Қоңыр-сағат-жүзім-41', teacher: 'Көктем-айдын-терезе-73', guardian: 'Алма-көпір-тұман-58' }

/** Year, bells, subjects, a class. */
async function furnish(keys: Keys, say: Say) {
  await keys.visit(say('portal.nav.calendar'))
  await keys.go(say('calendar.save'))
  await keys.page.getByRole('link', { name: say('calendar.next') }).waitFor()
  await keys.visit(say('portal.nav.bells'))
  await keys.go(say('calendar.bells.save'))
  await keys.page.getByRole('status').first().waitFor()
  await keys.visit(say('portal.nav.subjects'))
  await keys.go(say('classes.subjects.defaults'))
  await keys.page.getByRole('table').waitFor()
  await keys.visit(say('portal.nav.classes'))
  await keys.choose(say('classes.grade'), /^7$/)
  await keys.write(say('classes.letter'), 'Ә')
  await keys.go(say('classes.add'))
  await keys.page.getByText('7Ә').first().waitFor()
}

async function add(keys: Keys, say: Say, kind: 'staff' | 'student' | 'guardian', [surname, given, sex]: readonly [string, string, RegExp], more?: (drawer: ReturnType<Keys['page']['getByRole']>) => Promise<void>) {
  await keys.walkTo(keys.page.getByRole('tab', { name: say(`people.kind.${kind}`), exact: true }), keys.page.getByRole('tab', { selected: true }), 'ArrowRight')
  await keys.press('Enter')
  await keys.go(say(`people.add.${kind}`))
  const drawer = keys.page.getByRole('dialog')
  await keys.write(say('common.surname'), surname, drawer)
  await keys.write(say('common.given-name'), given, drawer)
  await keys.choose(say('common.sex'), sex, drawer)
  await more?.(drawer)
  await keys.go(say(`people.save.${kind}`), 'button', drawer)
  await said(keys.page, beginning(say('people.added')))
}

/** A teacher, a student and his mother by the form; one more student by a file. */
async function bringIn(keys: Keys, say: Say) {
  const [woman, man] = [new RegExp(`^${say('common.sex.f')}`), new RegExp(`^${say('common.sex.m')}`)]
  await keys.visit(say('portal.nav.people'))
  await add(keys, say, 'staff', ['Сәрсенова', 'Айгүл', woman])
  await add(keys, say, 'student', ['Омаров', 'Тимур', man], async (drawer) => {
    await keys.choose(say('common.class'), /^7Ә/, drawer)
    await keys.write(say('people.enrolled-on'), '01.09.2026', drawer)
  })
  await add(keys, say, 'guardian', ['Омарова', 'Ләззат', woman], async (drawer) => {
    await keys.write(say('people.child-search'), 'омаров тим', drawer)
    await keys.go(/Омаров Тимур/, 'button', drawer)
  })
  await keys.go(say('import.open'), 'link')
  const [chooser] = await Promise.all([keys.page.waitForEvent('filechooser'), keys.go(new RegExp(`^${say('import.file')}`))])
  await chooser.setFiles({ name: 'окушылар.csv', mimeType: 'text/csv', buffer: Buffer.from('Тегі;Аты;Жынысы;Сынып\nБекова;Мадина;қыз;7Ә\n') })
  const source = keys.page.getByRole('radio', { name: say('import.source.own'), exact: true })
  await keys.tick(source)
  await keys.go(say('import.check'))
  await keys.go(say('import.commit'))
  await keys.go(say('import.commit-action'), 'button', keys.page.getByRole('dialog'))
  await keys.page.getByRole('link', { name: say('import.print'), exact: true }).waitFor()
}

/** The load, and the newest lesson that may be. */
async function plan(keys: Keys, say: Say) {
  const { page } = keys
  await keys.visit(say('portal.nav.loads'))
  await keys.choose(say('common.class'), /^7Ә/)
  await keys.choose(say('common.subject'), /^Алгебра/)
  await keys.choose(say('classes.loads.teacher'), /Сәрсенова/)
  await keys.go(say('classes.loads.add'))
  await said(page, beginning(say('classes.loads.added')))
  await keys.visit(say('portal.nav.lessons'))
  const form = page.getByRole('form', { name: say('timetable.one') })
  await keys.choose(say('common.class'), /^7Ә/, form)
  await keys.choose(say('common.subject'), /^Алгебра/, form)
  const added = page.getByRole('status').filter({ hasText: beginning(say('timetable.one-added')) })
  for (let back = 0; back < 120; back++) {
    const day = new Date(Date.now() + 5 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10).split('-').reverse().join('.')
    await keys.write(say('common.date'), day, form)
    await keys.write(say('timetable.number'), '1', form)
    await keys.go(say('timetable.one-add'), 'button', form)
    await added.or(page.getByRole('alert')).first().waitFor()
    if (await added.count()) return
  }
  throw new Error('no day of the last months takes a lesson')
}

async function print(keys: Keys, say: Say, stamp: string): Promise<Record<'teacher' | 'guardian', Card>> {
  await keys.go(say('portal.nav.credentials'), 'link', keys.page.getByRole('navigation').first())
  await keys.choose(say('credentials.who'), new RegExp(`^${say('credentials.who.all')}`))
  await keys.go(say('credentials.print'))
  const path = join(tmpdir(), `kundelik-keyboard-${stamp}.pdf`)
  const fetched = new RegExp(`^${say('credentials.fetch')}`)
  await keys.page.getByRole('button', { name: fetched }).first().waitFor({ timeout: 60_000 })
  await keys.fetch(fetched, path)
  await keys.go(new RegExp(`^${say('credentials.sheet-hand-over')}`))
  await said(keys.page, /✓.*\d+/)
  return { teacher: await cardOf(path, 'sarsenova'), guardian: await cardOf(path, 'omarova') }
}

async function signIn(keys: Keys, say: Say, login: string, password: string) {
  await keys.page.goto(`${urls.portal}/`)
  await keys.write(say('common.login'), login)
  await keys.write(say('common.password'), password)
  await keys.press('Enter')
}

/** From the card to the own first page. */
async function register(keys: Keys, say: Say, card: Card, login: string, password: string) {
  const { page } = keys
  await signIn(keys, say, card.login, card.password)
  await page.getByRole('heading', { name: say('signup-account.title') }).waitFor()
  await keys.write(say('signup-account.login'), login)
  await keys.write(say('signup-account.password'), password)
  const secret = page.locator('code')
  if (await secret.count()) await keys.write(say('common.code'), totp(await secret.first().innerText()))
  await keys.tick(page.getByLabel(say('signup-account.accept')))
  await keys.go(say('signup-account.register'))
  await page.waitForURL((url) => !/^\/(register|activate)?$/.test(url.pathname))
}

/** The teacher becomes an editor too; the mother gets a new temporary password; the page is read in another language. */
async function keepInOrder(keys: Keys, say: Say, stamp: string) {
  const { page } = keys
  await keys.visit(say('portal.nav.roles'))
  await keys.go(/Сәрсенова/)
  const form = page.getByRole('dialog')
  await keys.tick(form.getByRole('checkbox', { name: say('common.role.editor'), exact: true }))
  await keys.go(say('ui.save'), 'button', form)
  await said(page, beginning(say('roles.saved')))
  await keys.visit(say('portal.nav.people'))
  await keys.write(say('people.search'), 'сәрсенова')
  await keys.go(/Сәрсенова/)
  const card = page.getByRole('dialog')
  await keys.go(say('people.reset'), 'button', card)
  await keys.fetch(new RegExp(`^${say('people.reset-action')}$`), join(tmpdir(), `kundelik-keyboard-reset-${stamp}.pdf`))
  await page.getByText(say('people.reset-done')).waitFor()
  await keys.press('Escape')
  await card.waitFor({ state: 'detached' })
  await keys.go('English')
  await page.waitForFunction(() => document.documentElement.lang === 'en')
}

async function withoutMouse(language: Language) {
  const stamp = Date.now().toString(36)
  const say = words(language)
  const school: School = { language, say, stamp, email: `perne-${stamp}@example.org`, slug: `perne-${stamp}` }
  const admin = await activate(school, await apply(school), PASSWORDS.admin)
  const [teacher, guardian]: [Person, Person] = [await arrive(language, say), await arrive(language, say)]
  const [hers, theirs, mothers] = [new Keys(admin.page), new Keys(teacher.page), new Keys(guardian.page)]
  try {
    await furnish(hers, say)
    console.log('       the school is furnished')
    await bringIn(hers, say)
    console.log('       people are in')
    await plan(hers, say)
    console.log('       a lesson stands')
    const cards = await print(hers, say, stamp)
    await register(theirs, say, cards.teacher, `aigul.${stamp}`, PASSWORDS.teacher)
    await register(mothers, say, cards.guardian, `lazzat.${stamp}`, PASSWORDS.guardian)
    await mothers.page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
    await theirs.go(say('journal.title'), 'link')
    await theirs.page.getByRole('gridcell', { name: /Бекова Мадина/ }).first().waitFor()
    await theirs.walkTo(theirs.page.getByRole('gridcell', { name: /Омаров Тимур/ }).first(), theirs.page.locator('[role=gridcell][tabindex="0"]').first(), 'ArrowDown')
    await theirs.press('9')
    await theirs.page.locator('[role=gridcell][data-state=saved]').first().waitFor()
    await mothers.page.getByText(/9 \/ 10|9\/10|9 из 10/).first().waitFor({ timeout: 10_000 })
    await keepInOrder(hers, say, stamp)
    console.log(`       ${hers.strokes + theirs.strokes + mothers.strokes} keys pressed, no pointer`)
  } finally {
    for (const person of [admin, teacher, guardian]) await person.close()
  }
}

export const walks: Walk[] = [{ title: 'a school lives by the keyboard alone, in Kazakh', run: () => withoutMouse('kk') }]
