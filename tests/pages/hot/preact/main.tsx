import { render } from 'preact'
import { App } from './App'

const main = document.querySelector('main')
if (main !== null) render(<App />, main)
