import { Button, Text } from '@mantine/core'
import { screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { show } from '~/testing/show'
import { Confirm } from './Confirm'

function Asking({ ends = false, error, onConfirm = () => undefined }: { ends?: boolean; error?: unknown; onConfirm?: () => void }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button onClick={() => setOpened(true)}>Withdraw…</Button>
      <Confirm opened={opened} ends={ends} title="Withdraw the file" action="Withdraw" busy={false} error={error} onClose={() => setOpened(false)} onConfirm={onConfirm}>
        <Text>It can no longer be accepted.</Text>
      </Confirm>
    </>
  )
}

async function asked(page: React.ReactElement) {
  const { user } = show(page)
  const way = screen.getByRole('button', { name: 'Withdraw…' })
  await user.click(way)
  return { user, way, question: within(await screen.findByRole('dialog', { name: 'Withdraw the file' })) }
}

describe('a question', () => {
  it('begins at what will be done', async () => {
    const { question } = await asked(<Asking />)
    await waitFor(() => expect(question.getByRole('button', { name: 'Withdraw' })).toHaveFocus())
  })

  it('begins at the way out where something ends by it, and gives the keyboard back', async () => {
    const onConfirm = vi.fn()
    const { user, way, question } = await asked(<Asking ends onConfirm={onConfirm} />)
    await waitFor(() => expect(question.getByRole('button', { name: 'Cancel' })).toHaveFocus())
    await user.keyboard('{Enter}')
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
    await waitFor(() => expect(way).toHaveFocus())
    expect(onConfirm).not.toHaveBeenCalled()
  })

  it('keeps a refusal in itself', async () => {
    const onConfirm = vi.fn()
    const { user, question } = await asked(<Asking onConfirm={onConfirm} error={{ code: 'x', title: 'It was accepted meanwhile', status: 409, fields: [] }} />)
    expect(question.getByRole('alert')).toHaveTextContent('It was accepted meanwhile')
    await user.click(question.getByRole('button', { name: 'Withdraw' }))
    expect(onConfirm).toHaveBeenCalledOnce()
  })
})
