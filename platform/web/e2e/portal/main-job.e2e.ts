// The main job in one go, through the browser alone: from a school's application to a mark that a mother reads.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import type { Walk } from '../run'
import { expectAccessible, pictures, type Language } from '../support'
import { oversee, recover, reset } from './order'
import { cardOf, type Card } from './paper'
import { addPerson, arrive, beginning, field, fillName, press, register, said, type Person } from './people'
import { passkey } from './passkey'
import { activate, apply, at, type School } from './school'
import { words, type Say } from './words'

const PASSWORDS = { admin: 'Қоңыр-сағат-жүзім-41', teacher: 'Көктем-айдын-терезе-73', student: 'Тасбақа-бұлақ-96', guardian: 'Алма-көпір-тұман-58', again: 'Күміс-терек-арна-84' }

/** Step 4: year, bells, subjects, a class. */
async function setUp(school: School, { page, say }: Person) {
  await pictures(page, 'setup')
  await expectAccessible(page, 'the checklist')
  await page.goto(at(school, '/calendar'))
  await press(page, say('calendar.save'))
  await page.getByRole('link', { name: say('calendar.next') }).click()
  await press(page, say('calendar.bells.save'))
  await page.getByRole('status').first().waitFor()
  await page.goto(at(school, '/subjects'))
  await press(page, say('classes.subjects.defaults'))
  await page.getByText('Алгебра').first().waitFor()
  await page.goto(at(school, '/classes'))
  await field(page, say('classes.grade')).selectOption('7')
  await field(page, say('classes.letter')).fill('Ә')
  await press(page, say('classes.add'))
  await page.getByText('7Ә').first().waitFor()
}

/** Step 5: a teacher with a load and a lesson, a student, a guardian. */
async function enterPeople(school: School, admin: Person) {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=staff'))
  await addPerson(admin, 'staff', async (drawer) => fillName(drawer, say, ['Сәрсенова', 'Айгүл', 'f']))
  await page.goto(at(school, '/people?kind=student'))
  await addPerson(admin, 'student', async (drawer) => {
    await fillName(drawer, say, ['Омаров', 'Тимур', 'm'])
    await field(drawer, say('common.class')).selectOption({ label: '7Ә' })
    await field(drawer, say('people.enrolled-on')).fill('01.09.2026')
  })
  await page.goto(at(school, '/people?kind=guardian'))
  await addPerson(admin, 'guardian', async (drawer) => {
    await fillName(drawer, say, ['Омарова', 'Ләззат', 'f'])
    await field(drawer, say('people.child-search')).fill('омаров тим')
    await drawer.getByRole('button', { name: /Омаров Тимур/ }).first().click()
  })
  await pictures(page, 'people')
  await expectAccessible(page, 'people')
}

/** The load, and the newest lesson that may be: today, or the last school day before. */
async function plan(school: School, { page, say }: Person) {
  await page.goto(at(school, '/loads'))
  await field(page, say('common.class')).selectOption({ label: '7Ә' })
  const subject = field(page, say('common.subject'))
  await subject.selectOption({ label: (await subject.locator('option', { hasText: 'Алгебра' }).first().textContent()) ?? '' })
  const teacher = field(page, say('classes.loads.teacher'))
  await teacher.selectOption({ label: (await teacher.locator('option', { hasText: 'Сәрсенова' }).first().textContent()) ?? '' })
  await press(page, say('classes.loads.add'))
  await said(page, beginning(say('classes.loads.added')))
  await page.goto(at(school, '/lessons'))
  const form = page.getByRole('form', { name: say('timetable.one') })
  await field(form, say('common.class')).selectOption({ label: '7Ә' })
  const lesson = field(form, say('common.subject'))
  await lesson.selectOption({ label: (await lesson.locator('option', { hasText: 'Алгебра' }).first().textContent()) ?? '' })
  const added = page.getByRole('status').filter({ hasText: beginning(say('timetable.one-added')) })
  for (let back = 0; back < 120; back++) {
    const day = new Date(Date.now() + 5 * 3_600_000 - back * 86_400_000).toISOString().slice(0, 10).split('-').reverse().join('.')
    await field(form, say('common.date')).fill(day)
    await field(form, say('timetable.number')).fill('1')
    await form.getByRole('button', { name: say('timetable.one-add'), exact: true }).click()
    const refused = page.getByRole('alert')
    await added.or(refused).first().waitFor()
    if (await added.count()) return
  }
  throw new Error('no day of the last months takes a lesson')
}

/** Step 6: the sheets, printed and read. */
async function print(school: School, { page, say }: Person): Promise<Record<'teacher' | 'student' | 'guardian', Card>> {
  await page.goto(at(school, '/credentials'))
  await field(page, say('credentials.who')).selectOption('all')
  await press(page, say('credentials.print'))
  const button = page.getByRole('button', { name: new RegExp(`^${say('credentials.fetch')}`) })
  await button.waitFor({ timeout: 60_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), button.first().click()])
  const path = join(tmpdir(), `kundelik-sheet-${school.stamp}.pdf`)
  await download.saveAs(path)
  await pictures(page, 'credentials')
  const card = (stem: string) => cardOf(path, stem)
  return { teacher: await card('sarsenova'), student: await card('omarov.'), guardian: await card('omarova') }
}

/** Step 8: the teacher's mark appears on the guardian's open page. */
async function markAndSee(teacher: Person, guardian: Person, say: Say) {
  await guardian.page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
  await pictures(guardian.page, 'family')
  await expectAccessible(guardian.page, "the family's page")
  await guardian.page.evaluate(() => {
    ;(globalThis as unknown as { unreloaded: boolean }).unreloaded = true
  })
  const { page } = teacher
  await page.getByRole('link', { name: say('journal.title') }).first().click()
  const cell = page.getByRole('gridcell', { name: /Омаров Тимур/ }).first()
  await cell.click()
  await page.keyboard.press('9')
  await page.locator('[role=gridcell][data-state=saved]').first().waitFor()
  await guardian.page.getByText(/9 \/ 10|9\/10|9 из 10/).first().waitFor({ timeout: 10_000 })
  const kept = await guardian.page.evaluate(() => (globalThis as unknown as { unreloaded?: boolean }).unreloaded)
  assert.equal(kept, true, 'the page was loaded again')
  await expectAccessible(page, 'the journal')
  await pictures(page, 'journal')
  await pictures(guardian.page, 'family-marked')
}

async function mainJob(language: Language) {
  const stamp = Date.now().toString(36)
  const school: School = { language, say: words(language), stamp, email: `mektep-${stamp}@example.org`, slug: `seruen-${stamp}` }
  const admin = await activate(school, await apply(school), PASSWORDS.admin)
  await setUp(school, admin)
  await enterPeople(school, admin)
  await plan(school, admin)
  const cards = await print(school, admin)
  const [teacher, student, guardian] = [await arrive(language, school.say), await arrive(language, school.say), await arrive(language, school.say)]
  try {
    await register(teacher, cards.teacher, `aigul.${stamp}`, PASSWORDS.teacher)
    await register(student, cards.student, `timur.${stamp}`, PASSWORDS.student)
    await register(guardian, cards.guardian, `lazzat.${stamp}`, PASSWORDS.guardian)
    await student.page.getByRole('heading', { name: /Омаров Тимур/ }).waitFor()
    await markAndSee(teacher, guardian, school.say)
    await recover(school, guardian, `lazzat.${stamp}`, PASSWORDS.again)
    await reset(school, admin, student, PASSWORDS.again)
    await passkey(school.slug, teacher, `aigul.${stamp}`, PASSWORDS.teacher)
    await oversee(school, admin)
  } finally {
    for (const person of [admin, teacher, student, guardian]) await person.close()
  }
}

export const walks: Walk[] = [
  { title: 'from an application to a mark that a mother reads, in Kazakh', run: () => mainJob('kk') },
  { title: 'from an application to a mark that a mother reads, in Russian', run: () => mainJob('ru') },
]
