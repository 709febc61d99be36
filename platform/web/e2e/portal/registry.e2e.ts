// The registry kept in order: a double entry is found, made one, taken apart and made one again; the ИИН behind its switch;
// what a teacher teaches; and a user whom the provider keeps out, with the word of it on the card.
import assert from 'node:assert/strict'
import type { Walk } from '../run'
import { urls, type Language } from '../support'
import { cardOf } from './paper'
import { addPerson, arrive, beginning, expectTabbable, field, fillName, look, lookInside, press, register, said, signIn, type Person } from './people'
import { activate, apply, at, furnish, operate, printed, type School } from './school'
import { words } from './words'

const PASSWORDS = { admin: 'Қоңыр-сағат-жүзім-41', teacher: 'Көктем-айдын-терезе-73' }
/** Synthetic, with a serial that is never given out; a boy born on 15.04.2010. */
const NUMBER = '100415500009'

/** A teacher whose card says what she teaches. */
async function teacher(school: School, admin: Person) {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=staff'))
  await addPerson(admin, 'staff', async (drawer) => {
    await fillName(drawer, say, ['Сәрсенова', 'Айгүл', 'f'])
    await field(drawer, say('people.position')).fill('мұғалім')
    await field(drawer, say('common.address')).fill('Астана, Үлгі көшесі, 7')
  })
  await page.getByRole('button', { name: /Сәрсенова/ }).click()
  const card = page.getByRole('dialog')
  await card.getByRole('button', { name: say('people.subjects-edit'), exact: true }).click()
  await card.getByRole('checkbox', { name: /Алгебра/ }).check()
  await card.getByRole('checkbox', { name: /Геометрия/ }).check()
  await card.getByRole('button', { name: say('ui.save'), exact: true }).click()
  await card.getByText(/Алгебра.*, Геометрия/).waitFor()
  await page.keyboard.press('Escape')
  await lookInside(admin, 'card-teacher', async () => page.getByRole('button', { name: /Сәрсенова/ }).click())
  await lookInside(admin, 'subjects-form', async (theirs) => {
    await page.getByRole('button', { name: /Сәрсенова/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: theirs('people.subjects-edit'), exact: true }).click()
    await page.getByRole('checkbox', { name: /Алгебра/ }).waitFor()
  })
  // Who teaches the subject stands first.
  await page.goto(at(school, '/loads'))
  await field(page, say('common.class')).selectOption({ label: '7Ә' })
  const subject = field(page, say('common.subject'))
  await subject.selectOption({ label: (await subject.locator('option', { hasText: 'Алгебра' }).first().textContent()) ?? '' })
  await page.locator(`optgroup[label="${say('classes.loads.teaches')}"] option`, { hasText: 'Сәрсенова' }).waitFor({ state: 'attached' })
  await look(page, 'loads-teachers')
}

/** A file with an ИИН, another language and an error: its columns, and the question before what is wrong is left out. */
async function file(school: School, admin: Person) {
  const { page, say } = admin
  await page.goto(at(school, '/import'))
  await page.getByRole('radio', { name: say('import.source.own') }).check()
  const rows = 'Тегі;Аты;Жынысы;Сынып;Оқыту тілі;ЖСН\nБекова;Мадина;қыз;7Ә;орысша;080229600009\nСатаев;Ерлан;?;7Ә;;\n'
  await page.locator('input[type=file]').setInputFiles({ name: 'тізім.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) })
  await page.getByRole('button', { name: say('import.check'), exact: true }).click()
  await page.getByRole('button', { name: new RegExp(`^${say('import.columns')}`) }).click()
  await page.getByRole('form', { name: new RegExp(`^${say('import.columns')}`) }).waitFor()
  await look(page, 'import-columns')
  await lookInside(admin, 'import-leave-out', async (theirs) => press(page, theirs('import.leave-out-all')))
  await page.getByRole('button', { name: new RegExp(`^${beginning(say('import.count.all'))}`) }).click()
  await page.getByText(say('import.remark.import-language-differs')).waitFor()
  await look(page, 'import-language')
  await press(page, say('import.drop'))
  await page.getByRole('dialog').getByRole('button', { name: say('import.drop-action'), exact: true }).click()
  await page.getByText(say('import.dropped')).waitFor()
}

/** The same boy twice: found, compared, made one, taken apart by the card, made one again. */
async function duplicates(school: School, admin: Person) {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=student'))
  const student = (surname: string, confirmed: boolean) =>
    addPerson(admin, 'student', async (drawer) => {
      await fillName(drawer, say, [surname, 'Тимур', 'm'])
      await field(drawer, say('common.birth-date')).fill('15.04.2010')
      await field(drawer, say('common.class')).selectOption({ label: '7Ә' })
      await field(drawer, say('people.enrolled-on')).fill('01.09.2026')
      if (!confirmed) return
      await drawer.getByRole('button', { name: say('people.save.student'), exact: true }).click()
      await field(drawer, say('people.duplicate-confirm')).check()
    })
  await student('Өмірбек', false)
  await student('Омирбек', true)
  await page.goto(at(school, '/people?kind=guardian'))
  await addPerson(admin, 'guardian', async (drawer) => {
    await fillName(drawer, say, ['Өмірбек', 'Ләззат', 'f'])
    await field(drawer, say('people.child-search')).fill('омирбек тим')
    await drawer.getByRole('button', { name: /Омирбек Тимур/ }).first().click()
  })
  await page.goto(at(school, '/people?kind=student&view=duplicates'))
  const compare = page.getByRole('button', { name: say('people.merge-compare'), exact: true })
  await compare.waitFor()
  await look(page, 'duplicates')
  await lookInside(admin, 'merge', async (theirs) => press(page, theirs('people.merge-compare')))
  const merge = async () => {
    await compare.click()
    await page.getByRole('dialog').getByRole('radio', { name: /^Өмірбек Тимур/ }).first().check()
    await page.getByRole('dialog').getByRole('button', { name: say('people.merge'), exact: true }).click()
    await said(page, beginning(say('people.merge-done')))
  }
  await merge()
  const open = async () => page.getByRole('button', { name: /Өмірбек Тимур/ }).click()
  await page.goto(at(school, '/people?kind=student'))
  await page.getByRole('button', { name: /Өмірбек Тимур/ }).waitFor()
  assert.equal(await page.getByRole('button', { name: /(Өмірбек|Омирбек) Тимур/ }).count(), 1, 'one boy is left')
  await lookInside(admin, 'card-merged', open)
  await open()
  await page.getByRole('dialog').getByText(/Ләззат/).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: beginning(say('people.merge-undo-of')) }).click()
  await page.getByRole('dialog').getByRole('button', { name: beginning(say('people.merge-undo-of')) }).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /Омирбек Тимур/ }).waitFor()
  await page.goto(at(school, '/people?kind=student&view=duplicates'))
  await merge()
}

/** The school begins to keep ИИН; a mistyped one is refused at its field. */
async function number(school: School, admin: Person) {
  const { page, say } = admin
  await page.goto(at(school, '/people?kind=student'))
  await lookInside(admin, 'iin-switch', async (theirs) => press(page, theirs('people.iin-setting')))
  await press(page, say('people.iin-setting'))
  await field(page.getByRole('dialog'), say('people.iin-statement')).fill('Келісім нысаны, 3-тармақ')
  await page.getByRole('dialog').getByRole('button', { name: say('people.iin-on'), exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: say('people.iin-off'), exact: true }).waitFor()
  await page.keyboard.press('Escape')
  const open = async () => page.getByRole('button', { name: /Өмірбек Тимур/ }).click()
  await open()
  const card = page.getByRole('dialog')
  await card.getByRole('button', { name: say('people.edit'), exact: true }).click()
  const cell = field(card, say('people.iin'))
  await cell.fill('100415500008')
  await press(page, say('ui.save'))
  await card.locator('input[aria-invalid=true]').waitFor()
  assert.equal(await cell.inputValue(), '100415500008', 'what was typed is lost')
  await cell.fill(NUMBER)
  await press(page, say('ui.save'))
  await card.getByText(/•.*0009/).waitFor()
  await card.getByRole('button', { name: say('people.iin-show'), exact: true }).click()
  await card.getByText(NUMBER).waitFor()
  await page.keyboard.press('Escape')
  await lookInside(admin, 'card-student', open)
}

/** The provider keeps the teacher out: her door is shut, the school hears of it, and may enter data on. */
async function keptOut(school: School, admin: Person) {
  const { page, say, language } = { ...admin, language: school.language }
  const path = await printed(school, admin, 'staff')
  const login = `aigul.${school.stamp}`
  const aigul = await arrive(language, say)
  const operator = await operate(school)
  try {
    await register(aigul, await cardOf(path, 'sarsenova'), login, PASSWORDS.teacher)
    const desk = operator.page
    await desk.goto(`${urls.console}/users`)
    await field(desk, say('common.login')).fill(login)
    await press(desk, say('console-users.find'))
    const found = desk.getByRole('region', { name: login })
    await field(found, say('console-users.days')).fill('3')
    await look(desk, 'console-users')
    await found.getByRole('button', { name: say('console-users.restrict'), exact: true }).click()
    await found.getByRole('button', { name: say('console-users.release'), exact: true }).waitFor()
    await look(desk, 'console-users-restricted')
    await aigul.page.reload()
    await field(aigul.page, say('common.login')).waitFor()
    await signIn(aigul, login, PASSWORDS.teacher)
    await aigul.page.getByRole('alert').first().waitFor()

    await page.goto(at(school, '/people?kind=staff'))
    await lookInside(admin, 'card-restricted', async () => page.getByRole('button', { name: /Сәрсенова/ }).click())
    await page.getByRole('button', { name: /Сәрсенова/ }).click()
    await page.getByRole('dialog').getByText(say('people.restriction'), { exact: true }).waitFor()

    await found.getByRole('button', { name: say('console-users.release'), exact: true }).click()
    await found.getByRole('button', { name: say('console-users.restrict'), exact: true }).waitFor()
    await signIn(aigul, login, PASSWORDS.teacher)
    await aigul.page.waitForURL((url) => url.pathname.startsWith(`/${school.slug}`))
  } finally {
    await aigul.close()
    await operator.close()
  }
}

const PAGES = ['', 'journal', 'people', 'import', 'transfers', 'credentials', 'classes', 'subjects', 'loads', 'lessons', 'calendar', 'bells', 'roles', 'audit', 'account']
const DESK = ['', 'applications', 'schools', 'users']

/** Every page that an administrator and an operator have: two languages, two widths, axe, and all of it reached by the keyboard. */
async function everyPage(school: School, admin: Person) {
  const operator = await operate(school)
  let reached = 0
  try {
    for (const [person, name, addresses] of [
      [admin, 'portal', PAGES.map((path) => at(school, `/${path}`))],
      [operator, 'console', DESK.map((path) => `${urls.console}/${path}`)],
    ] as const) {
      const { page } = person
      for (const address of addresses) {
        await page.goto(address)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await look(page, `${name}-${address.split('/').at(-1) || 'desk'}`)
        reached += await expectTabbable(page, address)
      }
    }
    console.log(`       ${reached} things reached by Tab on ${PAGES.length + DESK.length} pages`)
  } finally {
    await operator.close()
  }
}

async function registry(language: Language) {
  const stamp = Date.now().toString(36)
  const school: School = { language, say: words(language), stamp, email: `tizim-${stamp}@example.org`, slug: `tizim-${stamp}` }
  const admin = await activate(school, await apply(school), PASSWORDS.admin)
  try {
    await furnish(school, admin, ['7', 'Ә'])
    await teacher(school, admin)
    await duplicates(school, admin)
    await number(school, admin)
    await file(school, admin)
    await keptOut(school, admin)
    await everyPage(school, admin)
  } finally {
    await admin.close()
  }
}

export const walks: Walk[] = [{ title: 'the registry is kept in order, in Russian', run: () => registry('ru') }]
