export { eventually, type Condition } from './eventually.ts'
export { findBrowsers, hasWebKit, BROWSERS, type BrowserName, type SystemBrowsers } from './find.ts'
export { ensureBrowsers } from './install.ts'
export {
  browserCommand,
  chromiumOptions,
  firefoxOptions,
  launchChromium,
  launchFirefox,
  launchPuppeteer,
  type LaunchOptions,
} from './launch.ts'
export { TASK_CATEGORIES, tasksIn, type Task } from './main-thread.ts'
export { property } from './property.ts'
export { WebDriverError, WebKitDriver } from './webkit-driver.ts'
export { WebKitTab } from './webkit-tab.ts'
export { WebKitWindows, type WebKitWindow } from './webkit-windows.ts'
