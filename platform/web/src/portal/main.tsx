// Entry of a school's portal, served at /{slug}/…
import { start } from '~/lib/start'
import { queryClient } from './api'
import { catalogues } from './messages'
import { Portal } from './Portal'

void start(catalogues, queryClient, <Portal />)
