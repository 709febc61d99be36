// Entry of a school's portal, served at /{slug}/…
import { arriveAt } from '~/lib/place'
import { start } from '~/lib/start'
import { queryClient } from './api'
import { catalogues } from './messages'
import { slug } from './paths'
import { Portal } from './Portal'

arriveAt(slug)
void start(catalogues, queryClient, <Portal />)
