// Entry of the operators' console, on its own host.
import { start } from '~/lib/start'
import { queryClient } from './api'
import { Console } from './Console'
import { catalogues } from './messages'

void start(catalogues, queryClient, <Console />)
