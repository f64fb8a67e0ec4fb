import * as fc from 'fast-check'

// A mutant that lives costs as much as the suite: of each property as many runs as there is time for; and that one fails is
// all that is asked, not how simply.
fc.configureGlobal({ interruptAfterTimeLimit: 200, endOnFailure: true })
