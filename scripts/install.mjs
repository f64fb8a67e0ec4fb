// Installs the packages of package-lock.json if they are missing: the first suite of every command, so that a signal ends it.
import { ensureInstalled } from './setup.mjs'

ensureInstalled()
