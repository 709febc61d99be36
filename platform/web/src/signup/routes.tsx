// Every page of the public site. The sign-in page is in the first load, the others are lazy.
import { lazy, type ComponentType } from 'react'
import { Route, Switch } from 'wouter'
import { addWords } from '~/lib/language'
import { NotFoundPage } from '~/lib/pages'
import { pageCatalogues } from './messages'
import { paths } from './paths'
import { SignInPage } from './rooms/session/SignInPage'

/** A lazy page, drawn once its code and the words are there. */
function page<Room, Name extends keyof Room>(load: () => Promise<Room>, name: Name) {
  return lazy(async () => {
    const [room] = await Promise.all([load(), addWords(pageCatalogues)])
    return { default: room[name] as ComponentType }
  })
}

const ApplyPage = page(() => import('./rooms/applications/ApplyPage'), 'ApplyPage')
const RegisterPage = page(() => import('./rooms/registration/RegisterPage'), 'RegisterPage')
const ActivatePage = page(() => import('./rooms/activation/ActivatePage'), 'ActivatePage')
const RecoverPage = page(() => import('./rooms/recovery/RecoverPage'), 'RecoverPage')
const TermsPage = page(() => import('./rooms/terms/TermsPage'), 'TermsPage')

export function Routes() {
  return (
    <Switch>
      <Route path={paths.home} component={SignInPage} />
      <Route path={paths.apply} component={ApplyPage} />
      <Route path={paths.register} component={RegisterPage} />
      <Route path={paths.activate} component={ActivatePage} />
      <Route path={paths.recover} component={RecoverPage} />
      <Route path={paths.terms} component={TermsPage} />
      <Route>
        <NotFoundPage home={paths.home} />
      </Route>
    </Switch>
  )
}
