import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Button, Select, TextInput } from '@mantine/core'
import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { show } from '~/testing/show'
import { Confirm } from './Confirm'
import { ConfirmTyped } from './ConfirmTyped'
import { Dialog } from './Dialog'
import { Side } from './Side'

type Asked = 'plain' | 'typed'

/** A card in a drawer, a question over it, and a window of its own beside them. */
function Card() {
  const [card, setCard] = useState(false)
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  return (
    <>
      <Button onClick={() => setCard(true)}>Open</Button>
      <Side opened={card} onClose={() => setCard(false)} title="The card">
        <TextInput label="Surname" />
        <Button onClick={() => setAsked('plain')}>Void…</Button>
        <Button onClick={() => setAsked('typed')}>Delete…</Button>
        <Confirm opened={asked === 'plain'} ends title="Void" action="Void" busy={false} onClose={close} onConfirm={close}>
          It ends.
        </Confirm>
      </Side>
      <ConfirmTyped opened={asked === 'typed'} title="Delete" name="7Ә" action="Delete" onClose={close} onConfirm={close}>
        It is gone.
      </ConfirmTyped>
    </>
  )
}

const gone = (name: string) => waitFor(() => expect(screen.queryByRole('dialog', { name })).not.toBeInTheDocument())

describe('Escape', () => {
  it.each([
    ['Void…', 'Void'],
    ['Delete…', 'Delete'],
  ])('closes the question alone that stands over a drawer, and then the drawer (%s)', async (way, question) => {
    const { user } = show(<Card />)
    await user.click(screen.getByRole('button', { name: 'Open' }))
    await user.type(await screen.findByLabelText('Surname'), 'Бекова')
    await user.click(screen.getByRole('button', { name: way }))
    await screen.findByRole('dialog', { name: question })
    await user.keyboard('{Escape}')
    await gone(question)
    expect(screen.getByRole('dialog', { name: 'The card' })).toBeInTheDocument()
    expect(screen.getByLabelText('Surname')).toHaveValue('Бекова')
    await waitFor(() => expect(screen.getByRole('button', { name: way })).toHaveFocus())
    await user.keyboard('{Escape}')
    await gone('The card')
  })

  it('that is held down closes one', async () => {
    const { user } = show(<Card />)
    await user.click(screen.getByRole('button', { name: 'Open' }))
    await user.click(await screen.findByRole('button', { name: 'Void…' }))
    await screen.findByRole('dialog', { name: 'Void' })
    await user.keyboard('{Escape>3/}')
    await gone('Void')
    expect(screen.getByRole('dialog', { name: 'The card' })).toBeInTheDocument()
  })

  it('closes an open list before the window that it is in', async () => {
    function Choosing() {
      const [opened, setOpened] = useState(true)
      return (
        <Dialog opened={opened} onClose={() => setOpened(false)} title="Choose">
          <Select label="Class" data={['7Ә', '7Б']} />
        </Dialog>
      )
    }
    const { user } = show(<Choosing />)
    await user.click(await screen.findByRole('combobox', { name: 'Class' }))
    await screen.findByRole('option', { name: '7Ә' })
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('option', { name: '7Ә' })).not.toBeInTheDocument())
    expect(screen.getByRole('dialog', { name: 'Choose' })).toBeInTheDocument()
    await user.keyboard('{Escape}')
    await gone('Choose')
  })

  it('is asked of every window and drawer: nobody draws those of the library', () => {
    const src = join(import.meta.dirname, '..')
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx') && !name.includes('.test.'))
    const drawn = files.filter((name) => /<(Modal|Drawer)\b/.test(readFileSync(join(src, name), 'utf8')))
    expect(drawn.sort()).toEqual(['ui/Dialog.tsx', 'ui/Side.tsx'])
  })
})
