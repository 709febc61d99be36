// A session is there already: to one of the schools, or on with the registration that was begun.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import { named, useLanguage } from '~/lib/useLanguage'
import { client, queryClient, type SignupAnswer } from '~/signup/api'
import { loginOf, paths, safeNext, school } from '~/signup/paths'
import { sessionRead } from '~/signup/session'
import { lastSchool } from '~/lib/place'
import { FailureNote } from '~/ui/FailureNote'
import { useT } from '~/ui/text'

export function SignedIn({ session }: { session: SignupAnswer<'session_read'> }) {
  const t = useT()
  const { language } = useLanguage()
  const [failure, setFailure] = useState<unknown>()
  const last = lastSchool()
  const schools = session.schools.toSorted((left, right) => Number(right.slug === last) - Number(left.slug === last))
  const next = safeNext(location.search, session.schools.map(({ slug }) => slug))

  const signOut = async () => {
    try {
      await client.DELETE('/session')
      await queryClient.invalidateQueries({ queryKey: sessionRead().queryKey })
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <Stack align="stretch">
      {session.login && <Text>{t('signup.session.as', { login: session.login })}</Text>}
      {session.kind !== 'portal' && (
        <Button component={Link} href={session.kind === 'activate' ? paths.activate : paths.register}>
          {t(`signup.session.go-${session.kind === 'activate' ? 'activate' : 'register'}`)}
        </Button>
      )}
      {next && (
        <Button component="a" href={next}>
          {t('signup.session.go-back')}
        </Button>
      )}
      {session.kind === 'portal' && loginOf(location.hash) !== '' && <Text>{t('signup.session.paper')}</Text>}
      {session.schools.length > 1 && <Text>{t('signup.session.choose')}</Text>}
      {schools.map((one) => (
        <Button key={one.slug} component="a" href={school(one.slug)} variant={next ? 'default' : 'filled'}>
          <span>
            {named(one, 'name', language)}
            <Text size="sm" component="span" display="block">
              {one.roles.map((role) => t(`common.role.${role}`)).join(', ')}
            </Text>
          </span>
        </Button>
      ))}
      {session.kind === 'portal' && session.schools.length === 0 && <Text>{t('signup.session.no-school')}</Text>}
      {failure !== undefined && <FailureNote error={failure} onRetry={() => void signOut()} />}
      <Group>
        <Button variant="subtle" onClick={() => void signOut()}>
          {t('signup.session.other')}
        </Button>
      </Group>
    </Stack>
  )
}
