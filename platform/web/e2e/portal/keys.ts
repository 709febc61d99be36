// The hands of somebody who has no mouse: Tab reaches, Enter and the space bar act, letters write, arrows choose.
import assert from 'node:assert/strict'
import type { Download, Locator, Page } from 'playwright-core'
import { field } from './people'

/** More stops than any page has; from the last one Tab goes on at the first. */
const MOST = 200
/** More than there is in any row that the arrows go through. */
const ROW = 50

/** What can be reached and acted on by the name that a screen reader says. */
export class Keys {
  private pressed = 0

  constructor(readonly page: Page) {}

  /** How often a key was pressed so far to get somewhere. */
  get strokes(): number {
    return this.pressed
  }

  async press(key: string) {
    this.pressed += 1
    await this.page.keyboard.press(key)
  }

  /** Goes on by Tab until the thing has the focus. */
  async reach(thing: Locator) {
    await thing.waitFor()
    for (let stops = 0; stops < MOST; stops++) {
      if (await thing.evaluate((one) => one === document.activeElement)) return
      await this.press('Tab')
    }
    assert.fail(`Tab does not reach ${String(thing)}`)
  }

  /** Tabs and the cells of a grid are one stop, at `door`; from there an arrow leads to the thing. */
  async walkTo(thing: Locator, door: Locator, arrow: 'ArrowRight' | 'ArrowDown') {
    await thing.waitFor()
    await this.reach(door)
    for (let steps = 0; steps < ROW; steps++) {
      if (await thing.evaluate((one) => one === document.activeElement)) return
      await this.press(arrow)
    }
    assert.fail(`${arrow} does not lead to ${String(thing)}`)
  }

  /** A button or a link, set off by Enter. */
  async go(name: string | RegExp, role: 'button' | 'link' = 'button', within: Page | Locator = this.page) {
    await this.reach(within.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name }).first())
    await this.press('Enter')
  }

  /** A page by its link in the navigation. */
  async visit(name: string) {
    await this.go(name, 'link', this.page.getByRole('navigation').first())
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  async write(label: string, text: string, within: Page | Locator = this.page) {
    await this.reach(field(within, label))
    await this.press('ControlOrMeta+A')
    this.pressed += text.length
    await this.page.keyboard.type(text)
  }

  /** Goes through a list by its arrows until the wished line is chosen. */
  async choose(label: string, wish: RegExp, within: Page | Locator = this.page) {
    const list = field(within, label)
    await list.locator('option').filter({ hasText: wish }).first().waitFor({ state: 'attached' })
    await this.reach(list)
    await this.press('Home')
    const chosen = () => list.evaluate((one) => (one as HTMLSelectElement).selectedOptions[0]?.textContent ?? '')
    const lines = await list.locator('option').count()
    for (let line = 0; line < lines; line++) {
      if (wish.test(await chosen())) return
      await this.press('ArrowDown')
    }
    assert.fail(`the arrows do not lead to ${String(wish)} in ${label}`)
  }

  async tick(box: Locator) {
    await this.reach(box)
    await this.press('Space')
    assert.ok(await box.isChecked(), `the space bar does not tick ${String(box)}`)
  }

  /** A paper that a button gives. */
  async fetch(name: RegExp, path: string) {
    const [download] = await Promise.all([this.page.waitForEvent('download', { timeout: 60_000 }), this.go(name)])
    await (download as Download).saveAs(path)
  }
}
