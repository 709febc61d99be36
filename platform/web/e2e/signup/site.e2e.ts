// The public site as a stranger meets it: by keyboard, on a phone, in both languages, within its budget.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Walk } from '../run'
import { expectAccessible, openWindow, pictures, sidewaysScroll, urls, WIDTHS, type Language } from '../support'

async function visit(language: Language, width: keyof typeof WIDTHS, walk: (page: Page) => Promise<void>) {
  const { page, close } = await openWindow(language, width)
  try {
    await walk(page)
  } finally {
    await close()
  }
}

/** Looked at in both languages and widths; nothing serious for axe in light or dark, nothing to scroll sideways. */
async function inspect(page: Page, name: string) {
  await pictures(page, name)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, `${name}, ${colorScheme}`)
  }
  await page.setViewportSize(WIDTHS.phone)
  assert.equal(await sidewaysScroll(page), 0, `${name} scrolls sideways on a phone`)
}

export const walks: Walk[] = [
  {
    title: 'the main page is whole in both languages and widths',
    run: () =>
      visit('kk', 'desk', async (page) => {
        await page.goto(`${urls.portal}/#login=SULT-7K2P`)
        await page.getByText('Қызмет жұмыс істеп тұр').waitFor()
        assert.equal(await page.getByLabel('Логин').inputValue(), 'SULT-7K2P')
        await inspect(page, 'main')
      }),
  },
  {
    title: 'the first visit transfers at most 120 kB of scripts and styles',
    run: () =>
      visit('kk', 'desk', async (page) => {
        const session = await page.context().newCDPSession(page)
        await session.send('Network.enable')
        const kinds = new Map<string, string>()
        let bytes = 0
        session.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
        // What came over the line of each body, without the heads of the answers.
        session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
          if (['Script', 'Stylesheet'].includes(kinds.get(requestId) ?? '')) bytes += encodedDataLength
        })
        await page.goto(urls.portal, { waitUntil: 'networkidle' })
        console.log(`       sign-in page: ${bytes} bytes of scripts and styles as transferred`)
        assert.ok(bytes > 0 && bytes <= 120_000, `${bytes} bytes`)
      }),
  },
  {
    title: 'the keyboard alone reaches the content and the application',
    run: () =>
      visit('ru', 'desk', async (page) => {
        await page.goto(urls.portal)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.keyboard.press('Tab')
        await page.getByRole('link', { name: 'Перейти к содержанию' }).and(page.locator(':focus')).waitFor()
        await page.keyboard.press('Enter')
        const way = page.getByRole('link', { name: 'Подать заявку на подключение' })
        for (let presses = 0; presses < 12 && !(await way.and(page.locator(':focus')).count()); presses++) await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { name: 'Заявка на подключение школы' }).waitFor()
      }),
  },
  {
    title: 'the application says what is wrong, links to it, and survives a reload',
    run: () =>
      visit('kk', 'phone', async (page) => {
        await page.goto(`${urls.portal}/apply`)
        await page.getByLabel('БСН').fill('160340016782')
        await page.getByRole('button', { name: 'Өтінімді жіберу' }).click()
        const summary = page.getByRole('alert')
        await summary.getByRole('link', { name: /^БСН/ }).click()
        await page.getByLabel('БСН').and(page.locator(':focus')).waitFor()
        await inspect(page, 'application')
        page.on('dialog', (dialog) => void dialog.accept())
        await page.reload()
        assert.equal(await page.getByLabel('БСН').inputValue(), '160340016782')
      }),
  },
  {
    title: 'the user agreement stands at its address',
    run: () =>
      visit('ru', 'desk', async (page) => {
        await page.goto(`${urls.portal}/agreements/terms`)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.getByRole('listitem').first().waitFor()
        await inspect(page, 'terms')
      }),
  },
]
