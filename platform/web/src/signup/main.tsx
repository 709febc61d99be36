// Entry of the public site: main page, application, registration, activation, user agreement.
import { start } from '~/lib/start'
import { queryClient } from './api'
import { catalogues } from './messages'
import { Site } from './Site'

void start(catalogues, queryClient, <Site />)
