import { render } from 'preact'
import { App } from './app'

const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no root')
render(<App />, root)
