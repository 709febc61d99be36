// The main page: what this is in one sentence, one set of fields for every kind of login, and the way to connect a school.
import { Button, List, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { paths } from '~/signup/paths'
import { sessionRead } from '~/signup/session'
import { useT } from '~/ui/text'
import { SignedIn } from './SignedIn'
import { SignInForm } from './SignInForm'
import classes from './SignInPage.module.css'

export function SignInPage() {
  const t = useT()
  const session = useQuery(sessionRead())
  useDocumentTitle(`${t('ui.product')} · ${t('common.sign-in')}`)
  const known = session.data && session.data.kind !== 'none' ? session.data : undefined
  return (
    <div className={classes.page}>
      <section className={classes.about} aria-labelledby="about">
        <Title order={1} id="about" className={classes.name}>
          {t('ui.product')}
        </Title>
        <Text size="xl" mt="xs">
          {t('signup.sentence')}
        </Text>
      </section>
      <section className={classes.entrance} aria-labelledby="sign-in">
        <Title order={2} id="sign-in" mb="md">
          {known ? t('signup.session.there') : t('common.sign-in')}
        </Title>
        {known ? <SignedIn session={known} /> : <SignInForm />}
      </section>
      <section className={classes.connect} aria-labelledby="connect">
        <Title order={2} id="connect">
          {t('signup.connect.title')}
        </Title>
        <Text mt={4}>{t('signup.connect.lead')}</Text>
        <List type="ordered" my="md" spacing={4}>
          <List.Item>{t('signup.connect.apply')}</List.Item>
          <List.Item>{t('signup.connect.letter')}</List.Item>
          <List.Item>{t('signup.connect.activate')}</List.Item>
        </List>
        <Button component={Link} href={paths.apply} variant="default">
          {t('signup.connect.action')}
        </Button>
      </section>
    </div>
  )
}
