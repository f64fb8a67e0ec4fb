import * as fc from 'fast-check'

// A mutant that lives costs as much as the suite: of each property as many runs as there is time for.
fc.configureGlobal({ interruptAfterTimeLimit: 2000 })
